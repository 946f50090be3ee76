import assert from "node:assert/strict";
import { Hono } from "hono";
import { parseDay } from "../lib/features/calendar.ts";
import { Problem } from "./problem.ts";
import { readDay, readNumber } from "./read_query.ts";

/** What a reader makes of a query, or the problem. */
async function read(
  query: string,
  reader: (context: Parameters<typeof readDay>[0]) => number | undefined,
): Promise<unknown> {
  let result: unknown;
  const app = new Hono();
  app.get("/", (context) => {
    try {
      result = reader(context);
    } catch (error) {
      result = error;
    }
    return context.body(null);
  });
  await app.request(`/?${query}`);
  return result;
}

Deno.test("readNumber() takes whole numbers of the range", async () => {
  const range = { min: 1, max: 530 };
  assert.equal(await read("n=1", (context) => readNumber(context, "n", range)), 1);
  assert.equal(await read("n=530&n=2", (context) => readNumber(context, "n", range)), 530);
  assert.equal(await read("", (context) => readNumber(context, "n", { ...range, fallback: 7 })), 7);
  for (const text of ["", "0", "531", "-1", "1.5", "1e2", "%201", "x", "0x10", "9".repeat(400)]) {
    const problem = await read(`n=${text}`, (context) => readNumber(context, "n", range));
    assert.ok(problem instanceof Problem && problem.status === 422, text);
    assert.match(problem.message, /^Expected a whole number from 1 to 530 for n, but found "/);
    assert.equal(problem.options.errors![0]!.code, "out_of_range");
  }
  const missing = await read("", (context) => readNumber(context, "n", range));
  assert.ok(missing instanceof Problem && missing.options.errors![0]!.code === "missing");
});

Deno.test("readDay() takes dates from 1900 to 2200", async () => {
  const day = (context: Parameters<typeof readDay>[0]) => readDay(context, "from");
  for (const date of ["1900-01-01", "2012-02-29", "2200-12-31"]) {
    assert.equal(await read(`from=${date}`, day), parseDay(date));
  }
  assert.equal(await read("", day), undefined);
  for (const date of ["", "2011-02-29", "1899-12-31", "2201-01-01", "20120101", "2012-1-1", "x"]) {
    const problem = await read(`from=${date}`, day);
    assert.ok(problem instanceof Problem && problem.status === 422, date);
  }
});

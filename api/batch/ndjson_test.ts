import assert from "node:assert/strict";
import fc from "fast-check";
import { readRecords } from "../../lib/features/read_records.ts";
import { forecast } from "../../lib/model/predict.ts";
import { testModel, testRecord } from "../testing.ts";
import { ndjsonBatch } from "./ndjson.ts";
import { answer } from "./testing.ts";

async function line(values: Record<string, unknown> = {}): Promise<string> {
  return JSON.stringify(await testRecord(values));
}

async function expected(values: Record<string, unknown> = {}): Promise<number> {
  const { columns } = readRecords([await testRecord(values)]);
  return forecast(await testModel("rf"), columns).predictions[0]!;
}

/** The answer's lines as objects. */
async function lines(...args: [string | Uint8Array, Parameters<typeof answer>[2]?]) {
  const text = await answer(ndjsonBatch, ...args);
  assert.ok(text.endsWith("\n"));
  return text.slice(0, -1).split("\n").map((line) => JSON.parse(line));
}

Deno.test("ndjsonBatch() adds the forecasts that forecast() makes, in order", async () => {
  const values = [{}, { Week: 10 }, { Store: 2, Dept: 7 }];
  const text = (await Promise.all(values.map(line))).join("\n");
  const found = await lines(text);
  for (const [i, each] of values.entries()) {
    assert.deepEqual(found[i], { ...await testRecord(each), prediction: await expected(each) });
  }
  const [first] = await lines(text, { levels: [0.9] });
  assert.deepEqual(Object.keys(first).slice(-3), ["prediction", "lower_90", "upper_90"]);
  assert.ok(first.lower_90 < first.prediction && first.prediction < first.upper_90);
});

Deno.test("ndjsonBatch() keeps the text of other fields", async () => {
  const { Store, ...others } = await testRecord();
  const start = `{"id": 12345678901234567890, "price": 1.50, "__proto__": {"Dept": 2}, ` +
    `"é": "\\ud800", "2": 1, "1": 2, "Store": ${Store}, ${JSON.stringify(others).slice(1, -1)}`;
  assert.equal(
    await answer(ndjsonBatch, `  ${start} } \n`),
    `${start} ,"prediction":${await expected()}}\n`,
  );
});

Deno.test("ndjsonBatch() counts the last of two values of a key", async () => {
  const text = (await line()).replace("{", '{"Week":10,');
  assert.equal((await lines(text))[0].prediction, await expected());
});

Deno.test("ndjsonBatch() answers every line that is bad in its place", async () => {
  const bad: [text: string, codes: string[]][] = [
    ["{", ["not_a_record"]],
    ["[]", ["not_a_record"]],
    ["null", ["not_a_record"]],
    ["NaN", ["not_a_record"]],
    ['"text"', ["not_a_record"]],
    [`${await line()} ${await line()}`, ["not_a_record"]],
    [await line({ Store: 0 }), ["out_of_range"]],
    [await line({ Store: "1", Dept: 1.5 }), ["wrong_type", "not_integer"]],
    [(await line()).replace('"CPI":null', '"CPI":1e999'), ["out_of_range"]],
    [await line({ Week: 53, Year: 2011, Month: 12 }), ["no_such_week"]],
    [await line({ note: "\ufffd" }), ["not_a_record"]],
    [await line({ prediction: 1 }), ["unknown_field"]],
    [await line({ error: "" }), ["unknown_field"]],
    ['{"__proto__": {"Store": 1}}', Array(8).fill("missing")],
    ["{}", Array(8).fill("missing")],
    ["[".repeat(100_000), ["not_a_record"]],
  ];
  const good = await line();
  const found = await lines(bad.map(([text]) => `${good}\n${text}\n`).join(""));
  assert.equal(found.length, 2 * bad.length);
  const prediction = await expected();
  for (const [i, { error, ...rest }] of found.entries()) {
    if (i % 2 === 0) assert.equal(rest.prediction, prediction);
    else {
      const codes = error.errors.map(({ code }: { code: string }) => code);
      assert.deepEqual(codes, bad[(i - 1) / 2]![1], bad[(i - 1) / 2]![0].slice(0, 80));
      assert.match(error.message, /^Expected .+\.$/);
    }
  }
});

Deno.test("ndjsonBatch() takes LF, CRLF and CR, a BOM and empty lines", async () => {
  const [a, b] = [await line(), await line({ Week: 10 })];
  const wanted = await answer(ndjsonBatch, `${a}\n${b}\n`);
  for (
    const text of [`${a}\r\n${b}\r\n`, `${a}\r${b}`, `\ufeff${a}\n${b}`, `\n\n${a}\n \r\n${b}\n\n`]
  ) {
    for (const ends of [[], Array.from(text, (_, i) => i)]) {
      assert.equal(await answer(ndjsonBatch, text, { ends }), wanted);
    }
  }
});

Deno.test("ndjsonBatch() refuses what is empty or no UTF-8", async () => {
  for (const text of ["", "\n", "  \r\n\n"]) {
    await assert.rejects(answer(ndjsonBatch, text), /^Problem: .*empty/);
  }
  const bytes = new Uint8Array(Uint16Array.from(await line(), (c) => c.charCodeAt(0)).buffer);
  await assert.rejects(answer(ndjsonBatch, bytes), /^Problem: Expected text in UTF-8/);
  await assert.rejects(answer(ndjsonBatch, new Uint8Array([0xff, 10])), /^Problem: Expected text/);
});

Deno.test("ndjsonBatch() ends the answer with a line that says so where a record is endless", async () => {
  const text = `${await line()}\n${" ".repeat(2 ** 21)}`;
  const found = await lines(text, { ends: Array.from({ length: 40 }, (_, i) => i * 2 ** 16) });
  assert.equal(found.length, 2);
  assert.match(found[1].error.message, /^Expected records of at most 1048576 characters/);
});

Deno.test("ndjsonBatch() answers the same however the input comes in pieces", async () => {
  const each = fc.constantFrom(
    await line(),
    await line({ Week: 10 }),
    await line({ note: "é🍎" }),
    "",
    "{",
    "[1]",
    await line({ Store: -1 }),
  );
  const text = fc.array(fc.tuple(each, fc.constantFrom("\n", "\r\n", "\r")), {
    minLength: 1,
    maxLength: 6,
  }).map((lines) => "{}\n" + lines.flat().join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 12 }), async (text, ends) => {
      assert.equal(await answer(ndjsonBatch, text, { ends }), await answer(ndjsonBatch, text));
    }),
    { numRuns: 200 },
  );
});

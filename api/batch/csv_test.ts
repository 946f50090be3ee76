import assert from "node:assert/strict";
import fc from "fast-check";
import { readRecords } from "../../lib/features/read_records.ts";
import { FEATURES } from "../../lib/features/table.ts";
import { forecast, intervals } from "../../lib/model/predict.ts";
import { testModel, testRecord } from "../testing.ts";
import { csvBatch } from "./csv.ts";
import { csvRows } from "./csv_rows.ts";
import { answer } from "./testing.ts";

const NAMES = FEATURES.map(({ name }) => name);
const HEADER = NAMES.join();

/** A row of CSV with all features. */
async function row(values: Record<string, unknown> = {}): Promise<string> {
  const record = await testRecord(values);
  return NAMES.map((name) => record[name] ?? "").join();
}

async function expected(...records: Record<string, unknown>[]): Promise<number[]> {
  const { columns, errors } = readRecords(await Promise.all(records.map(testRecord)));
  assert.deepEqual(errors, []);
  return Array.from(forecast(await testModel("rf"), columns).predictions);
}

/** The answer as objects by the names of its header. */
async function table(...args: [string, Parameters<typeof answer>[2]?]) {
  const [header, ...rows] = csvRows(await answer(csvBatch, ...args), ",");
  return rows.map((cells) => {
    assert.equal(cells.length, header!.length);
    return Object.fromEntries(header!.map((name, i) => [name, cells[i]!]));
  });
}

Deno.test("csvBatch() adds the forecasts that forecast() makes, in order", async () => {
  const records = [{}, { Week: 10 }, { Store: 2, Dept: 7 }, { Size: 5 }];
  const text = `${HEADER}\n${(await Promise.all(records.map(row))).join("\n")}\n`;
  const predictions = await expected(...records);
  assert.equal(
    await answer(csvBatch, text),
    text.split("\n").map((line, i) =>
      i === 0 ? `${line},prediction,error\n` : line && `${line},${predictions[i - 1]},\n`
    ).join(""),
  );
  const [first] = await table(text, { levels: [0.8, 0.9] });
  const { columns } = readRecords([await testRecord()]);
  const model = await testModel("rf");
  const { lower, upper } = intervals(model, forecast(model, columns), 0.9);
  assert.deepEqual([first!.lower_90, first!.upper_90], [String(lower[0]), String(upper[0])]);
  assert.deepEqual(Object.keys(first!).slice(-6), [
    "prediction",
    "lower_80",
    "upper_80",
    "lower_90",
    "upper_90",
    "error",
  ]);
});

Deno.test("csvBatch() keeps other columns, in any order and however they are quoted", async () => {
  const { Store, Dept, ...others } = await testRecord();
  const text = [
    ["note", ...Object.keys(others), '"two\nlines"', "Dept", " Store "].join(),
    ['"a, ""b"""', ...Object.values(others), '"x\r\ny"', Dept, ` ${Store} `].join(),
    ['5" pipe', ...Object.values(others), "naïve 🍎", Dept, `"${Store}"`].join(),
  ].join("\n");
  const found = await table(text);
  const [prediction] = await expected({});
  assert.deepEqual(found.map(({ note }) => note), ['a, "b"', '5" pipe']);
  assert.deepEqual(found.map((row) => row["two\nlines"]), ["x\r\ny", "naïve 🍎"]);
  assert.deepEqual(found.map((row) => row.prediction), [`${prediction}`, `${prediction}`]);
  assert.deepEqual(found.map((row) => row[" Store "]), [` ${Store} `, `${Store}`]);
});

Deno.test("csvBatch() takes commas, semicolons, tabs and bars between cells", async () => {
  const [prediction] = await expected({});
  for (const delimiter of [",", ";", "\t", "|"]) {
    const text = `${HEADER}\n${await row()}\n`.replaceAll(",", delimiter);
    const [header, cells] = csvRows(await answer(csvBatch, text), delimiter);
    assert.equal(header!.at(-1), "error");
    assert.equal(cells!.at(-2), String(prediction));
    assert.equal(cells!.length, NAMES.length + 2);
  }
});

Deno.test("csvBatch() takes LF, CRLF and CR, a BOM, empty lines, and no line break at the end", async () => {
  const lines = [HEADER, await row(), await row({ Week: 10 })];
  const wanted = await answer(csvBatch, lines.join("\n"));
  for (
    const text of [
      lines.join("\r\n") + "\r\n",
      lines.join("\r") + "\r",
      `${lines[0]}\r\n${lines[1]}\n${lines[2]}\r`,
      `\ufeff${lines.join("\n")}\n`,
      `\n\r\n \n${lines.join("\n\n\r\n")}\n\n\n`,
    ]
  ) {
    for (const ends of [[], Array.from(text, (_, i) => i)]) {
      assert.equal(await answer(csvBatch, text, { ends }), wanted, JSON.stringify(text));
    }
  }
});

Deno.test("csvBatch() marks bad rows in their place and forecasts the others", async () => {
  const [prediction] = await expected({});
  const bad: [values: Record<string, unknown> | string, error: RegExp][] = [
    [{ Store: "x" }, /^Expected a whole number from 1 to 9999 for Store, but found "x"\.$/],
    [{ Store: 0, Dept: 1.5 }, /Store.*0\. Expected.*Dept.*1\.5\.$/],
    [{ CPI: "1e999" }, /CPI.*Infinity/],
    [{ Week: 53, Year: 2011, Month: 12 }, /week.*2011.*53/],
    [{ Type: "D" }, /Type.*"D"/],
    [{ IsHoliday: "maybe" }, /IsHoliday/],
    [{ Year: "" }, /Year, but found nothing/],
    ["1,2", /^Expected 17 cells as in the header, but found 2\.$/],
    [`${await row()},7`, /^Expected 17 cells as in the header, but found 18\.$/],
    [`${await row()},,,,,`, /found 22/],
    [await row({ Type: "A\ufffd" }), /^Expected text in UTF-8/],
    [await row({ Type: "A\0" }), /^Expected text in UTF-8/],
  ];
  const rows = await Promise.all(
    bad.map(async ([values]) => typeof values === "string" ? values : await row(values)),
  );
  const text = [HEADER, ...await Promise.all(rows.map(async (bad) => `${await row()}\n${bad}`))];
  const found = await table(text.join("\n") + "\n");
  assert.equal(found.length, 2 * bad.length);
  for (const [i, { prediction: made, error }] of found.entries()) {
    if (i % 2 === 0) assert.deepEqual([made, error], [String(prediction), ""]);
    else {
      assert.equal(made, "");
      assert.match(error!, bad[(i - 1) / 2]![1]);
    }
  }
});

Deno.test("csvBatch() takes a quote that is never closed as one bad row", async () => {
  const found = await table(`${HEADER}\n${await row()}\n"${await row()}\n${await row()}\n`);
  assert.deepEqual(found.map(({ error }) => error === ""), [true, false]);
});

Deno.test("csvBatch() ends the answer with a row that says so where a record is endless", async () => {
  const text = `${HEADER}\n${await row()}\n"${"x\n".repeat(2 ** 20)}`;
  const ends = Array.from({ length: 40 }, (_, i) => i * 2 ** 16);
  const found = await table(text, { ends });
  assert.equal(found.length, 2);
  assert.match(found[1]!.error!, /at most 1048576 characters.*quotation mark/);
  await assert.rejects(
    answer(csvBatch, `"${"x".repeat(2 ** 21)}`, { ends }),
    /^Problem: .*at most 1048576/,
  );
});

Deno.test("csvBatch() answers only a header with only a header", async () => {
  for (const text of [HEADER, `${HEADER}\n`, `${HEADER}\r`]) {
    assert.equal(await answer(csvBatch, text), `${HEADER},prediction,error\n`);
  }
  // Columns that may be missing may be left out.
  const required = FEATURES.filter(({ missing }) => missing === "refuse").map(({ name }) => name);
  assert.equal(
    await answer(csvBatch, required.join() + "\n"),
    `${required.join()},prediction,error\n`,
  );
});

Deno.test("csvBatch() refuses what cannot be forecast as a whole", async () => {
  const cases: [text: string | Uint8Array, status: number, message: RegExp][] = [
    ["", 400, /empty/],
    ["\n\r\n", 400, /empty/],
    ["1,2,3\n", 422, /^Expected the columns Store, Dept.*but found only "1", "2", "3"\.$/],
    [HEADER.replace("Dept", "dept"), 422, /^Expected the column Dept in the first line/],
    [`${HEADER},Store\n`, 422, /one column Store, but found two/],
    [`${HEADER},prediction\n`, 422, /no column prediction/],
    [`${HEADER},error\n`, 422, /no column error/],
    [`${HEADER.toLowerCase()}\n${await row()}\n`, 422, /columns Store/],
    [utf16(`${HEADER}\n${await row()}\n`), 400, /UTF-8/],
    [latin1(`café,${HEADER}\n`), 400, /UTF-8/],
    [new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0]), 400, /UTF-8/],
  ];
  for (const [text, status, message] of cases) {
    for (const ends of [[], [1, 2, 3]]) {
      await assert.rejects(
        answer(csvBatch, text, { ends }),
        (error: Error & { status?: number }) =>
          error.status === status && message.test(error.message),
        String(message),
      );
    }
  }
  await assert.rejects(answer(csvBatch, `${HEADER},upper_80\n`, { levels: [0.8] }), /upper_80/);
  assert.equal(
    await answer(csvBatch, `${HEADER},upper_80\n`),
    `${HEADER},upper_80,prediction,error\n`,
  );
});

Deno.test("csvBatch() answers the same however the input comes in pieces", async () => {
  const good = await row(), other = await row({ Week: 10, Type: "B" });
  const line = fc.constantFrom(
    good,
    other,
    "",
    "1,2",
    `${good},`,
    '"',
    '"a\r\nb",c',
    '5" pipe',
    await row({ Store: '"1"' }),
    await row({ Type: '"A""' }),
    await row({ Type: "é🍎" }),
  );
  const text = fc.tuple(
    fc.constantFrom("", "\ufeff", "\n"),
    fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r", "")), { maxLength: 6 }),
  ).map(([start, lines]) =>
    `${start}${HEADER}\n${lines.map(([text, end]) => text + end).join("")}`
  );
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 12 }), async (text, ends) => {
      assert.equal(await answer(csvBatch, text, { ends }), await answer(csvBatch, text));
    }),
    { numRuns: 300 },
  );
});

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(text, (character) => character.charCodeAt(0)).buffer);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { RAW_TABLES } from "./raw_tables.ts";
import { parseRawTable } from "./read_raw.ts";

const parse = (text: string, table: keyof typeof RAW_TABLES) =>
  parseRawTable(new TextEncoder().encode(text), `data/${table}.csv`, RAW_TABLES[table]);

const refuses = (text: string, table: keyof typeof RAW_TABLES, message: RegExp) =>
  assert.throws(
    () => parse(text, table),
    (error) => error instanceof UserError && message.test(error.message),
  );

const TRAIN = "Store,Dept,Date,Weekly_Sales,IsHoliday";

Deno.test("parseRawTable() reads flags, dates, negative sales and NA as they come", () => {
  const rows = [
    "1,1,2010-02-05,24924.5,FALSE",
    "1,2, 2010-02-12 ,-20,true",
    "1,3,2010-02-19,NA,1",
    "1,4,2010-02-26,,f",
  ];
  const frame = parse([TRAIN, ...rows].join("\r"), "train");
  assert.deepEqual(frame.columns, ["Store", "Dept", "IsHoliday", "Date", "Weekly_Sales"]);
  assert.deepEqual(frame.getColumn("Date").toArray(), [14645, 14652, 14659, 14666]);
  assert.deepEqual(frame.getColumn("Weekly_Sales").toArray(), [24924.5, -20, null, null]);
  assert.deepEqual(frame.getColumn("IsHoliday").toArray(), [0, 1, 1, 0]);
});

Deno.test("parseRawTable() takes columns in any order, with blanks in the header and extra ones", () => {
  const frame = parse("Size,note, Store,Type\n151315,x,1,A\n", "stores");
  assert.deepEqual(frame.toRecords() as unknown, [{ Store: 1, Type: "A", Size: 151315 }]);
});

Deno.test("parseRawTable() names file, line and column of a cell it cannot use", () => {
  const train = (row: string) => `${TRAIN}\n1,1,2010-02-05,1,FALSE\n${row}\n`;
  refuses(
    train("1,2,2010-02-05,abc,FALSE"),
    "train",
    /^data\/train\.csv, line 3, column Weekly_Sales: expected a number .*found "abc"\. Correct/,
  );
  refuses(
    train("1,2,2010-02-30,1,FALSE"),
    "train",
    /line 3, column Date: .*YYYY-MM-DD.*"2010-02-30"/,
  );
  refuses(train("1,2,2010-02-05,1,maybe"), "train", /column IsHoliday: expected TRUE or FALSE/);
  refuses(train("1.5,2,2010-02-05,1,TRUE"), "train", /column Store: expected a whole number/);
  refuses(train("0,2,2010-02-05,1,TRUE"), "train", /column Store: expected .* from 1 to 9999/);
  refuses(train(",2,2010-02-05,1,TRUE"), "train", /column Store: .* found an empty cell/);
  refuses(train("1,2,2010-02-05,inf,TRUE"), "train", /column Weekly_Sales: expected a number/);
  refuses("Store,Type,Size\n1,D,100\n", "stores", /column Type: expected one of A, B, C/);
});

Deno.test("parseRawTable() counts the other bad cells of the column", () => {
  refuses(
    `${TRAIN}\n1,1,x,1,FALSE\n1,1,y,1,FALSE\n1,2,z,1,FALSE\n`,
    "train",
    /line 2, .* found "x" \(and 2 more in this column\)/,
  );
});

Deno.test("parseRawTable() names missing columns and a table without rows", () => {
  refuses(
    "Store,Size\n1,2\n",
    "stores",
    /line 1: expected the column Type, but found only Store, Size/,
  );
  refuses("Store,Type,Size\n", "stores", /has a header but no rows/);
});

Deno.test("parseRawTable() names both lines of a repeated key", () => {
  refuses(
    `${TRAIN}\n1,1,2010-02-05,1,FALSE\n1,2,2010-02-05,1,FALSE\n01,2,2010-02-05,3,FALSE\n`,
    "train",
    /lines 3 and 4: expected one row for each Store, Dept, Date, but found Store 1, Dept 2, Date 2010-02-05 twice/,
  );
});

Deno.test("parseRawTable() refuses a column that stands there twice", () => {
  refuses(
    "Store,Type, Type,Size\n1,A,B,5\n",
    "stores",
    /line 1: expected one column Type, but found two/,
  );
  assert.equal(parse("Store,note,note,Type,Size\n1,x,y,A,5\n", "stores").height, 1);
});

Deno.test("parseRawTable() keeps its messages short, whatever the file holds", () => {
  const header = Array.from({ length: 1000 }, (_, i) => `c${i}`).join(",");
  refuses(`${header}\n`, "stores", /^.{1,300}$/);
  refuses(`Store,Type,Size\n1,A,${"9".repeat(1000)}x\n`, "stores", /^.{1,300}$/);
});

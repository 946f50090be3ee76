import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { parseDay } from "../features/calendar.ts";
import { comingWeeks } from "./coming_weeks.ts";
import { readStoreFacts } from "./store_facts.ts";
import { readTestKeys } from "./test_keys.ts";

const bytes = (...lines: string[]) => new TextEncoder().encode(lines.join("\n") + "\n");
const day = (text: string) => parseDay(text)!;

const FEATURES = "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3,MarkDown4," +
  "MarkDown5,CPI,Unemployment,IsHoliday";
const week = (store: number, date: string, holiday: string) =>
  `${store},${date},NA,NA,NA,NA,NA,NA,NA,NA,NA,${holiday}`;

const refuses = (run: () => unknown, message: RegExp) =>
  assert.throws(run, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    return true;
  });

Deno.test("comingWeeks() lists the weeks after the origin by store and day", () => {
  const file = bytes(
    FEATURES,
    week(2, "2012-08-10", "FALSE"),
    week(1, "2012-07-27", "FALSE"),
    week(1, "2012-09-07", "TRUE"),
    week(1, "2012-08-03", "FALSE"),
  );
  assert.deepEqual(comingWeeks(file, "f.csv", day("2012-07-27")), [
    { store: 1, day: day("2012-08-03"), isHoliday: 0 },
    { store: 1, day: day("2012-09-07"), isHoliday: 1 },
    { store: 2, day: day("2012-08-10"), isHoliday: 0 },
  ]);
});

Deno.test("comingWeeks() refuses a file without weeks to come, or with another weekday", () => {
  const file = bytes(FEATURES, week(1, "2012-07-27", "FALSE"));
  refuses(
    () => comingWeeks(file, "f.csv", day("2012-07-27")),
    /^f\.csv has no week after 2012-07-27/,
  );
  const other = bytes(FEATURES, week(1, "2012-08-04", "FALSE"));
  refuses(() => comingWeeks(other, "f.csv", day("2012-07-27")), /same weekday .* found 2012-08-04/);
});

Deno.test("readTestKeys() keeps the order of the file, and refuses what breaks its contract", () => {
  const header = "Store,Dept,Date,IsHoliday";
  const file = bytes(header, "2,9,2012-11-09,FALSE", "1,3,2012-11-23,TRUE");
  assert.deepEqual(readTestKeys(file, "test.csv", day("2012-10-26")), [
    { store: 2, department: 9, day: day("2012-11-09"), isHoliday: 0 },
    { store: 1, department: 3, day: day("2012-11-23"), isHoliday: 1 },
  ]);
  refuses(
    () => readTestKeys(bytes("Store,Date,IsHoliday", "1,2012-11-09,TRUE"), "test.csv", 0),
    /test\.csv, line 1: expected the column Dept/,
  );
});

Deno.test("readStoreFacts() encodes types as the feature table does", () => {
  const facts = readStoreFacts(bytes("Store,Type,Size", "1,A,151315", "9,C,42988"), "stores.csv");
  assert.deepEqual([...facts], [[1, { type: 0, size: 151315 }], [9, { type: 2, size: 42988 }]]);
});

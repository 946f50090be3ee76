import assert from "node:assert/strict";
import { joinRaw } from "./join_raw.ts";
import { RAW_TABLES } from "./raw_tables.ts";
import { parseRawTable } from "./read_raw.ts";

const FEATURES_HEADER = "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3," +
  "MarkDown4,MarkDown5,CPI,Unemployment,IsHoliday";

function join(train: string[], weeks: string[], stores = ["1,A,100"]) {
  const parse = (header: string, rows: string[], table: keyof typeof RAW_TABLES) =>
    parseRawTable(
      new TextEncoder().encode([header, ...rows].join("\n")),
      `data/${table}.csv`,
      RAW_TABLES[table],
    );
  return joinRaw({
    train: parse("Store,Dept,Date,Weekly_Sales,IsHoliday", train, "train"),
    features: parse(FEATURES_HEADER, weeks, "features"),
    stores: parse("Store,Type,Size", stores, "stores"),
  }, "data");
}

const week = (store: number, date: string, holiday = "FALSE") =>
  `${store},${date},40.5,2.5,NA,NA,10,NA,NA,211,8.1,${holiday}`;

Deno.test("joinRaw() joins, adds the calendar and sorts by store, department and week", () => {
  const { sales, dropped } = join(
    ["1,2,2010-12-31,5,TRUE", "1,1,2010-12-31,-3,TRUE", "1,2,2010-02-05,4,FALSE"],
    [week(1, "2010-02-05"), week(1, "2010-12-31", "TRUE"), week(1, "2011-01-07")],
  );
  assert.deepEqual(dropped, []);
  const columns = ["Dept", "Date", "Weekly_Sales", "IsHoliday", "Year", "Month", "Week"];
  const records = sales.select(...columns, "Type", "Size", "MarkDown1", "MarkDown3").toRecords();
  assert.deepEqual(records.map((record) => Object.values(record)), [
    [1, 14974, -3, 1, 2010, 12, 52, "A", 100, null, 10],
    [2, 14645, 4, 0, 2010, 2, 5, "A", 100, null, 10],
    [2, 14974, 5, 1, 2010, 12, 52, "A", 100, null, 10],
  ]);
});

Deno.test("joinRaw() drops and counts weeks without a sales figure", () => {
  const { sales, dropped } = join(
    ["1,1,2010-02-05,NA,FALSE", "1,2,2010-02-05,4,FALSE"],
    [week(1, "2010-02-05")],
  );
  assert.equal(sales.height, 1);
  assert.deepEqual(dropped, [{ reason: "Weekly_Sales is missing", rows: 1 }]);
  assert.throws(
    () => join(["1,1,2010-02-05,NA,FALSE"], [week(1, "2010-02-05")]),
    /no row with a Weekly_Sales/,
  );
});

Deno.test("joinRaw() names the row whose store, week or holiday does not fit", () => {
  const weeks = [week(1, "2010-02-05"), week(1, "2010-02-12", "TRUE"), week(1, "2010-02-20")];
  const good = "1,1,2010-02-05,1,FALSE";
  assert.throws(
    () => join([good, "7,1,2010-02-05,1,FALSE"], weeks),
    /^UserError: data\/train\.csv, line 3: store 7 is not in data\/stores\.csv\. Add it/,
  );
  assert.throws(
    () => join([good, "1,1,2010-02-26,1,FALSE"], weeks),
    /line 3: store 1 has no row for 2010-02-26 in data\/features\.csv/,
  );
  assert.throws(
    () => join([good, "1,1,2010-02-12,1,FALSE"], weeks),
    /line 3: IsHoliday is FALSE, but data\/features\.csv says TRUE for store 1 on 2010-02-12/,
  );
  assert.throws(
    () => join([good, "1,1,2010-02-20,1,FALSE"], weeks),
    /line 3: expected all weeks .* same weekday as 2010-02-05 in line 2, but found 2010-02-20/,
  );
});

import pl from "nodejs-polars";
import type { DataFrame } from "nodejs-polars";
import { UserError } from "../errors.ts";
import { formatDay, isoWeek, monthOf, yearOf } from "../features/calendar.ts";
import { FEATURES, TARGET } from "../features/table.ts";

/** The three raw tables, as {@linkcode parseRawTable} gives them. */
export interface RawFrames {
  train: DataFrame;
  features: DataFrame;
  stores: DataFrame;
}

/** What {@linkcode joinRaw} makes of the raw tables. */
export interface JoinedSales {
  /**
   * One row a store, department and week, sorted by these: Date (day number, Float64), Weekly_Sales,
   * and the features in the order of the feature table.
   */
  sales: DataFrame;
  /** Rows that are not in `sales`, and why. */
  dropped: { reason: string; rows: number }[];
}

/**
 * Joins sales with the features of their week and store, adds the calendar, and drops weeks without a
 * sales figure.
 *
 * @param folder Where the files stand, for messages.
 * @throws {UserError} for a row whose store or week is unknown, whose IsHoliday disagrees between
 *   train and features, or whose date falls on another weekday than the others.
 */
export function joinRaw(
  { train, features, stores }: RawFrames,
  folder: string,
): JoinedSales {
  const storeMark = stores.withColumns(pl.lit(1).alias("knownStore"));
  const weekMark = features.rename({ IsHoliday: "weekIsHoliday" });
  const joined = train.withRowIndex("row")
    .join(storeMark, { on: "Store", how: "left" })
    .join(weekMark, { on: ["Store", "Date"], how: "left" });

  const path = `${folder}/train.csv`;
  failOn(
    joined.filter(pl.col("knownStore").isNull()),
    path,
    (row) => `store ${row.Store} is not in ${folder}/stores.csv. Add it there, or remove its sales`,
  );
  failOn(
    joined.filter(pl.col("weekIsHoliday").isNull()),
    path,
    (row) =>
      `store ${row.Store} has no row for ${formatDay(row.Date)} in ${folder}/features.csv. ` +
      "Add it there, or remove the sales of this week",
  );
  failOn(
    joined.filter(pl.col("IsHoliday").neq(pl.col("weekIsHoliday"))),
    path,
    (row) =>
      `IsHoliday is ${row.IsHoliday === 1 ? "TRUE" : "FALSE"}, but ${folder}/features.csv says ` +
      `${row.weekIsHoliday === 1 ? "TRUE" : "FALSE"} for store ${row.Store} on ` +
      `${formatDay(row.Date)}. Make them agree`,
  );
  const firstDay = train.getColumn("Date").get(0) as number;
  failOn(
    joined.filter(pl.col("Date").minus(firstDay).modulo(7).neq(0)),
    path,
    (row) =>
      `expected all weeks to be named by the same weekday as ${
        formatDay(firstDay)
      } in line 2, but ` +
      `found ${formatDay(row.Date)}. Correct the date`,
  );

  const days = joined.getColumn("Date").unique().toArray() as number[];
  const calendarColumn = (name: string, of: (day: number) => number) =>
    pl.col("Date").replaceStrict(days, days.map(of), pl.lit(null), pl.Float64).alias(name);
  const sold = joined.filter(pl.col(TARGET).isNotNull());
  const withoutSales = joined.height - sold.height;
  if (sold.height === 0) {
    throw new UserError(`${path} has no row with a ${TARGET}. Expected at least one.`);
  }
  const sales = sold
    .withColumns(
      calendarColumn("Year", yearOf),
      calendarColumn("Month", monthOf),
      calendarColumn("Week", isoWeek),
    )
    .select("Date", TARGET, ...FEATURES.map(({ name }) => name))
    .sort(["Store", "Dept", "Date"]);
  const dropped = withoutSales > 0 ? [{ reason: `${TARGET} is missing`, rows: withoutSales }] : [];
  return { sales, dropped };
}

interface JoinedRow {
  row: number;
  Store: number;
  Date: number;
  IsHoliday: number;
  weekIsHoliday: number;
}

function failOn(bad: DataFrame, path: string, complaint: (row: JoinedRow) => string): void {
  if (bad.height === 0) return;
  const row = bad.sort("row").head(1).toRecords()[0] as unknown as JoinedRow;
  const others = bad.height > 1 ? ` (${bad.height - 1} more rows are like it)` : "";
  throw new UserError(
    `${path}, line ${row.row + 2}: ${complaint(row)}${others}, and run again.`,
  );
}

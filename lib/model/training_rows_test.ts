import assert from "node:assert/strict";
import { smallSales } from "../evaluation/testing.ts";
import { LEARNED_FEATURES } from "../features/table.ts";
import { derive } from "../history/derive.ts";
import { compactOutlook } from "../history/compact_outlook.ts";
import { completeOutlook } from "../history/outlook.ts";
import { historyOf } from "../history/sales_history.ts";
import { learnedColumns } from "./columns.ts";
import { selectRows, type TrainingRows, trainingRows } from "./training_rows.ts";

const RANK = 2, HORIZON = 39, FIRST_DAY = 14645;

/** The last known weeks of the parts of 110 weeks, in their order, and how many rows each has. */
const PARTS = [
  { weeks: 97, rows: 12 * 13 },
  { weeks: 84, rows: 12 * 26 },
  { weeks: 71, rows: 12 * 39 },
  // One series starts in week 60.
  { weeks: 58, rows: 12 * 39 - 2 },
];

/** The part of the rows that an origin forecasts. */
function partOf(rows: TrainingRows, part: number) {
  const start = PARTS.slice(0, part).reduce((sum, { rows }) => sum + rows, 0);
  const cut = (values: ArrayLike<number>) =>
    Array.from(values).slice(start, start + PARTS[part]!.rows);
  const { columns, seasonal, size, weights, targets, sales, isHoliday } = rows;
  return {
    columns: Object.fromEntries(LEARNED_FEATURES.map(({ name }, i) => [name, cut(columns[i]!)])),
    seasonal: cut(seasonal),
    size: cut(size),
    weights: cut(weights),
    targets: cut(targets),
    sales: cut(sales),
    isHoliday: cut(isHoliday),
  };
}

const originOf = (part: number) => FIRST_DAY + 7 * (PARTS[part]!.weeks - 1);

Deno.test("trainingRows() forecasts from origins a quarter apart, each up to the horizon", () => {
  const rows = trainingRows(smallSales(110), RANK, HORIZON);
  assert.equal(rows.targets.length, PARTS.reduce((sum, { rows }) => sum + rows, 0));
  for (const part of PARTS.keys()) {
    const { Horizon } = partOf(rows, part).columns;
    assert.equal(Math.min(...Horizon!), 1);
    assert.equal(Math.max(...Horizon!), Math.min(HORIZON, 110 - PARTS[part]!.weeks));
  }
  assert.deepEqual(
    LEARNED_FEATURES.filter((_, i) => rows.kinds[i] === "category").map(({ name }) => name),
    ["Store", "Dept", "Type"],
  );
});

Deno.test("trainingRows() knows nothing of the weeks after a row's origin", () => {
  const table = smallSales(110);
  const before = trainingRows(table, RANK, HORIZON);
  for (const part of PARTS.keys()) {
    const origin = originOf(part);
    const sales = table.sales.map((value, row) =>
      table.day[row]! > origin ? 3 * value + 1000 : value
    );
    const after = trainingRows({ ...table, sales }, RANK, HORIZON);
    // This origin and the earlier ones.
    for (let same = part; same < PARTS.length; same++) {
      const { targets: was, sales: sold, ...known } = partOf(before, same);
      const { targets, sales, ...knownAfter } = partOf(after, same);
      assert.deepEqual(knownAfter, known);
      if (same > part) continue;
      assert.notDeepEqual(sales, sold);
      assert.notDeepEqual(targets, was);
    }
    for (let other = 0; other < part; other++) {
      assert.notDeepEqual(partOf(after, other).columns, partOf(before, other).columns);
    }
  }
});

Deno.test("trainingRows() has what a model of the rows up to the origin derives for the later", () => {
  const table = smallSales(110);
  const rows = trainingRows(table, RANK, HORIZON);
  for (const part of PARTS.keys()) {
    const origin = originOf(part);
    const known = historyOf(selectRows(table, (day) => day <= origin));
    const later = selectRows(table, (day) => day > origin && day <= origin + 7 * HORIZON);
    const { columns, seasonal, size } = derive(completeOutlook(compactOutlook(known, RANK)), {
      stores: later.features.Store,
      departments: later.features.Dept,
      days: later.day,
    });
    const found = partOf(rows, part);
    assert.deepEqual(found.sales, Array.from(later.sales));
    assert.deepEqual(found.seasonal, Array.from(seasonal));
    assert.deepEqual(found.size, Array.from(size));
    const expected = learnedColumns(later.features, columns);
    for (const [i, { name }] of LEARNED_FEATURES.entries()) {
      assert.deepEqual(found.columns[name], Array.from(expected[i]!), name);
    }
  }
});

Deno.test("trainingRows() counts residuals in sizes, 2 at most, and weighs rows as WMAE does", () => {
  const table = smallSales(110);
  // One row of the last weeks is far off, either way.
  const [high, low] = [110 - 1, 2 * 110 - 1];
  table.sales[high] = 1e6;
  table.sales[low] = -1e6;
  const rows = trainingRows(table, RANK, HORIZON);
  const { size, seasonal, sales, targets, isHoliday, weights } = rows;
  let holidays = 0;
  for (const [row, actual] of sales.entries()) {
    const residual = (actual - seasonal[row]!) / size[row]!;
    if (Math.abs(residual) <= 2) assert.equal(targets[row], residual);
    else assert.equal(targets[row], residual > 0 ? 2 : -2);
    if (Math.abs(actual) === 1e6) assert.equal(targets[row], actual > 0 ? 2 : -2);
    assert.equal(weights[row], size[row]! * (isHoliday[row] === 1 ? 5 : 1));
    holidays += isHoliday[row]!;
  }
  // The last week is within the horizon of three origins.
  assert.equal(sales.filter((actual) => actual === 1e6).length, 3);
  assert.ok(holidays > 0 && holidays < sales.length / 4);
  assert.ok(size.every((value) => value >= 20));
});

Deno.test("trainingRows() has no rows of a history below a year and a quarter", () => {
  for (const weeks of [1, 40, 64]) {
    const { targets, columns, weights } = trainingRows(smallSales(weeks), RANK, HORIZON);
    assert.equal(targets.length, 0);
    assert.deepEqual(columns.map(({ length }) => length), LEARNED_FEATURES.map(() => 0));
    assert.equal(weights.length, 0);
  }
  // 11 series in 13 weeks, and one in 5.
  assert.equal(trainingRows(smallSales(65), RANK, HORIZON).targets.length, 11 * 13 + 5);
});

Deno.test("selectRows() keeps the rows of the wished days, whole and in order", () => {
  const table = smallSales(70);
  const days = [FIRST_DAY + 7 * 3, FIRST_DAY + 7 * 69];
  const { length, day, sales, features } = selectRows(table, (day) => days.includes(day));
  assert.equal(length, 11 + 12);
  assert.deepEqual(Array.from(day.subarray(0, 4)), [days[0], days[1], days[0], days[1]]);
  assert.deepEqual(Array.from(sales.subarray(0, 3)), [3, 69, 73].map((row) => table.sales[row]));
  for (const [name, column] of Object.entries(features)) {
    assert.equal(column.length, 23, name);
    assert.equal(column[2], table.features[name as "Store"][73], name);
  }
});

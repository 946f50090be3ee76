import assert from "node:assert/strict";
import { ALL, type CompactOutlook, completeOutlook, KNOWN_WEEKS, LEAST_SIZE } from "./outlook.ts";

const FIRST = 14645;

/** Zero in sum, 0.125 in the mean of the last eight. */
const QUARTER = [
  ...[-0.2, -0.2, -0.2, -0.2, -0.2],
  ...[-0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3],
];

/** 53 weeks of the same sales, then 13 of `growth` times these, uneven. */
function grown(sales: number, growth: number): number[] {
  return [
    ...Array<number>(53).fill(sales),
    ...QUARTER.map((more) => Math.round(sales * (growth + more))),
  ];
}

/** Levels that are `distance` above the sales in the first weeks, and below them in the quarter. */
function levels(sales: number[], distance: number): number[] {
  return sales.slice(-57).map((value, i) => i < 44 ? value + distance : value - distance);
}

function compact(
  stores: number[],
  departments: number[],
  sales: number[][],
  seasonal: number[][],
): CompactOutlook {
  return {
    history: {
      firstDay: FIRST,
      weeks: sales[0]!.length,
      stores: Uint16Array.from(stores),
      departments: Uint16Array.from(departments),
      sales: Float64Array.from(sales.flat()),
    },
    seasonal: Float64Array.from(seasonal.flat()),
  };
}

const SALES = [grown(1000, 1.2), grown(2000, 1.6), grown(4000, 0.8), grown(3000, 1.4)];

/** Two stores of two departments. */
const FOUR = compact([1, 1, 2, 2], [1, 2, 1, 2], SALES, [
  levels(SALES[0]!, 105),
  levels(SALES[1]!, 460),
  levels(SALES[2]!, 1140),
  levels(SALES[3]!, 1320),
]);

const near = (found: Float64Array, expected: number[]) => {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(found[i]! - value) < 1e-9, `${i}: ${found[i]}, not ${value}`);
  }
};

const { log } = Math;

Deno.test("completeOutlook() adds the means of everything and of each department", () => {
  const { history, seasonal, find, knows, origin } = completeOutlook(FOUR);
  assert.deepEqual([...history.stores], [1, 1, 2, 2, ALL, ALL, ALL]);
  assert.deepEqual([...history.departments], [1, 2, 1, 2, ALL, 1, 2]);
  assert.deepEqual([find(2, 1), find(ALL, ALL), find(ALL, 2), find(3, 1)], [2, 4, 6, -1]);
  assert.deepEqual([...knows], [1, 2]);
  assert.equal(origin, FIRST + 7 * 65);
  assert.equal(KNOWN_WEEKS, 66);
  assert.deepEqual([...history.sales.subarray(0, 66)], SALES[0]);
  // First and last week: (1000 + 2000 + 4000 + 3000) / 4, (1500 + 3800 + 4400 + 5100) / 4.
  const meanAt = (series: number) => [
    history.sales[series * 66],
    history.sales[series * 66 + 65],
    seasonal[series * 57],
    seasonal[series * 57 + 56],
  ];
  assert.deepEqual(meanAt(4), [2500, 3700, 2500 + 756.25, 3700 - 756.25]);
  assert.deepEqual(meanAt(5), [2500, 2950, 2500 + 622.5, 2950 - 622.5]);
  assert.deepEqual(meanAt(6), [2500, 4450, 2500 + 890, 4450 - 890]);
});

Deno.test("completeOutlook() compares the last 13 weeks with those of a year before", () => {
  const { growth } = completeOutlook(FOUR);
  near(growth, [log(1.2), log(1.6), log(0.8), log(1.4), log(1.18), log(0.88), log(1.48)]);
});

Deno.test("completeOutlook() gives a series the growth of its department and of its store", () => {
  const { departmentGrowth, storeGrowth } = completeOutlook(FOUR);
  // 1200 + 3200 over 1000 + 4000, 3200 + 4200 over 2000 + 3000; a mean of everything has none.
  const first = log(0.88), second = log(1.48);
  near(departmentGrowth, [first, second, first, second, 0, first, second]);
  // 1200 + 3200 over 1000 + 2000, 3200 + 4200 over 4000 + 3000; a mean of stores has none.
  near(storeGrowth, [log(44 / 30), log(44 / 30), log(74 / 70), log(74 / 70), 0, 0, 0]);
});

Deno.test("completeOutlook() takes the mean of eight weeks for level, and of 52 for size", () => {
  const { level, size } = completeOutlook(FOUR);
  // 1000 * (1.2 + 0.125) and so on.
  near(level, [1325, 3450, 3700, 4575, 3262.5, 2512.5, 4012.5]);
  // (39 * 1000 + 13 * 1200) / 52 and so on.
  near(size, [1050, 2300, 3800, 3300, 2612.5, 2425, 2800]);
});

Deno.test("completeOutlook() takes sales' mean distance from their levels for volatility, in sizes", () => {
  const { volatility } = completeOutlook(FOUR);
  near(volatility.subarray(0, 4), [0.1, 0.2, 0.3, 0.4]);
  near(volatility.subarray(4), [756.25 / 2612.5, 622.5 / 2425, 890 / 2800]);
});

Deno.test("completeOutlook() counts the weeks that are known, and growth by those known of both years", () => {
  const sales = Array<number>(66).fill(100);
  // The last quarter is weeks 53 to 65, the year before it weeks 1 to 13.
  for (let week = 53; week < 66; week++) sales[week] = 150;
  sales[5] = 1000;
  sales[57] = NaN; // Week 5 goes with it.
  sales[8] = NaN;
  sales[60] = 900; // Week 8 goes with it.
  sales[65] = NaN; // So the latest eight are weeks 56, 58 to 64.
  sales[58] = -150; // A return counts for size as a sale does.
  const { growth, level, size, volatility } = completeOutlook(
    compact([1], [1], [sales], [Array<number>(57).fill(110)]),
  );
  // Ten weeks are known of both: nine of 150, one of -150.
  assert.ok(Math.abs(growth[0]! - log(1200 / 1000)) < 1e-9);
  assert.equal(level[0], (6 * 150 + 900 - 150) / 8);
  // Of weeks 14 to 65 50 are known: 39 of 100, 10 of 150, and 900.
  assert.equal(size[0], (3900 + 1500 + 900) / 50);
  // From 110: 39 by 10, nine by 40, one by 790, one by 260.
  assert.ok(Math.abs(volatility[0]! - (390 + 360 + 790 + 260) / 50 / 126) < 1e-12);
});

Deno.test("completeOutlook() has no growth and a least size where sales say nothing", () => {
  // Half a year, of returns and small sales that cancel.
  const sales = Array.from({ length: 26 }, (_, week) => week % 2 === 0 ? 4 : -4);
  const { growth, departmentGrowth, storeGrowth, level, size, volatility } = completeOutlook(
    compact([1], [1], [sales], [Array<number>(26).fill(0)]),
  );
  assert.deepEqual([growth[0], departmentGrowth[0], storeGrowth[0], level[0]], [0, 0, 0, 0]);
  assert.equal(LEAST_SIZE, 20);
  assert.equal(size[0], 20);
  assert.equal(volatility[0], 0.2);
});

Deno.test("completeOutlook() takes growth beyond twice for a fault", () => {
  const { growth } = completeOutlook(
    compact([1], [1], [grown(1000, 5)], [Array<number>(57).fill(0)]),
  );
  assert.equal(growth[0], log(2));
});

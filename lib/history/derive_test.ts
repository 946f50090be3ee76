import assert from "node:assert/strict";
import { parseDay } from "../features/calendar.ts";
import { daysFrom, HOLIDAYS } from "../features/holidays.ts";
import type { DerivedFeatureName } from "../features/table.ts";
import { createRandom } from "../trees/random.ts";
import { compactOutlook } from "./compact_outlook.ts";
import { BASES, derive, type Derived } from "./derive.ts";
import { completeOutlook, type Outlook } from "./outlook.ts";
import { historyOf, originOf, type SalesHistory, type SalesRows } from "./sales_history.ts";

const FIRST = 14645, WEEKS = 130, STORES = 4, DEPARTMENTS = 3;

/** Sales with a season, growth and noise; store 4 lacks department 3, and some weeks are missing. */
function makeRows(
  change: (week: number, sales: number) => number = (_, sales) => sales,
): SalesRows {
  const random = createRandom(11);
  const list: [number, number, number, number][] = [];
  for (let store = 1; store <= STORES; store++) {
    for (let dept = 1; dept <= DEPARTMENTS; dept++) {
      if (store === 4 && dept === 3) continue;
      for (let week = 0; week < WEEKS; week++) {
        const noise = random.integer(200);
        if (random.integer(20) === 0) continue;
        const season = 1 + Math.sin(week / 52 * 2 * Math.PI) / 2;
        const sales = Math.round(1000 * store * dept * season * (1 + week / 300)) + noise;
        list.push([store, dept, week, change(week, sales)]);
      }
    }
  }
  return {
    length: list.length,
    day: Int32Array.from(list, ([, , week]) => FIRST + 7 * week),
    sales: Float64Array.from(list, ([, , , sales]) => sales),
    features: {
      Store: Float64Array.from(list, ([store]) => store),
      Dept: Float64Array.from(list, ([, dept]) => dept),
    },
  };
}

function outlookAt(rows: SalesRows, week: number): Outlook {
  return completeOutlook(compactOutlook(historyOf(rows, FIRST + 7 * week), 2));
}

/** All series in weeks 1 to 60 after the origin. */
function allKeys({ origin }: Outlook) {
  const keys: [number, number, number][] = [];
  for (let store = 1; store <= STORES; store++) {
    for (let dept = 1; dept <= DEPARTMENTS; dept++) {
      for (let week = 1; week <= 60; week++) keys.push([store, dept, origin + 7 * week]);
    }
  }
  return {
    stores: keys.map(([store]) => store),
    departments: keys.map(([, dept]) => dept),
    days: keys.map(([, , day]) => day),
  };
}

const same = (a: Derived, b: Derived) => assert.deepEqual(a, b);

Deno.test("derive() knows nothing after the origin", () => {
  for (const week of [60, 90, 110]) {
    const outlook = outlookAt(makeRows(), week);
    const keys = allKeys(outlook);
    const expected = derive(outlook, keys);
    const later = makeRows((at, sales) => at > week ? 1e6 - 3 * sales : sales);
    same(derive(outlookAt(later, week), keys), expected);
    // And does know what is before it.
    const earlier = makeRows((at, sales) => at === week ? 2 * sales : sales);
    assert.notDeepEqual(derive(outlookAt(earlier, week), keys), expected);
  }
});

Deno.test("derive() gives a row the same whatever stands beside it", () => {
  const outlook = outlookAt(makeRows(), 110);
  const keys = allKeys(outlook);
  const all = derive(outlook, keys);
  for (const row of [0, 77, 300, 719]) {
    const one = derive(outlook, {
      stores: [keys.stores[row]!],
      departments: [keys.departments[row]!],
      days: [keys.days[row]!],
    });
    assert.equal(one.seasonal[0], all.seasonal[row]);
    for (const [name, column] of Object.entries(one.columns)) {
      assert.equal(column[0], all.columns[name as keyof Derived["columns"]][row], name);
    }
  }
});

Deno.test("derive() looks sales up 51, 52 and 53 weeks earlier, in sizes of the series", () => {
  const rows = makeRows();
  const history = historyOf(rows, FIRST + 7 * 110);
  const outlook = completeOutlook(compactOutlook(history, 2));
  assert.equal(outlook.origin, originOf(history));
  const days = [5, 40, 52].map((weeks) => outlook.origin + 7 * weeks);
  const { columns, size } = derive(outlook, { stores: [2, 2, 2], departments: [1, 1, 1], days });
  const series = history.stores.findIndex((store, i) =>
    store === 2 && history.departments[i] === 1
  );
  const last = Array.from(history.sales.subarray(series * 111 + 59, series * 111 + 111));
  const known = last.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + Math.abs(value), 0) / known.length;
  for (const [row, ahead] of [5, 40, 52].entries()) {
    assert.ok(Math.abs(size[row]! - mean) < 1e-9);
    const at = (weeks: number) => {
      const week = 110 + ahead - weeks;
      return week <= 110 ? history.sales[series * 111 + week]! / size[row]! : NaN;
    };
    assert.equal(columns.Lag_52[row], at(52));
    assert.equal(columns.Lag_51[row], at(51));
    assert.equal(columns.Lag_53[row], at(53));
    assert.equal(columns.Horizon[row], ahead);
  }
});

Deno.test("derive() falls back from the series to the department and to everything, and says so", () => {
  const outlook = outlookAt(makeRows(), 110);
  const days = Array<number>(4).fill(outlook.origin + 7);
  const { basis, seasonal } = derive(outlook, {
    // Known; known store, new department of it; unknown store; unknown department.
    stores: [1, 4, 99, 99],
    departments: [3, 3, 3, 99],
    days,
  });
  assert.deepEqual(Array.from(basis, (index) => BASES[index]), [
    "seasonal",
    "department",
    "department",
    "overall",
  ]);
  // A new department of a known store starts with a hundredth of the others' mean.
  assert.ok(Math.abs(seasonal[1]! / seasonal[2]! - 0.01) < 0.001);
  const mean = seasonal[2]!;
  assert.ok(mean > seasonal[0]! && mean < 3 * seasonal[0]!, `${mean}, ${seasonal[0]}`);
  assert.ok(seasonal[3]! > 0);
});

Deno.test("derive() takes the recent level of a series whose last year is not known", () => {
  // 30 weeks of history: no week of the coming quarter has one of last year behind it.
  const outlook = outlookAt(makeRows(), 29);
  const { basis, seasonal } = derive(outlook, {
    stores: [1],
    departments: [1],
    days: [outlook.origin + 7],
  });
  assert.equal(BASES[basis[0]!], "recent");
  assert.equal(seasonal[0], outlook.level[outlook.find(1, 1)]);
});

Deno.test("derive() looks a week of the past up in the last year, without growth", () => {
  const outlook = outlookAt(makeRows(), 110);
  const week = { stores: [1], departments: [1] };
  // In July no holiday moves weeks: 8 July 2011 is known itself.
  const past = derive(outlook, { ...week, days: [outlook.origin - 7 * 36] });
  assert.equal(past.columns.Horizon[0], -36);
  const kept = outlook.seasonal.length / outlook.history.stores.length;
  const series = outlook.find(1, 1);
  assert.equal(past.seasonal[0], outlook.seasonal[series * kept + kept - 1 - 36]);
});

/** 5 February 2010, a Friday. */
const FRIDAY = parseDay("2010-02-05")!;

/** Sales of series, each given as store, department and its weeks. */
function makeHistory(...series: [number, number, number[]][]): SalesHistory {
  return {
    firstDay: FRIDAY,
    weeks: series[0]![2].length,
    stores: Uint16Array.from(series, ([store]) => store),
    departments: Uint16Array.from(series, ([, department]) => department),
    sales: Float64Array.from(series.flatMap(([, , sales]) => sales)),
  };
}

const flat = (sales: number, weeks = 117) => Array<number>(weeks).fill(sales);

/** 104 weeks of the same sales, then 13 of `growth` times these; the last eight are more. */
function grown(sales: number, growth: number): number[] {
  const quarter = [-0.2, -0.2, -0.2, -0.2, -0.2, -0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3];
  return [...flat(sales, 104), ...quarter.map((more) => Math.round(sales * (growth + more)))];
}

/** Two stores of two departments; as many stores as the rank, so that nothing is smoothed. */
const grownOutlook = () =>
  completeOutlook(compactOutlook(
    makeHistory(
      [1, 1, grown(1000, 1.2)],
      [1, 2, grown(2000, 1.6)],
      [2, 1, grown(4000, 0.8)],
      [2, 2, grown(3000, 1.4)],
    ),
    2,
  ));

/** By the stores and departments of {@linkcode grownOutlook}. */
const FOUR = { stores: [1, 1, 2, 2], departments: [1, 2, 1, 2] };

const near = (found: Float64Array, expected: number[]) => {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const isNear = Math.abs(found[i]! - value) <= 1e-9 * Math.abs(value);
    assert.ok(isNear, `${i}: ${found[i]}, not ${value}`);
  }
};

Deno.test("derive() raises seasonal levels by half, a tenth and a fifth of three growths", () => {
  const outlook = grownOutlook();
  // Behind 14 September 2012 lie two weeks of September 2011, before the growth.
  const days = flat(parseDay("2012-09-14")!, 4);
  const { columns, seasonal, size, basis } = derive(outlook, { ...FOUR, days });
  // Department 1: 4400 over 5000, 2: 7400 over 5000. Store 1: 4400 over 3000, 2: 7400 over 7000.
  near(columns.Series_Growth, [1.2, 1.6, 0.8, 1.4].map(Math.log));
  near(columns.Department_Growth, [0.88, 1.48, 0.88, 1.48].map(Math.log));
  near(columns.Store_Growth, [44 / 30, 44 / 30, 74 / 70, 74 / 70].map(Math.log));
  // The year grew by (39 + 13 * 1.2) / 52 = 1.05: the level is 0.7 * 1000 + 0.3 * 1050.
  const levels = [1015, 2090, 3940, 3090], sizes = [1050, 2300, 3800, 3300];
  near(columns.Seasonal_Level, levels.map((level, i) => level / sizes[i]!));
  near(size, sizes);
  near(columns.Series_Size, sizes);
  near(seasonal, [
    1015 * 1.2 ** 0.5 * 0.88 ** 0.1 * (44 / 30) ** 0.2,
    2090 * 1.6 ** 0.5 * 1.48 ** 0.1 * (44 / 30) ** 0.2,
    3940 * 0.8 ** 0.5 * 0.88 ** 0.1 * (74 / 70) ** 0.2,
    3090 * 1.4 ** 0.5 * 1.48 ** 0.1 * (74 / 70) ** 0.2,
  ]);
  assert.ok(Math.abs(seasonal[0]! - 1185.14) < 0.01, `${seasonal[0]}`);
  near(columns.Horizon, flat(20, 4));
  assert.ok(basis.every((index) => BASES[index] === "seasonal"));
});

Deno.test("derive() tells the recent level and the volatility, in sizes", () => {
  const days = flat(parseDay("2012-09-14")!, 4);
  const { columns } = derive(grownOutlook(), { ...FOUR, days });
  // Eight weeks of 1000 * (1.2 + 0.125) in the mean, and so on.
  near(columns.Recent_Level, [1325 / 1050, 3450 / 2300, 3700 / 3800, 4575 / 3300]);
  // 44 weeks are 15 from their level; of 1150, 1200 ... 1500 it takes 0.3 of the way to 1050.
  near(columns.Volatility.subarray(0, 1), [(44 * 15 + 0.3 * (8 * 1325 - 8 * 1050)) / 52 / 1050]);
});

Deno.test("derive() counts the days from each holiday", () => {
  const outlook = grownOutlook();
  const days = Array.from({ length: 120 }, (_, week) => outlook.origin + 7 * (week - 50));
  const ones = flat(1, days.length);
  const { columns } = derive(outlook, { stores: ones, departments: ones, days });
  for (const holiday of HOLIDAYS) {
    const name = `Days_From_${holiday.replaceAll(" ", "_")}` as DerivedFeatureName;
    assert.deepEqual([...columns[name]], days.map((day) => daysFrom(holiday, day)), name);
  }
  const row = days.indexOf(parseDay("2012-11-30")!);
  assert.equal(columns.Days_From_Super_Bowl[row], -65); // 3 February 2013.
  assert.equal(columns.Days_From_Easter[row], -121); // 31 March 2013.
  assert.equal(columns.Days_From_Labor_Day[row], 88); // 3 September 2012.
  assert.equal(columns.Days_From_Thanksgiving[row], 8); // 22 November 2012.
  assert.equal(columns.Days_From_Christmas[row], -25);
});

Deno.test("derive() expects errors 1.65 times as large from Thanksgiving's week to New Year's", () => {
  const outlook = grownOutlook();
  const scales = (dates: string[]) => {
    const ones = flat(1, dates.length);
    const days = dates.map((date) => parseDay(date)!);
    return derive(outlook, { stores: ones, departments: ones, days }).scale;
  };
  const more = ["2012-11-23", "2012-11-30", "2012-12-07", "2012-12-14", "2012-12-21", "2012-12-28"];
  near(scales(more), flat(1.65 * 1050, 6));
  // Thanksgiving at its latest, and a week that ends soon after New Year.
  near(scales(["2013-11-29", "2014-01-03"]), flat(1.65 * 1050, 2));
  const usual = [
    "2012-07-20",
    "2012-11-09",
    "2012-11-16",
    "2013-01-11",
    "2013-11-22",
    "2014-01-10",
  ];
  near(scales(usual), flat(1050, 6));
});

Deno.test("derive() gives a department that is new to a store a hundredth of the others' mean", () => {
  const outlook = completeOutlook(compactOutlook(
    makeHistory(
      [1, 1, flat(1000)],
      [1, 2, flat(5000)],
      [1, 3, flat(400)],
      [2, 1, flat(3000)],
      [3, 2, flat(7000)],
    ),
    2,
  ));
  const { columns, seasonal, size, basis } = derive(outlook, {
    // Known stores; then a store, and departments, that nobody knows.
    stores: [2, 2, 2, 9, 9, 2],
    departments: [2, 3, 9, 2, 9, 1],
    days: flat(outlook.origin + 70, 6),
  });
  // The mean of everything is 16400 / 5.
  near(seasonal, [60, 4, 32.8, 6000, 3280, 3000]);
  // 4 USD a week are counted in the least size.
  near(size, [60, 20, 32.8, 6000, 3280, 3000]);
  near(columns.Seasonal_Level, [1, 0.2, 1, 1, 1, 1]);
  near(columns.Recent_Level, [1, 0.2, 1, 1, 1, 1]);
  near(columns.Lag_52, [1, 0.2, 1, 1, 1, 1]);
  assert.deepEqual(Array.from(basis, (index) => BASES[index]), [
    ...["department", "department", "overall", "department", "overall", "seasonal"],
  ]);
});

Deno.test("derive() says where no source week was sold, and fills it by the department's course", () => {
  // Behind 14 September 2012: 16 September 2011, week 84, and the one before.
  const both = flat(3000), one = flat(5000), course = flat(1000);
  both[83] = both[84] = NaN;
  one[84] = NaN;
  const outlook = completeOutlook(compactOutlook(
    makeHistory([1, 1, course], [2, 1, both], [3, 1, one]),
    3,
  ));
  const { basis, seasonal, columns } = derive(outlook, {
    stores: [1, 2, 3],
    departments: [1, 1, 1],
    days: flat(parseDay("2012-09-14")!, 3),
  });
  assert.deepEqual(Array.from(basis, (index) => BASES[index]), ["seasonal", "filled", "seasonal"]);
  assert.deepEqual([...columns.Lag_52], [1, NaN, NaN]);
  assert.deepEqual([...columns.Lag_53], [1, NaN, 1]);
  near(seasonal, [1000, 3000, 5000]);
});

Deno.test("derive() rests on recent weeks until the history has a year, then on its first week", () => {
  const next = (weeks: number) => {
    // 100 in the first week, later 1000, in the end 2000.
    const sales = [100, ...flat(1000, weeks - 9), ...flat(2000, 8)];
    const outlook = completeOutlook(compactOutlook(makeHistory([1, 1, sales]), 2));
    const { basis, seasonal, columns } = derive(outlook, {
      stores: [1],
      departments: [1],
      days: [outlook.origin + 7],
    });
    return [BASES[basis[0]!], seasonal[0], Number.isNaN(columns.Seasonal_Level[0])];
  };
  assert.deepEqual(next(51), ["recent", 2000, true]);
  assert.deepEqual(next(52), ["seasonal", 100, false]);
});

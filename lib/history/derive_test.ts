import assert from "node:assert/strict";
import { createRandom } from "../trees/random.ts";
import { compactOutlook } from "./compact_outlook.ts";
import { BASES, derive, type Derived } from "./derive.ts";
import { completeOutlook, type Outlook } from "./outlook.ts";
import { historyOf, originOf, type SalesRows } from "./sales_history.ts";

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

import assert from "node:assert/strict";
import { md5 } from "../../dvc.ts";
import { sha256 } from "../../hash.ts";
import { DEFAULT_SEED, syntheticHistory } from "./synthetic_history.ts";

const history = syntheticHistory(DEFAULT_SEED);
const sales = rows(history.trainCsv).map(([store, dept, date, amount, holiday]) => ({
  store: Number(store),
  dept: Number(dept),
  date: date!,
  amount: Number(amount),
  holiday: holiday!,
}));
const features = rows(history.featuresCsv);

Deno.test("syntheticHistory() gives the same bytes on every machine", async () => {
  // MD5 and size stand in the .dvc files that come with the project.
  const expected = [
    {
      text: history.trainCsv,
      size: 12_956_869,
      md5: "d9167be6d6fecb499d74f64c8f93fd15",
      sha256: "ab96458f2660129e02f33da8d7baadd27a373ec03b497865338f56c15bcbea05",
    },
    {
      text: history.featuresCsv,
      size: 576_917,
      md5: "7bf3c2d13aae522cc1ec872b4c2d689d",
      sha256: "e4f3c357d67844cff285f7a888921c226a4c565eb80dbc17af4de852e07be588",
    },
    {
      text: history.storesCsv,
      size: 534,
      md5: "39e2915efb0c7dfae53445699a918021",
      sha256: "9a3318e4267bf9628f4bacea9f0e354cc2f29035912ecc2474a9baac6682b1e9",
    },
  ];
  for (const { text, size, ...hashes } of expected) {
    const bytes = new TextEncoder().encode(text);
    assert.equal(bytes.length, size);
    assert.deepEqual({ md5: md5(bytes), sha256: await sha256(bytes) }, hashes);
  }
});

Deno.test("syntheticHistory() gives other data for another seed, of the same size", () => {
  const other = syntheticHistory(DEFAULT_SEED + 1);
  assert.notEqual(other.trainCsv, history.trainCsv);
  assert.notEqual(other.featuresCsv, history.featuresCsv);
  assert.notEqual(other.storesCsv, history.storesCsv);
  assert.equal(rows(other.featuresCsv).length, 45 * 182);
  assert.equal(rows(other.storesCsv).length, 45);
  const length = rows(other.trainCsv).length;
  assert(Math.abs(length / 421_000 - 1) < 0.02, `${length}`);
});

Deno.test("syntheticHistory() has Kaggle's columns", () => {
  assert.equal(line(history.trainCsv, 0), "Store,Dept,Date,Weekly_Sales,IsHoliday");
  assert.equal(
    line(history.featuresCsv, 0),
    "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3,MarkDown4,MarkDown5," +
      "CPI,Unemployment,IsHoliday",
  );
  assert.equal(line(history.storesCsv, 0), "Store,Type,Size");
  assert(/^1,1,2010-02-05,\d+\.\d\d,FALSE$/.test(line(history.trainCsv, 1)));
});

Deno.test("syntheticHistory() has the full size: stores, departments, weeks, rows", () => {
  assert.equal(sales.length, 420_576);
  assert.equal(new Set(sales.map(({ store }) => store)).size, 45);
  assert.equal(new Set(sales.map(({ dept }) => dept)).size, 81);
  const dates = [...new Set(sales.map(({ date }) => date))].sort();
  assert.deepEqual([dates.length, dates[0], dates.at(-1)], [143, "2010-02-05", "2012-10-26"]);
});

Deno.test("syntheticHistory() has sorted, unique keys, and each sale its store and week", () => {
  const keys = sales.map(({ store, dept, date }) => `${pad(store)} ${pad(dept)} ${date}`);
  for (let row = 1; row < keys.length; row++) {
    assert(keys[row - 1]! < keys[row]!, `${keys[row - 1]}, then ${keys[row]}`);
  }
  const weeks = new Map(features.map((row) => [`${row[0]} ${row[1]}`, row.at(-1)]));
  assert.equal(weeks.size, 45 * 182);
  assert(sales.every(({ store, date, holiday }) => weeks.get(`${store} ${date}`) === holiday));
});

Deno.test("syntheticHistory() has three types of stores, A the largest and C the smallest", () => {
  const sizes: Record<string, number[]> = { A: [], B: [], C: [] };
  for (const [, type, size] of rows(history.storesCsv)) sizes[type!]!.push(Number(size));
  assert.deepEqual(Object.values(sizes).map(({ length }) => length), [22, 17, 6]);
  assert(Math.min(...sizes.A!) > Math.max(...sizes.B!));
  assert(Math.min(...sizes.B!) > Math.max(...sizes.C!));
});

Deno.test("syntheticHistory() knows no markdown before November 2011 and often none after", () => {
  const before = features.filter(([, date]) => date! < "2011-11-11");
  const after = features.filter(([, date]) => date! >= "2011-11-11");
  const missing = (from: string[][], column: number) =>
    from.filter((row) => row[column] === "NA").length / from.length;
  for (let column = 4; column <= 8; column++) assert.equal(missing(before, column), 1);
  const share = missing(after, 5);
  assert(share > 0.2 && share < 0.4, `${share}`);
});

Deno.test("syntheticHistory() knows CPI and unemployment up to 2013-04-26", () => {
  for (const row of features) {
    const expected = row[1]! > "2013-04-26";
    assert.equal(row[9] === "NA", expected, row.join());
    assert.equal(row[10] === "NA", expected, row.join());
  }
});

Deno.test("syntheticHistory() has a heavy tail of series, and returns as negative sales", () => {
  const amounts = sales.map(({ amount }) => amount).sort((a, b) => a - b);
  const mean = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
  const median = amounts[amounts.length >> 1]!;
  assert(mean > 13_000 && mean < 18_000, `mean ${mean}`);
  assert(median > 6_000 && median < 9_000, `median ${median}`);
  assert(amounts.at(-1)! > 300_000 && amounts.at(-1)! < 800_000, `largest ${amounts.at(-1)}`);
  const negative = amounts.filter((amount) => amount < 0).length / amounts.length;
  assert(negative > 0.002 && negative < 0.004, `negative ${negative}`);
});

Deno.test("syntheticHistory() leaves out weeks of closed and rarely sold departments", () => {
  const lengths = new Map<string, number>();
  for (const { store, dept } of sales) {
    const key = `${store} ${dept}`;
    lengths.set(key, (lengths.get(key) ?? 0) + 1);
  }
  const whole = [...lengths.values()].filter((length) => length === 143).length / lengths.size;
  assert(lengths.size < 45 * 81, "some stores lack some departments");
  assert(whole > 0.7 && whole < 0.85, `${whole}`);
});

Deno.test("syntheticHistory() peaks in the week before Christmas and at Thanksgiving", () => {
  const totals = totalsByDate();
  const ranked = [...totals].sort(([, a], [, b]) => b - a).map(([date]) => date);
  assert.deepEqual(ranked.slice(0, 2).sort(), ["2010-12-24", "2011-12-23"]);
  assert.deepEqual(ranked.slice(2, 4).sort(), ["2010-11-26", "2011-11-25"]);
  // Christmas Day 2010 opens its week; in 2011 the week still holds Christmas Eve.
  assert(totals.get("2011-12-30")! > 1.05 * totals.get("2010-12-31")!);
});

Deno.test("syntheticHistory() moves candy with Easter", () => {
  const candy = totalsByDate(1);
  const best = (from: string, to: string) =>
    [...candy].filter(([date]) => date >= from && date <= to).sort(([, a], [, b]) => b - a)[0]![0];
  assert.deepEqual(
    [best("2010-03-05", "2010-05-14"), best("2011-03-04", "2011-05-13")],
    ["2010-04-02", "2011-04-22"],
  );
  assert.equal(best("2012-03-02", "2012-05-11"), "2012-04-06");
});

Deno.test("syntheticHistory() has seasons that differ by department", () => {
  const peakMonth = (dept: number) =>
    [...totalsByDate(dept)].sort(([, a], [, b]) => b - a)[0]![0].slice(5, 7);
  // Garden in spring, school in August, toys in December, heaters in winter.
  assert(["04", "05"].includes(peakMonth(16)), peakMonth(16));
  assert.equal(peakMonth(3), "08");
  assert.equal(peakMonth(7), "12");
  assert(["11", "12", "01"].includes(peakMonth(42)), peakMonth(42));
});

Deno.test("syntheticHistory() repeats itself from year to year, but not exactly", () => {
  const amounts = new Map(sales.map(({ store, dept, date, amount }) => {
    return [`${store} ${dept} ${date}`, amount];
  }));
  const pairs: [number, number][] = [];
  for (const { store, dept, date, amount } of sales) {
    const year = new Date(Date.parse(date) - 364 * 86_400_000).toISOString().slice(0, 10);
    const before = amounts.get(`${store} ${dept} ${year}`);
    if (before !== undefined) pairs.push([before, amount]);
  }
  const correlation = correlate(pairs);
  assert(correlation > 0.97 && correlation < 0.99, `${correlation}`);
});

function totalsByDate(dept?: number): Map<string, number> {
  const totals = new Map<string, number>();
  for (const sale of sales) {
    if (dept !== undefined && sale.dept !== dept) continue;
    totals.set(sale.date, (totals.get(sale.date) ?? 0) + sale.amount);
  }
  return totals;
}

function correlate(pairs: [number, number][]): number {
  const mean = (index: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[index], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const pair of pairs) {
    xx += (pair[0] - x) ** 2;
    yy += (pair[1] - y) ** 2;
    xy += (pair[0] - x) * (pair[1] - y);
  }
  return xy / Math.sqrt(xx * yy);
}

function rows(csv: string): string[][] {
  return csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));
}

function line(csv: string, index: number): string {
  return csv.split("\n", index + 1)[index]!;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

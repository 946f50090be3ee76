import assert from "node:assert/strict";
import { generateTable } from "./generated.ts";

Deno.test("generateTable() makes a panel: categories, gaps, one row a store, department and week", () => {
  const { kinds, columns, targets } = generateTable("panel", 30_000, 17);
  assert.deepEqual(kinds.flatMap((kind, i) => kind === "category" ? [i] : []), [0, 1, 12]);
  const gaps = columns.map((column) => column.filter(Number.isNaN).length / column.length);
  assert.deepEqual(gaps.flatMap((share, i) => share > 0 ? [i] : []), [5, 6, 7, 8, 9]);
  assert.ok(Math.abs(gaps[5]! - 92 / 143) < 0.01);
  assert.equal(new Set(columns[0]).size, 3);
  assert.equal(new Set(columns[1]).size, 81);
  const keys = columns[14]!.map((year, row) => year * 100 + columns[16]![row]!);
  assert.equal(new Set(keys).size, 143);
  assert.ok(targets.every((target) => target >= 0 && target < 100_000));
});

Deno.test("generateTable() makes as many columns as asked, no two numbers of a row alike", () => {
  for (const width of [5, 10, 34]) {
    const { kinds, columns } = generateTable("panel", 500, width);
    assert.deepEqual([kinds.length, columns.length], [width, width]);
  }
  const { columns } = generateTable("panel", 500, 34);
  assert.notDeepEqual(columns[3], columns[20]);
});

Deno.test("generateTable() makes uniform columns: different numbers, evenly spread, no gaps", () => {
  const { kinds, columns } = generateTable("uniform", 20_000, 5);
  assert.deepEqual(new Set(kinds), new Set(["number"]));
  for (const column of columns) {
    assert.ok(new Set(column).size > 19_900);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    assert.ok(Math.abs(mean - 0.5) < 0.01, `${mean}`);
    assert.ok(column.every((value) => value >= 0 && value < 1));
  }
});

Deno.test("generateTable() starts a longer table with the rows of a shorter one", () => {
  for (const shape of ["panel", "uniform"] as const) {
    const [short, long] = [generateTable(shape, 100, 17), generateTable(shape, 300, 17)];
    assert.deepEqual(long.columns.map((column) => column.slice(0, 100)), short.columns);
    assert.deepEqual(long.targets.slice(0, 100), short.targets);
  }
});

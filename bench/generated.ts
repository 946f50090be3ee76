import type { ColumnKind, TrainingData } from "../lib/trees/mod.ts";

/**
 * How a generated table looks. `panel`: like sales by store, department and week; few distinct values
 * in most columns, gaps in some, three categories in 17. `uniform`: independent numbers from 0 to 1,
 * all different.
 */
export type Shape = "panel" | "uniform";

const WEEKS = 143, DEPARTMENTS = 81;

/**
 * A table to learn from, the same on every machine.
 *
 * @param columns Number of features.
 *
 * @example
 * ```ts
 * import { generateTable } from "./generated.ts";
 * const { columns, targets } = generateTable("panel", 1000, 17);
 * console.log(columns.length, targets.length); // 17 1000
 * ```
 */
export function generateTable(shape: Shape, rows: number, columns: number): TrainingData {
  const makers = Array.from({ length: columns }, (_, index) => {
    if (shape === "uniform") return { kind: "number" as const, of: uniformMaker(index) };
    return PANEL[index % PANEL.length]!(index);
  });
  const filled = makers.map(({ of }) => {
    const column = new Float64Array(rows);
    for (let row = 0; row < rows; row++) column[row] = of(row);
    return column;
  });
  const targets = new Float64Array(rows);
  const target = shape === "uniform" ? uniformTarget(filled) : panelTarget;
  for (let row = 0; row < rows; row++) targets[row] = target(row);
  return { kinds: makers.map(({ kind }) => kind), columns: filled, targets };
}

interface ColumnMaker {
  kind: ColumnKind;
  /** Value in a row. */
  of: (row: number) => number;
}

const weekOf = (row: number) => row % WEEKS;
const departmentOf = (row: number) => Math.floor(row / WEEKS) % DEPARTMENTS;
const storeOf = (row: number) => Math.floor(row / (WEEKS * DEPARTMENTS));

/** Columns of a panel, in the order of the feature table; more than 17 begin anew. */
const PANEL: ((index: number) => ColumnMaker)[] = [
  () => ({ kind: "category", of: (row) => storeOf(row) + 1 }),
  () => ({ kind: "category", of: (row) => departmentOf(row) + 1 }),
  () => number((row) => weekOf(row) % 13 === 5 ? 1 : 0),
  (index) => number((row) => storeWeek(row, index, 60, 8000) / 100),
  (index) => number((row) => 2.5 + storeWeek(row, index, 12, 1500) / 1000),
  ...[1, 2, 3, 4, 5].map(() => (index: number) =>
    number((row) => weekOf(row) < 92 ? NaN : storeWeek(row, index, 60, 1e7) / 100)
  ),
  (index) => number((row) => 126 + storeWeek(row, index, 30, 1e5) / 1000),
  (index) =>
    number((row) => 4 + Math.floor(hash(index, storeOf(row), weekOf(row) / 13) * 350) / 50),
  () => ({ kind: "category", of: (row) => storeOf(row) % 3 }),
  (index) => number((row) => 30_000 + Math.floor(hash(index, storeOf(row), 0) * 190_000)),
  () => number((row) => 2010 + Math.floor(weekOf(row) / 52)),
  () => number((row) => 1 + Math.floor(weekOf(row) % 52 / 4.34)),
  () => number((row) => 1 + weekOf(row) % 52),
];

function number(of: ColumnMaker["of"]): ColumnMaker {
  return { kind: "number", of };
}

/** A whole number below `steps` that a region of `regions` stores has in common in a week. */
function storeWeek(row: number, index: number, regions: number, steps: number): number {
  return Math.floor(hash(index, storeOf(row) % regions, weekOf(row)) * steps);
}

function panelTarget(row: number): number {
  const [store, department, week] = [storeOf(row), departmentOf(row), weekOf(row)];
  const level = 20_000 * hash(100, department, 0) ** 2 * (0.5 + hash(101, store, 0));
  const season = 1 + 0.5 * Math.abs((week + 7 * department) % 52 - 26) / 26;
  const promotion = week < 92 ? 1 : 1 + 0.2 * hash(5, store % 60, week);
  return level * season * promotion * (0.8 + 0.4 * hash(102, row, 0));
}

function uniformMaker(index: number): ColumnMaker["of"] {
  return (row) => hash(index, row, 1);
}

function uniformTarget(columns: Float64Array[]): (row: number) => number {
  const value = (index: number, row: number) => columns[index % columns.length]![row]!;
  return (row) => {
    const step = value(2, row) > 0.5 ? 3 : 0;
    return 10 * value(0, row) * value(1, row) + step + 2 * value(3, row) + hash(103, row, 2);
  };
}

/** A number from 0 up to 1 that looks random, and depends on nothing but three whole numbers. */
function hash(a: number, b: number, c: number): number {
  let z = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^
    Math.imul(c + 1, 0xc2b2ae35);
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
}

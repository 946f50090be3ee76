/** Columns one behind the other. */
export function joinColumns(columns: ArrayLike<number>[]): Float64Array {
  const joined = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}

/**
 * Columns of zeros, side by side in one piece of memory: for a single row, making each on its own
 * would take longer than a forecast.
 *
 * @example
 * ```ts
 * import { makeColumns } from "./columns.ts";
 * console.log(makeColumns(["a", "b"], 2)); // { a: Float64Array [0, 0], b: Float64Array [0, 0] }
 * ```
 */
export function makeColumns<Name extends string>(
  names: readonly Name[],
  rows: number,
): Record<Name, Float64Array<ArrayBuffer>> {
  const memory = new ArrayBuffer(8 * rows * names.length);
  const columns = {} as Record<Name, Float64Array<ArrayBuffer>>;
  for (let i = 0; i < names.length; i++) {
    columns[names[i]!] = new Float64Array(memory, 8 * rows * i, rows);
  }
  return columns;
}

import { BASELINE } from "../evaluation/baseline.ts";
import type { Parameters, ResultSet } from "./result_set.ts";

/** A named value that is not the same in two places; `undefined` where a place lacks it. */
export interface Difference<T> {
  name: string;
  before: T | undefined;
  now: T | undefined;
}

/**
 * What differs between two sets of named values, by name.
 *
 * @example
 * ```ts
 * import { differences } from "./differences.ts";
 * console.log(differences({ a: 1, b: 2 }, { a: 1, b: 3 })); // [ { name: "b", before: 2, now: 3 } ]
 * ```
 */
export function differences<T>(
  before: Readonly<Record<string, T>>,
  now: Readonly<Record<string, T>>,
): Difference<T>[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].sort()
    .map((name) => ({ name, before: before[name], now: now[name] }))
    .filter(({ before, now }) => JSON.stringify(before) !== JSON.stringify(now));
}

/**
 * Parameters and files that are not those that the figures were made of: raw tables, and what a
 * stage makes for the next where that did not run after it.
 */
export function staleInputs({ parameters, data, made }: ResultSet): string[] {
  // Parameters of the registry alone change no figure, and no stage of these records them.
  const concerned: Parameters = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !name.startsWith("registry.")),
  );
  return [
    ...differences(made.parameters, concerned),
    ...differences(hashes(made.data), hashes(data)),
  ].map(({ name }) => name).concat(made.outdated);
}

/** Whether two results are measured on the same validation rows: the baseline rests on rows alone. */
export function sameRows(before: ResultSet, now: ResultSet): boolean {
  const [a, b] = [before, now].map(({ best, figures }) => [
    best.split,
    figures[BASELINE]!.val,
  ]);
  return JSON.stringify(a) === JSON.stringify(b);
}

function hashes(files: ResultSet["data"]): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, { md5 }]) => [path, md5]));
}

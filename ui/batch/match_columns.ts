import { type FeatureName, FEATURES } from "../../lib/features/table.ts";

/** By feature, the place of its column in the file; none where the file has no such column. */
export type Mapping = Partial<Record<FeatureName, number>>;

/**
 * Finds each feature's column by its name, whatever the case, the order, blanks and underscores; by
 * the name in words too.
 *
 * @example
 * ```ts
 * import { matchColumns } from "./match_columns.ts";
 * const { Store, Fuel_Price } = matchColumns(["fuel price", " STORE "]);
 * console.log(Store, Fuel_Price); // 1 0
 * ```
 */
export function matchColumns(header: readonly string[]): Mapping {
  const places = new Map<string, number>();
  for (const [place, name] of header.entries()) {
    // The first of two columns of a name is the one that people see.
    if (!places.has(simplify(name))) places.set(simplify(name), place);
  }
  const mapping: Mapping = {};
  for (const { name, label } of FEATURES) {
    const place = places.get(simplify(name)) ?? places.get(simplify(label));
    if (place !== undefined) mapping[name] = place;
  }
  return mapping;
}

/** Features that have to be given and have no column. */
export function missingColumns(mapping: Mapping): FeatureName[] {
  return FEATURES.filter(({ name, missing }) => missing === "refuse" && mapping[name] === undefined)
    .map(({ name }) => name);
}

function simplify(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

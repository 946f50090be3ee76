import type { FeatureColumns } from "../features/table.ts";

/** What a store's records have in common, encoded. */
export interface StoreFacts {
  type: number;
  /** In square feet. */
  size: number;
}

/**
 * Type and size of each store, by number, ascending; where rows disagree, the last one's.
 *
 * @example
 * ```ts
 * import { storeFactsOf } from "./store_facts.ts";
 * const facts = storeFactsOf({
 *   Store: Float64Array.of(2, 1, 1),
 *   Type: Float64Array.of(0, 2, 2),
 *   Size: Float64Array.of(151315, 42988, 42988),
 * });
 * console.log(facts.get(1)); // { type: 2, size: 42988 }
 * ```
 */
export function storeFactsOf(
  { Store, Type, Size }: Pick<FeatureColumns, "Store" | "Type" | "Size">,
): Map<number, StoreFacts> {
  const facts = new Map<number, StoreFacts>();
  for (const [row, store] of Store.entries()) {
    facts.set(store, { type: Type[row]!, size: Size[row]! });
  }
  return new Map([...facts].sort(([a], [b]) => a - b));
}

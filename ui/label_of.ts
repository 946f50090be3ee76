import { DERIVED_FEATURES, FEATURES } from "../lib/features/table.ts";

const LABELS = new Map<string, string>(
  [...FEATURES, ...DERIVED_FEATURES].map(({ name, label }) => [name, label]),
);

/**
 * What people call a feature, given or derived; its name where it is of another version.
 *
 * @example
 * ```ts
 * import { labelOf } from "./label_of.ts";
 * console.log(labelOf("Dept")); // Department
 * ```
 */
export function labelOf(name: string): string {
  return LABELS.get(name) ?? name;
}

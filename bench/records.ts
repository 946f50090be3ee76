import { type Feature, FEATURES } from "../lib/features/table.ts";
import type { Rows } from "./table.ts";

/** A record as the API takes it. */
export type JsonRecord = Record<string, number | string | boolean | null>;

/** Rows of a table as records, missing values as null; the inverse of `encodeValue()`. */
export function recordsOf({ columns, targets }: Rows): JsonRecord[] {
  return Array.from(
    targets,
    (_, row) =>
      Object.fromEntries(
        FEATURES.map((feature, index) => [feature.name, decode(feature, columns[index]![row]!)]),
      ),
  );
}

function decode(feature: Feature, code: number): JsonRecord[string] {
  if (Number.isNaN(code)) return null;
  if ("values" in feature) return feature.values[code]!;
  return feature.kind === "flag" ? code === 1 : code;
}

/** The header of a CSV file of records, with its line end. */
export const CSV_HEADER = FEATURES.map(({ name }) => name).join(",") + "\n";

/** A record as a line of CSV with its line end, missing values as empty cells. */
export function csvLine(record: JsonRecord): string {
  return FEATURES.map(({ name }) => record[name] ?? "").join(",") + "\n";
}

/** A field of a record as bench/fastapi has it. */
export interface FieldOfPeer {
  name: string;
  type: "integer" | "number" | "boolean" | "string";
  required: boolean;
  min?: number;
  max?: number;
  values?: readonly string[];
}

/** What bench/fastapi makes its model of a record from. */
export function fieldsOfPeer(): FieldOfPeer[] {
  return FEATURES.map((feature: Feature) => {
    const { name, missing } = feature;
    const common = { name, required: missing === "refuse" };
    if (feature.kind === "flag") return { ...common, type: "boolean" };
    if ("values" in feature) return { ...common, type: "string", values: feature.values };
    const isWhole = feature.kind === "category" || feature.integer;
    return {
      ...common,
      type: isWhole ? "integer" : "number",
      min: feature.min,
      max: feature.max,
    };
  });
}

import { type Feature, FEATURES, TARGET } from "../features/table.ts";

/**
 * What a column of a raw table holds. Ranges and missing-value rules of features come from the
 * feature table.
 */
export interface RawColumn {
  name: string;
  kind: "integer" | "number" | "flag" | "date" | "text";
  /** Ends included. */
  min?: number;
  max?: number;
  /** Allowed texts. */
  values?: readonly string[];
  /** Whether a cell may be empty or NA. */
  nullable: boolean;
}

/** A raw table: its file in the data folder, its columns, and which of them name a row. */
export interface RawTable {
  file: string;
  columns: RawColumn[];
  key: string[];
}

function columnOf(feature: Feature): RawColumn {
  const { name } = feature;
  const nullable = feature.missing !== "refuse";
  if (feature.kind === "flag") return { name, kind: "flag", nullable };
  if ("values" in feature) return { name, kind: "text", values: feature.values, nullable };
  const integer = feature.kind === "category" || feature.integer;
  const { min, max } = feature;
  return { name, kind: integer ? "integer" : "number", min, max, nullable };
}

/** Columns of the features that come from a raw table, in the order of the feature table. */
function columnsFrom(table: Feature["source"]): RawColumn[] {
  return FEATURES.filter(({ source }) => source === table).map(columnOf);
}

function columnNamed(name: string): RawColumn {
  return columnOf(FEATURES.find((feature) => feature.name === name)!);
}

// What the other tables share with train.csv.
const store = columnNamed("Store");
const isHoliday = columnNamed("IsHoliday");
const date: RawColumn = { name: "Date", kind: "date", nullable: false };

/** The three tables of the Walmart weekly-sales data, as published on Kaggle. */
export const RAW_TABLES = {
  train: {
    file: "train.csv",
    columns: [
      ...columnsFrom("train"),
      date,
      // Nullable: a week without a sales figure cannot be learned from, and is dropped and counted.
      { name: TARGET, kind: "number", min: -1e9, max: 1e9, nullable: true },
    ],
    key: ["Store", "Dept", "Date"],
  },
  features: {
    file: "features.csv",
    columns: [store, date, ...columnsFrom("features"), isHoliday],
    key: ["Store", "Date"],
  },
  stores: {
    file: "stores.csv",
    columns: [store, ...columnsFrom("stores")],
    key: ["Store"],
  },
} satisfies Record<string, RawTable>;

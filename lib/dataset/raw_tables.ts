import { FEATURES, TARGET } from "../features/table.ts";

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

function featureColumn(name: string): RawColumn {
  const feature = FEATURES.find((feature) => feature.name === name)!;
  const nullable = feature.missing !== "refuse";
  if (feature.kind === "flag") return { name, kind: "flag", nullable };
  if ("values" in feature) return { name, kind: "text", values: feature.values, nullable };
  const integer = feature.kind === "category" || feature.integer;
  const { min, max } = feature;
  return { name, kind: integer ? "integer" : "number", min, max, nullable };
}

const date: RawColumn = { name: "Date", kind: "date", nullable: false };

/** The three tables of the Walmart weekly-sales data, as published on Kaggle. */
export const RAW_TABLES = {
  train: {
    file: "train.csv",
    columns: [
      featureColumn("Store"),
      featureColumn("Dept"),
      date,
      // Nullable: a week without a sales figure cannot be learned from, and is dropped and counted.
      { name: TARGET, kind: "number", min: -1e9, max: 1e9, nullable: true },
      featureColumn("IsHoliday"),
    ],
    key: ["Store", "Dept", "Date"],
  },
  features: {
    file: "features.csv",
    columns: [
      featureColumn("Store"),
      date,
      ...[
        "Temperature",
        "Fuel_Price",
        "MarkDown1",
        "MarkDown2",
        "MarkDown3",
        "MarkDown4",
        "MarkDown5",
        "CPI",
        "Unemployment",
        "IsHoliday",
      ].map(featureColumn),
    ],
    key: ["Store", "Date"],
  },
  stores: {
    file: "stores.csv",
    columns: [featureColumn("Store"), featureColumn("Type"), featureColumn("Size")],
    key: ["Store"],
  },
} satisfies Record<string, RawTable>;

import pl from "nodejs-polars";
import type { DataFrame } from "nodejs-polars";
import { FOLD_MODELS, type Folds } from "../evaluation/folds.ts";
import { encodeColumn } from "../features/encode.ts";
import { FEATURES } from "../features/table.ts";
import { readFrame } from "./read_frame.ts";

/** Columns of the file beside those of the models, and where they stand in {@linkcode Folds}. */
const COLUMNS = {
  origin: "origin",
  Store: "store",
  Dept: "department",
  Date: "day",
  IsHoliday: "isHoliday",
  Type: "type",
  error_scale: "scale",
  actual: "sales",
} as const;

/** Columns of dates. */
const DATES: readonly string[] = ["origin", "Date"];

const TYPE = FEATURES.find(({ name }) => name === "Type")!;
const TYPES: readonly string[] = "values" in TYPE ? TYPE.values : [];

/** Folds as the bytes of a Parquet file, with the types that people expect. */
export function encodeFolds(folds: Folds): Uint8Array {
  const columns: Record<string, number[] | pl.Series> = {};
  for (const [name, key] of Object.entries(COLUMNS)) columns[name] = Array.from(folds[key]);
  columns["Type"] = pl.Series(
    "Type",
    Array.from(folds.type, (code) => TYPES[code] ?? null),
    pl.String,
  );
  for (const name of FOLD_MODELS) columns[name] = Array.from(folds.predictions[name]);
  return pl.DataFrame(columns)
    .withColumns(
      ...DATES.map((name) => pl.col(name).cast(pl.Int32).cast(pl.Date)),
      ...["Store", "Dept"].map((name) => pl.col(name).cast(pl.Int32)),
      pl.col("IsHoliday").cast(pl.Bool),
    )
    .writeParquet({ compression: "zstd" });
}

/**
 * Reads what {@linkcode encodeFolds} made.
 *
 * @throws {UserError} where the file is missing or not such a Parquet file.
 */
export async function readFolds(path: string): Promise<Folds> {
  const frame = await readFrame(path, [...Object.keys(COLUMNS), ...FOLD_MODELS]);
  const columns = Object.entries(COLUMNS).map(([name, key]) => [key, readColumn(frame, name)]);
  const predictions = FOLD_MODELS.map((name) => [name, readColumn(frame, name)]);
  return {
    length: frame.height,
    ...Object.fromEntries(columns) as Pick<Folds, typeof COLUMNS[keyof typeof COLUMNS]>,
    predictions: Object.fromEntries(predictions) as Folds["predictions"],
  };
}

function readColumn(frame: DataFrame, name: string): Int32Array | Float64Array {
  if (name === "Type") return encodeColumn(TYPE, frame.getColumn(name).toArray() as string[]);
  const numbers = (type: pl.DataType) =>
    frame.select(pl.col(name).cast(type)).getColumn(name).toTypedArray();
  return DATES.includes(name)
    ? Int32Array.from(numbers(pl.Int32))
    : Float64Array.from(numbers(pl.Float64));
}

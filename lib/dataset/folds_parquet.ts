import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import type { DataFrame } from "nodejs-polars";
import { UserError } from "../errors.ts";
import { FOLD_MODELS, type FoldModel, type Folds } from "../evaluation/folds.ts";
import { readFile } from "../files.ts";

/** Columns of the file beside those of the models, and where they stand in {@linkcode Folds}. */
const COLUMNS = {
  origin: "origin",
  Store: "store",
  Dept: "department",
  Date: "day",
  IsHoliday: "isHoliday",
  type: "type",
  series_size: "size",
  actual: "sales",
} as const;

/** Folds as the bytes of a Parquet file, with the types that people expect. */
export function encodeFolds(folds: Folds): Uint8Array {
  const columns: Record<string, number[]> = {};
  for (const [name, key] of Object.entries(COLUMNS)) columns[name] = Array.from(folds[key]);
  for (const name of FOLD_MODELS) columns[name] = Array.from(folds.predictions[name]);
  const date = (name: string) => pl.col(name).cast(pl.Int32).cast(pl.Date);
  return pl.DataFrame(columns)
    .withColumns(
      date("origin"),
      date("Date"),
      ...["Store", "Dept", "type"].map((name) => pl.col(name).cast(pl.Int32)),
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
  const bytes = await readFile(path, "Run `deno task repro` to make it.");
  let frame: DataFrame;
  try {
    frame = pl.readParquet(Buffer.from(bytes.buffer));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(
      `${path} cannot be read as Parquet (${reason}). Run \`deno task repro --force\`.`,
    );
  }
  const missing = [...Object.keys(COLUMNS), ...FOLD_MODELS]
    .filter((name) => !frame.columns.includes(name));
  if (missing.length > 0) {
    throw new UserError(
      `${path}: expected the columns ${missing.join(", ")}, but they are missing. ` +
        "Run `deno task repro --force` to make it anew.",
    );
  }
  const numbers = (name: string) =>
    Float64Array.from(frame.select(pl.col(name).cast(pl.Float64)).getColumn(name).toTypedArray());
  const days = (name: string) =>
    Int32Array.from(frame.select(pl.col(name).cast(pl.Int32)).getColumn(name).toTypedArray());
  return {
    length: frame.height,
    origin: days("origin"),
    day: days("Date"),
    store: numbers("Store"),
    department: numbers("Dept"),
    isHoliday: numbers("IsHoliday"),
    type: numbers("type"),
    size: numbers("series_size"),
    sales: numbers("actual"),
    predictions: Object.fromEntries(FOLD_MODELS.map((name) => [name, numbers(name)])) as Record<
      FoldModel,
      Float64Array
    >,
  };
}

import pl from "nodejs-polars";
import type { DataFrame } from "nodejs-polars";
import { type Feature, FEATURES, TARGET } from "../features/table.ts";
import type { FeatureColumns } from "../features/table.ts";
import { encodeColumn } from "../features/encode.ts";
import { readFrame } from "./read_frame.ts";
import type { SalesTable } from "./sales_table.ts";

/** How a feature stands in a Parquet file. */
function storedType(feature: Feature): pl.DataType {
  if (feature.kind === "flag") return pl.Bool;
  if ("values" in feature) return pl.String;
  return feature.kind === "category" || feature.integer ? pl.Int32 : pl.Float64;
}

/**
 * Joined sales (see {@linkcode joinRaw}) as the bytes of a Parquet file: Date, Weekly_Sales and the
 * features, with the types that people expect.
 */
export function encodeSales(sales: DataFrame): Uint8Array {
  const stored = sales.select(
    pl.col("Date").cast(pl.Int32).cast(pl.Date),
    pl.col(TARGET),
    ...FEATURES.map((feature) => pl.col(feature.name).cast(storedType(feature))),
  );
  return stored.writeParquet({ compression: "zstd" });
}

/**
 * Reads what {@linkcode encodeSales} made.
 *
 * @throws {UserError} where the file is missing or not such a Parquet file.
 */
export async function readSalesTable(path: string): Promise<SalesTable> {
  const frame = await readFrame(path, ["Date", TARGET, ...FEATURES.map(({ name }) => name)]);
  const features = Object.fromEntries(
    FEATURES.map((feature) => [feature.name, readFeature(frame, feature)]),
  ) as FeatureColumns;
  return {
    length: frame.height,
    day: Int32Array.from(
      frame.select(pl.col("Date").cast(pl.Int32)).getColumn("Date").toTypedArray(),
    ),
    sales: numbers(frame, TARGET),
    features,
  };
}

function readFeature(frame: DataFrame, feature: Feature): Float64Array {
  return "values" in feature
    ? encodeColumn(feature, frame.getColumn(feature.name).toArray() as string[])
    : numbers(frame, feature.name);
}

function numbers(frame: DataFrame, name: string): Float64Array {
  const column = frame.select(pl.col(name).cast(pl.Float64).fillNull(pl.lit(NaN))).getColumn(name);
  return Float64Array.from(column.toTypedArray());
}

import pl from "nodejs-polars";
import type { ForecastTable } from "../forecasts/forecast_table.ts";

/** Forecasts as the bytes of a Parquet file, with the columns of the CSV. */
export function encodeForecasts({ keys, amounts, basis }: ForecastTable): Uint8Array {
  return pl.DataFrame({
    Store: keys.map(({ store }) => store),
    Dept: keys.map(({ department }) => department),
    Date: keys.map(({ day }) => day),
    IsHoliday: keys.map(({ isHoliday }) => isHoliday),
    ...Object.fromEntries(
      Object.entries(amounts).map(([name, values]) => [name, Array.from(values)]),
    ),
    basis,
  }).withColumns(
    pl.col("Store").cast(pl.Int32),
    pl.col("Dept").cast(pl.Int32),
    pl.col("Date").cast(pl.Int32).cast(pl.Date),
    pl.col("IsHoliday").cast(pl.Bool),
  ).writeParquet({ compression: "zstd" });
}

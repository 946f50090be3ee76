import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { encodeValue } from "../features/encode.ts";
import { FEATURES } from "../features/table.ts";
import { inFolder } from "../testing.ts";
import { encodeSales, readSalesTable } from "./parquet.ts";

const sales = pl.DataFrame({
  Date: [14645, 14652],
  Weekly_Sales: [24924.5, -12.25],
  Store: [1, 45],
  Dept: [1, 99],
  IsHoliday: [0, 1],
  Temperature: [42.31, 38.51],
  Fuel_Price: [2.572, 2.548],
  MarkDown1: pl.Series("MarkDown1", [null, 10.5], pl.Float64),
  MarkDown2: pl.Series("MarkDown2", [null, null], pl.Float64),
  MarkDown3: pl.Series("MarkDown3", [0, null], pl.Float64),
  MarkDown4: pl.Series("MarkDown4", [null, 1], pl.Float64),
  MarkDown5: pl.Series("MarkDown5", [3, null], pl.Float64),
  CPI: [211.0963582, 211.2421698],
  Unemployment: pl.Series("Unemployment", [8.106, null], pl.Float64),
  Type: ["A", "C"],
  Size: [151315, 39690],
  Year: [2010, 2010],
  Month: [2, 2],
  Week: [5, 6],
});

Deno.test("readSalesTable() gives what encodeValue() gives for each record that encodeSales() took", () =>
  inFolder(async (folder) => {
    const path = `${folder}/train.parquet`;
    await Deno.writeFile(path, encodeSales(sales));
    const table = await readSalesTable(path);
    assert.equal(table.length, 2);
    assert.deepEqual(table.day, Int32Array.of(14645, 14652));
    assert.deepEqual(table.sales, Float64Array.of(24924.5, -12.25));
    const records = pl.readParquet(path).toRecords() as Record<string, string | number | null>[];
    for (const feature of FEATURES) {
      const expected = records.map((record) => encodeValue(feature, record[feature.name]));
      assert.deepEqual(Array.from(table.features[feature.name]), expected, feature.name);
    }
    assert.deepEqual(Array.from(table.features.Type), [0, 2]);
    assert.deepEqual(Array.from(table.features.MarkDown1), [NaN, 10.5]);
  }));

Deno.test("encodeSales() gives the same bytes each time", () => {
  assert.deepEqual(encodeSales(sales), encodeSales(sales));
});

Deno.test("readSalesTable() says what is wrong with a file it cannot use", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      readSalesTable(`${folder}/none.parquet`),
      /none\.parquet is missing\. Run/,
    );
    Deno.writeTextFileSync(`${folder}/text.parquet`, "not Parquet at all, but long enough");
    await assert.rejects(readSalesTable(`${folder}/text.parquet`), /cannot be read as Parquet/);
    pl.DataFrame({ Date: [1] }).writeParquet(`${folder}/other.parquet`);
    await assert.rejects(
      readSalesTable(`${folder}/other.parquet`),
      /expected the columns Weekly_Sales/,
    );
  }));

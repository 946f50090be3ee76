import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { UserError } from "../errors.ts";
import { FOLD_MODELS } from "../evaluation/folds.ts";
import { madeUpFolds, smallSales } from "../evaluation/testing.ts";
import { inFolder } from "../testing.ts";
import { encodeFolds, readFolds } from "./folds_parquet.ts";

const FOLDS = madeUpFolds(
  smallSales(110),
  [30, 9],
  (name, row) => Math.sqrt(row + 2) * (FOLD_MODELS.indexOf(name) - 1.5),
);

Deno.test("readFolds() gives back what encodeFolds() took, to the last bit", () =>
  inFolder(async (folder) => {
    const path = `${folder}/folds.parquet`;
    await Deno.writeFile(path, encodeFolds(FOLDS));
    const folds = await readFolds(path);
    assert.equal(folds.length, 12 * 39);
    assert.deepEqual([...new Set(folds.type)], [0, 1, 2]);
    assert.ok(folds.isHoliday.includes(1) && folds.isHoliday.includes(0));
    assert.deepEqual(folds, FOLDS);
    assert.deepEqual(encodeFolds(folds), encodeFolds(FOLDS));
  }));

Deno.test("readFolds() gives back folds without rows", () =>
  inFolder(async (folder) => {
    const path = `${folder}/folds.parquet`;
    const none = madeUpFolds(smallSales(20), [], () => 0);
    await Deno.writeFile(path, encodeFolds(none));
    assert.deepEqual(await readFolds(path), none);
    assert.equal(none.length, 0);
  }));

Deno.test("encodeFolds() makes dates, whole numbers and flags of what other programs read", () => {
  const frame = pl.readParquet(encodeFolds(FOLDS) as Parameters<typeof pl.readParquet>[0]);
  assert.deepEqual(frame.columns, [
    ...["origin", "Store", "Dept", "Date", "IsHoliday", "Type", "error_scale", "actual"],
    ...["seasonal", "rf", "gbr", "blend", "seasonal_naive"],
  ]);
  const types = Object.fromEntries(
    Object.entries(frame.schema).map(([name, type]) => [name, String(type)]),
  );
  assert.equal(types["origin"], types["Date"]);
  assert.match(types["origin"]!, /Date/);
  assert.match(types["Store"]!, /Int32/);
  assert.match(types["IsHoliday"]!, /Bool/);
  assert.match(types["Type"]!, /String|Utf8/);
  assert.match(types["actual"]!, /Float64/);
  // Week 79 of those from 2010-02-05 is known last, the one after it comes first.
  const [first] = frame.head(1).toRecords() as [Record<string, unknown>];
  assert.deepEqual(
    [first["origin"], first["Date"]].map((date) => (date as Date).toISOString().slice(0, 10)),
    ["2011-08-12", "2011-08-19"],
  );
  assert.deepEqual([first["Store"], first["Dept"], first["Type"]], [1, 1, "A"]);
  assert.deepEqual([...new Set(frame.getColumn("Type").toArray())], ["A", "B", "C"]);
});

Deno.test("readFolds() says what is wrong with a file that it cannot use", () =>
  inFolder(async (folder) => {
    const refuses = (file: string, message: RegExp) =>
      assert.rejects(readFolds(`${folder}/${file}`), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        return true;
      });
    await refuses("folds.parquet", /folds\.parquet is missing\. Run `deno task repro`/);
    await Deno.writeTextFile(`${folder}/text.parquet`, "not Parquet at all, but long enough");
    await refuses("text.parquet", /text\.parquet cannot be read as Parquet .*repro --force/);
    await Deno.writeFile(`${folder}/cut.parquet`, encodeFolds(FOLDS).subarray(0, 900));
    await refuses("cut.parquet", /cut\.parquet cannot be read as Parquet/);
    const other = pl.DataFrame({ Date: [1], rf: [2] }).writeParquet();
    await Deno.writeFile(`${folder}/other.parquet`, other);
    await refuses(
      "other.parquet",
      /expected the columns origin, Store, .*, blend, seasonal_naive,/,
    );
  }));

// Run by `deno task test:spark`, which installs Spark: for a plain `deno test` its name is no test's.

import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { readSalesTable } from "../../lib/dataset/parquet.ts";
import { readFrame } from "../../lib/dataset/read_frame.ts";
import { LEVELS } from "../../lib/intervals/conformal.ts";
import { startLocalServer } from "../../lib/mlflow/local_server.ts";
import { readModel } from "../../lib/model/file.ts";
import type { Model } from "../../lib/model/model.ts";
import { forecast, intervals } from "../../lib/model/predict.ts";
import { venvTool } from "../../lib/tools.ts";
import { SPEED } from "../../tasks/test_spark.ts";
import { copyProject, must, type Result } from "../project.ts";
import { startCluster } from "./cluster.ts";
import { submit, submitAlone } from "./submit.ts";

const NAME = "retail-demand-gbr", ALIAS = "spark-test";

/** Of the speed test; none where that is not asked for: few rows tell nothing, many take minutes. */
const ROWS = Deno.env.has("SPARK_TEST_ROWS") ? Number(Deno.env.get("SPARK_TEST_ROWS")) : undefined;

/** What score.py adds to the columns of its input. */
const ADDED = [
  "prediction",
  ...LEVELS.flatMap((level) => [`lower_${level * 100}`, `upper_${level * 100}`]),
  "model_name",
  "model_version",
];

Deno.test("spark/score.py on a cluster of one master and two workers", async (t) => {
  await using project = await copyProject();
  await must(project.task("repro"));
  const store = { kind: "sqlite", path: project.path("mlflow.db") } as const;
  await using server = await startLocalServer(store, venvTool("python"));
  const version = await setAlias(server.url);
  await Deno.mkdir(project.path("spark-logs"));
  await using cluster = await startCluster(project.path("spark-logs"), 2);
  const model = await readModel(project.path("models/gbr.json"));
  const records = project.path("data/processed/val.parquet");
  const command = (input: string, output: string, ...more: string[]) => [
    "spark/score.py",
    `--model=models:/${NAME}@${ALIAS}`,
    `--tracking-uri=${server.url}`,
    `--input=${input}`,
    `--output=${output}`,
    ...more,
  ];
  const score = (...args: Parameters<typeof command>) => submit(cluster, 2, command(...args));
  const scoreAlone = (...args: Parameters<typeof command>) => submitAlone(command(...args));
  const scored = project.path("scored");

  await t.step("Parquet: all columns and rows, the forecasts of predict()", async () => {
    const { stdout } = await must(score(records, scored, "--partitions=4"));
    const given = await readFrame(records, []);
    const last = lastLine(stdout);
    assert.match(last, new RegExp(`^${given.height} rows scored by ${NAME} version ${version} in`));
    const parts = await partsOf(scored, "parquet");
    assert.equal(parts.length, 4);
    for (const part of parts) await assertPredictions(part, model);
    const result = await readParts(scored);
    assert.deepEqual(result.columns, [...given.columns, ...ADDED]);
    assert.deepEqual([...keysOf(result)].sort(), [...keysOf(given)].sort());
    assert.deepEqual(result.getColumn("model_name").unique().toArray(), [NAME]);
    assert.deepEqual(result.getColumn("model_version").unique().toArray(), [version]);
  });

  await t.step("CSV in and out: the same forecasts, missing values as NA or empty", async () => {
    const frame = await readFrame(records, []);
    const holiday = frame.getColumn("IsHoliday").toArray().map((flag) => flag ? "TRUE" : "False");
    const text = frame.drop("MarkDown3").withColumns(pl.Series("IsHoliday", holiday))
      .writeCSV().toString();
    // One missing value of two is written as people write it in R.
    let missing = 0;
    const written = text.replaceAll(/,(?=,)/g, (comma) => missing++ % 2 === 0 ? ",NA" : comma);
    assert.ok(missing > 0, "Expected missing values in the table");
    await project.write("records.csv", written);
    await must(score(project.path("records.csv"), project.path("scored.csv")));
    const [part, ...others] = await partsOf(project.path("scored.csv"), "csv");
    assert.deepEqual(others, []);
    const result = pl.readCSV(part!, { inferSchemaLength: null });
    assert.deepEqual(result.columns, [...frame.drop("MarkDown3").columns, ...ADDED]);
    const expected = keyed(await readParts(scored));
    const found = keyed(result);
    assert.equal(found.size, frame.height);
    for (const [key, prediction] of found) assert.equal(prediction, expected.get(key), key);
  });

  await t.step("an output that is there: refused, and replaced with --overwrite", async () => {
    const before = await partsOf(scored, "parquet");
    assertError(await scoreAlone(records, scored), /scored is there already .*--overwrite/);
    assert.deepEqual(await partsOf(scored, "parquet"), before);
    await must(score(records, scored, "--overwrite"));
    const after = await partsOf(scored, "parquet");
    assert.ok(after.length > 0 && after.every((part) => !before.includes(part)), after.join());
  });

  await t.step("a missing column: named, and nothing is written", async () => {
    const frame = await readFrame(records, []);
    await Deno.writeFile(project.path("short.parquet"), frame.drop("Size", "Week").writeParquet());
    const output = project.path("none");
    const result = await scoreAlone(project.path("short.parquet"), output);
    assertError(result, /but Size, Week are missing from the input: it has Date, Weekly_Sales/);
    await assert.rejects(Deno.stat(output), Deno.errors.NotFound);
  });

  await t.step("a value that is no number: file and row are named, no _SUCCESS", async () => {
    const text = await project.read("records.csv");
    await project.write("bad.csv", text.replace(",40000,", ",4e4x,"));
    const output = project.path("bad");
    const result = await score(project.path("bad.csv"), output, "--partitions=2");
    assertError(
      result,
      /Expected a whole number in column Size, but found "4e4x" in file:.*bad\.csv, row \{.*"Store":"3"/,
    );
    assert.deepEqual(await partsOf(output, "parquet").catch(() => []), []);
    await assert.rejects(Deno.stat(join(output, "_SUCCESS")), Deno.errors.NotFound);
  });

  await t.step("a week that the year does not have: what the model says", async () => {
    const text = await project.read("records.csv");
    await project.write("week.csv", text.replace(/,\d+\n/, ",60\n"));
    const result = await scoreAlone(project.path("week.csv"), project.path("week"));
    assertError(result, /^error: The model refused a record: .*week 60 of 201/);
  });

  await t.step("an alias that nobody set: named, with the server that was asked", async () => {
    const result = await scoreAlone(
      records,
      project.path("none"),
      `--model=models:/${NAME}@nobody`,
    );
    assertError(result, new RegExp(`models:/${NAME}@nobody was not fetched from ${server.url}`));
  });

  if (ROWS === undefined) return;
  await t.step(`${ROWS.toLocaleString("en")} rows: one worker and two`, async () => {
    const many = project.path("many.parquet");
    await must(submit(cluster, 2, ["tests/spark/generate.py", records, `${ROWS}`, many]));
    const lines = ["workers        rows  seconds  rows a second"];
    for (const workers of [1, 2]) {
      const output = project.path(`many-${workers}`);
      const { stdout } = await must(submit(cluster, workers, command(many, output)));
      const found = /^([\d,]+) rows scored .* in ([\d.]+) s \(([\d,]+) a second\)/
        .exec(lastLine(stdout));
      assert.ok(found, stdout);
      const [, rows, seconds, rate] = found;
      assert.ok(Number(rows!.replaceAll(",", "")) >= ROWS, rows!);
      lines.push([
        `${workers}`.padEnd(7),
        rows!.padStart(11),
        seconds!.padStart(8),
        rate!.padStart(14),
      ].join(" "));
      const parts = await partsOf(output, "parquet");
      await assertPredictions(parts[0]!, model);
      await Deno.remove(output, { recursive: true });
    }
    await Deno.writeTextFile(SPEED, lines.join("\n") + "\n");
  });
});

/** Names the only version of the model for this test. */
async function setAlias(url: string): Promise<number> {
  const version = 1;
  const response = await fetch(`${url}/api/2.0/mlflow/registered-models/alias`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: NAME, alias: ALIAS, version: `${version}` }),
  });
  assert.equal(response.status, 200, await response.text());
  return version;
}

/** The files that hold a table which Spark has written whole. */
async function partsOf(folder: string, ending: string): Promise<string[]> {
  await Deno.stat(join(folder, "_SUCCESS"));
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("part-") && name.endsWith(`.${ending}`)) files.push(join(folder, name));
  }
  return files.sort();
}

async function readParts(folder: string): Promise<pl.DataFrame> {
  const parts = await partsOf(folder, "parquet");
  return pl.concat(await Promise.all(parts.map((part) => readFrame(part, []))));
}

/** A part holds the records too: what it says of them has to be what we say. */
async function assertPredictions(part: string, model: Model): Promise<void> {
  const { features } = await readSalesTable(part);
  const forecasts = forecast(model, features);
  const expected: Record<string, Float64Array> = { prediction: forecasts.predictions };
  for (const level of LEVELS) {
    const { lower, upper } = intervals(model, forecasts, level);
    expected[`lower_${level * 100}`] = lower;
    expected[`upper_${level * 100}`] = upper;
  }
  const found = await readFrame(part, Object.keys(expected));
  assert.ok(found.height > 0);
  for (const [name, values] of Object.entries(expected)) {
    for (const [row, value] of found.getColumn(name).toTypedArray().entries()) {
      const difference = Math.abs(Number(value) - values[row]!) /
        Math.max(1, Math.abs(values[row]!));
      assert.ok(difference <= 1e-9, `${name}, row ${row}: ${value}, expected ${values[row]}`);
    }
  }
}

/** Store, department and week of each row. */
function keysOf(frame: pl.DataFrame): string[] {
  return frame.select("Store", "Dept", "Year", "Week").rows().map((row) => row.join(" "));
}

function keyed(frame: pl.DataFrame): Map<string, number> {
  const predictions = frame.getColumn("prediction").toArray().map(Number);
  return new Map(keysOf(frame).map((key, row) => [key, predictions[row]!]));
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)!;
}

/** spark-submit gives on stdout what its program says on either. */
function assertError({ code, stdout, stderr }: Result, pattern: RegExp): void {
  assert.match(lastLine(stdout), /^error: /, stdout + stderr);
  assert.match(lastLine(stdout), pattern);
  assert.equal(code, 1);
}

import pl from "nodejs-polars";
import { runCommand } from "../lib/cli.ts";
import { loadRaw } from "../lib/dataset/load_raw.ts";
import { encodeSales, readSalesTable } from "../lib/dataset/parquet.ts";
import { daysOf } from "../lib/dataset/profile.ts";
import { RAW_FILES, type RawFiles } from "../lib/dataset/raw_files.ts";
import { readRawFiles } from "../lib/dataset/read_raw_files.ts";
import type { SalesTable } from "../lib/dataset/sales_table.ts";
import { chooseValidation, countWeeks } from "../lib/dataset/split.ts";
import { md5, trackedHash } from "../lib/dvc.ts";
import { UserError } from "../lib/errors.ts";
import { formatDay } from "../lib/features/calendar.ts";
import { FEATURES } from "../lib/features/table.ts";
import { exists, readFile } from "../lib/files.ts";
import { readParams } from "../lib/params.ts";
import type { Params } from "../lib/params_schema.ts";
import { writeFilesAtomic } from "../lib/write_files.ts";
import type { DataFacts } from "./results.ts";
import {
  randomTable,
  SALES,
  salesPath,
  tableBytes,
  type TableFacts,
  type TableName,
  tablePath,
} from "./table.ts";

/** Training rows of a random table: what the speeds of others are quoted for. */
const TRAIN_ROWS = 335_761;

const RANDOM_SEED = 42;

async function makeTables(folder: string, runs: number): Promise<void> {
  const files = await readRaw(folder);
  const frame = loadRaw(files, folder).sales;
  await writeFilesAtomic([[SALES, encodeSales(frame)]]);
  const table = await readSalesTable(SALES);
  const { split } = await readParams();
  await writeSplit(frame, { ...split, strategy: "time" });
  const fraction = table.length > TRAIN_ROWS ? 1 - TRAIN_ROWS / table.length : 0.2;
  const random = { ...split, strategy: "random", validation_fraction: fraction } as const;
  for (let run = 0; run < runs; run++) {
    const tests = chooseValidation(table.day, { ...random, seed: RANDOM_SEED + run });
    await writeTable(randomTable(run), table, tests);
  }
  await writeTable("time", table, chooseValidation(table.day, { ...split, strategy: "time" }));

  const hashes = await Promise.all(RAW_FILES.map((file) => trackedHash(`data/${file}`)));
  const { first, last } = weeksOf(table.day);
  const facts: DataFacts = {
    rows: table.length,
    stores: new Set(table.features.Store).size,
    departments: new Set(table.features.Dept).size,
    weeks: { first, last },
    train_csv_md5: md5(files.get("train.csv")!),
    tracked: RAW_FILES.every((file, i) => md5(files.get(file)!) === hashes[i]),
  };
  console.log(JSON.stringify(facts));
}

/** The sales before and behind the split, as the pipeline has them. */
async function writeSplit(sales: pl.DataFrame, split: Params["split"]): Promise<void> {
  const marked = sales.withColumns(pl.Series("test", chooseValidation(daysOf(sales), split)));
  const side = (mark: number) => marked.filter(pl.col("test").eq(mark)).drop("test");
  await writeFilesAtomic([
    [salesPath("train"), encodeSales(side(0))],
    [salesPath("test"), encodeSales(side(1))],
  ]);
}

async function readRaw(folder: string): Promise<RawFiles> {
  if (folder !== "data") return await readRawFiles(folder);
  const files: RawFiles = new Map();
  for (const file of RAW_FILES) {
    files.set(file, await readFile(`data/${file}`, "Run `deno task data` to fetch or make it."));
  }
  return files;
}

async function writeTable(name: TableName, sales: SalesTable, tests: Uint8Array): Promise<void> {
  const data = {
    columns: FEATURES.map(({ name }) => sales.features[name]),
    targets: sales.sales,
  };
  const trainDays = sales.day.filter((_, row) => tests[row] === 0);
  const facts: TableFacts = {
    rows: sales.length,
    trainRows: trainDays.length,
    weeks: { ...weeksOf(trainDays), count: countWeeks(trainDays) },
    features: FEATURES.map(({ name, kind }) => ({
      name,
      kind: kind === "category" ? "category" : "number",
    })),
  };
  await writeFilesAtomic([
    [`${tablePath(name)}.f64`, tableBytes(data, tests)],
    [`${tablePath(name)}.json`, JSON.stringify(facts)],
  ]);
}

function weeksOf(days: Int32Array): { first: string; last: string } {
  return {
    first: formatDay(days.reduce((a, b) => Math.min(a, b))),
    last: formatDay(days.reduce((a, b) => Math.max(a, b))),
  };
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=bench_tables bench/make_tables.ts",
    summary:
      "Makes the tables of the benchmark in bench/.cache from the raw tables, and prints what " +
      "they come from as JSON.",
    options: {
      data: { type: "string", value: "DIR", description: "folder of the CSVs", default: "data" },
      runs: { type: "string", value: "N", description: "how many random tables", default: "1" },
    },
  }, async ({ values }) => {
    if (!(await exists(values.data))) {
      throw new UserError(`--data: ${values.data} does not exist. Give a folder with the CSVs.`);
    }
    await makeTables(values.data, Number(values.runs));
  });
}

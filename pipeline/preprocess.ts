import pl from "nodejs-polars";
import { runCommand } from "../lib/cli.ts";
import { loadRaw } from "../lib/dataset/load_raw.ts";
import { encodeSales } from "../lib/dataset/parquet.ts";
import { daysOf, profileDataset } from "../lib/dataset/profile.ts";
import { RAW_FILES, type RawFiles } from "../lib/dataset/raw_files.ts";
import { chooseValidation } from "../lib/dataset/split.ts";
import { readFile } from "../lib/files.ts";
import { readParams } from "../lib/params.ts";
import { writeFilesAtomic } from "../lib/write_files.ts";

const RAW = "data";
const PROCESSED = "data/processed";

async function preprocess(): Promise<void> {
  const { split } = await readParams();
  const files: RawFiles = new Map();
  for (const file of RAW_FILES) {
    files.set(file, await readFile(`${RAW}/${file}`, "Run `deno task data` to fetch or make it."));
  }
  const { sales, dropped } = loadRaw(files, RAW);
  const marks = pl.Series("validates", chooseValidation(daysOf(sales), split));
  const marked = sales.withColumns(marks);
  const side = (mark: number) => marked.filter(pl.col("validates").eq(mark)).drop("validates");
  const parts = { all: sales, train: side(0), validation: side(1) };
  const profile = profileDataset(parts, dropped, split);

  await writeFilesAtomic([
    [`${PROCESSED}/train.parquet`, encodeSales(parts.train)],
    [`${PROCESSED}/val.parquet`, encodeSales(parts.validation)],
    [`${PROCESSED}/profile.json`, JSON.stringify(profile, null, 2) + "\n"],
  ]);

  const { rows, weeks } = profile;
  for (const { reason, rows } of dropped) console.log(`dropped ${rows} rows: ${reason}`);
  console.log(
    `train: ${rows.train} rows, ${weeks.train.first} to ${weeks.train.last}; ` +
      `validation: ${rows.validation} rows, ${weeks.validation.first} to ${weeks.validation.last}` +
      (split.strategy === "random" ? " (random rows: not a forecast)" : ""),
  );
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=preprocess pipeline/preprocess.ts",
    summary: "Checks and joins the raw tables in data/, adds the calendar, and splits them into " +
      "data/processed/train.parquet and val.parquet by params.yaml (split).",
    options: {},
  }, preprocess);
}

import pl from "nodejs-polars";
import { runCommand } from "../lib/cli.ts";
import { joinRaw } from "../lib/dataset/join_raw.ts";
import { writeSales } from "../lib/dataset/parquet.ts";
import { daysOf, profileDataset } from "../lib/dataset/profile.ts";
import { RAW_TABLES } from "../lib/dataset/raw_tables.ts";
import { readRawTable } from "../lib/dataset/read_raw.ts";
import { chooseValidation } from "../lib/dataset/split.ts";
import { writeFileAtomic } from "../lib/files.ts";
import { readParams } from "../lib/params.ts";

const RAW = "data";
const PROCESSED = "data/processed";

async function preprocess(): Promise<void> {
  const { split } = await readParams();
  const [stores, features, train] = [
    await readRawTable(RAW, RAW_TABLES.stores),
    await readRawTable(RAW, RAW_TABLES.features),
    await readRawTable(RAW, RAW_TABLES.train),
  ];
  const { sales, dropped } = joinRaw({ train, features, stores }, RAW);
  const marks = pl.Series("validates", chooseValidation(daysOf(sales), split));
  const marked = sales.withColumns(marks);
  const side = (mark: number) => marked.filter(pl.col("validates").eq(mark)).drop("validates");
  const parts = { all: sales, train: side(0), validation: side(1) };
  const profile = profileDataset(parts, dropped, split);

  await writeSales(`${PROCESSED}/train.parquet`, parts.train);
  await writeSales(`${PROCESSED}/val.parquet`, parts.validation);
  await writeFileAtomic(`${PROCESSED}/profile.json`, JSON.stringify(profile, null, 2) + "\n");

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

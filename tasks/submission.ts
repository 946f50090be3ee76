import { runCommand } from "../lib/cli.ts";
import { readStoreFacts } from "../lib/dataset/store_facts.ts";
import { readTestKeys } from "../lib/dataset/test_keys.ts";
import { readFile } from "../lib/files.ts";
import { describeFallbacks, makeForecasts } from "../lib/forecasts/forecast_table.ts";
import { submissionCsv } from "../lib/forecasts/submission.ts";
import { readModel } from "../lib/model/file.ts";
import { writeFileAtomic } from "../lib/write_files.ts";

const OUT = "forecasts/submission.csv";

async function submit(test: string, path: string): Promise<void> {
  const model = await readModel(path);
  const bytes = await readFile(
    test,
    "It comes with Kaggle's data: put it there, or name it by --test.",
  );
  const keys = readTestKeys(bytes, test, model.outlook.origin);
  const stores = "data/stores.csv";
  const facts = readStoreFacts(
    await readFile(stores, "Run `deno task data` to fetch or make it."),
    stores,
  );
  const table = makeForecasts(model, keys, facts);
  await writeFileAtomic(OUT, submissionCsv(keys, table.amounts["forecast"]!));
  const known = keys.filter(({ day }) => day <= model.outlook.origin).length;
  console.log(
    `${keys.length} forecasts by ${model.name} in ${OUT}${describeFallbacks(table)}` +
      (known > 0 ? `; ${known} of weeks whose sales the model knows` : ""),
  );
}

if (import.meta.main) {
  await runCommand({
    name: "deno task submission",
    summary:
      "Writes forecasts of the rows of Kaggle's test.csv as forecasts/submission.csv, in the form\n" +
      "that the Walmart competition takes.",
    options: {
      test: { type: "string", value: "FILE", description: "test.csv", default: "data/test.csv" },
      model: {
        type: "string",
        value: "FILE",
        description: "model file",
        default: "models/model.json",
      },
    },
    examples: ["deno task submission --test ~/Downloads/test.csv"],
  }, ({ values }) => submit(values.test, values.model));
}

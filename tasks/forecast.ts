import { join } from "node:path";
import { forecastChart, type WeekTotals } from "../lib/charts/forecast_chart.ts";
import { renderSvg } from "../lib/charts/render_svg.ts";
import { weeklyTotals } from "../lib/evaluation/weeks.ts";
import { runCommand } from "../lib/cli.ts";
import { comingWeeks } from "../lib/dataset/coming_weeks.ts";
import { encodeForecasts } from "../lib/dataset/forecast_parquet.ts";
import { readStoreFacts } from "../lib/dataset/store_facts.ts";
import { UserError } from "../lib/errors.ts";
import { formatDay } from "../lib/features/calendar.ts";
import { readFile } from "../lib/files.ts";
import {
  describeFallbacks,
  forecastCsv,
  forecastKeys,
  makeForecasts,
} from "../lib/forecasts/forecast_table.ts";
import { ALL, type Outlook } from "../lib/history/outlook.ts";
import { readModel } from "../lib/model/file.ts";
import { writeFilesAtomic } from "../lib/write_files.ts";

const HINT = "Run `deno task data` to fetch or make it.";
const OUT = "forecasts";

async function forecastAll(path: string): Promise<void> {
  const model = await readModel(path);
  const { outlook } = model;
  const features = "data/features.csv", stores = "data/stores.csv";
  const weeks = comingWeeks(await readFile(features, HINT), features, outlook.origin);
  const facts = readStoreFacts(await readFile(stores, HINT), stores);
  const keys = forecastKeys(model, weeks);
  if (keys.length === 0) {
    throw new UserError(
      `${features} has weeks after ${formatDay(outlook.origin)}, but of none of the stores that ` +
        "the model knows. Add the weeks to forecast.",
    );
  }
  const table = makeForecasts(model, keys, facts);

  const days = Int32Array.from(keys, ({ day }) => day);
  const { days: comingDays, actual } = weeklyTotals(days, table.amounts["forecast"]!, {});
  const coming = { days: comingDays, totals: actual };
  await writeFilesAtomic([
    [join(OUT, "forecast.csv"), forecastCsv(table)],
    [join(OUT, "forecast.parquet"), encodeForecasts(table)],
    [
      join(OUT, "forecast.svg"),
      await renderSvg(forecastChart(lastYear(outlook), coming, model.name)),
    ],
  ]);
  console.log(
    `${keys.length} forecasts by ${model.name}, ${formatDay(comingDays[0]!)} to ` +
      `${formatDay(comingDays.at(-1)!)}, in ${OUT}/forecast.csv, .parquet and .svg` +
      describeFallbacks(table),
  );
}

/** Total sales of the weeks that the model still knows. */
function lastYear({ history: { stores, weeks, sales, firstDay } }: Outlook): WeekTotals {
  const totals = new Float64Array(weeks);
  for (const [series, store] of stores.entries()) {
    if (store === ALL) continue;
    for (let week = 0; week < weeks; week++) {
      const value = sales[series * weeks + week]!;
      if (!Number.isNaN(value)) totals[week] = totals[week]! + value;
    }
  }
  return { days: Int32Array.from(totals, (_, week) => firstDay + 7 * week), totals };
}

if (import.meta.main) {
  await runCommand({
    name: "deno task forecast",
    summary:
      "Forecasts every department of every store for the weeks of data/features.csv that the\n" +
      "model does not know yet, with 80 % and 90 % intervals: forecasts/forecast.csv, .parquet, .svg.",
    options: {
      model: {
        type: "string",
        value: "FILE",
        description: "model file",
        default: "models/model.json",
      },
    },
    examples: ["deno task forecast", "deno task forecast --model models/gbr.json"],
  }, ({ values }) => forecastAll(values.model));
}

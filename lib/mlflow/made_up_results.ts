import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";

/**
 * Writes a small made-up result folder for tests, with the files that a run of the pipeline leaves.
 * The numbers mean nothing.
 *
 * @param base An empty folder.
 * @param strategy How the validation rows were chosen.
 */
export async function writeMadeUpResults(
  base: string,
  strategy: "time" | "random" = "time",
): Promise<void> {
  const params = parse(await Deno.readTextFile(new URL("../../params.yaml", import.meta.url)));
  params.split.strategy = strategy;
  const figures = (rmse: number) => ({
    split: strategy,
    rmse,
    mae: rmse / 2,
    wmae: rmse * 0.75,
    r2: null,
    bias: -1.5,
    n: 8,
  });
  const files: Record<string, string> = {
    "params.yaml": stringify(params),
    "dvc.lock": "schema: '2.0'\n",
    "data/train.csv": "Store,Dept\n1,1\n",
    "data/features.csv": "Store,Date\n",
    "data/stores.csv.dvc": "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: stores.csv\n",
    "data/processed/train.parquet": "PAR1 training rows",
    "data/processed/val.parquet": "PAR1 validation rows",
    "data/processed/profile.json": json({ split: params.split, rows: { train: 32, val: 8 } }),
    "metrics/metrics_all.json": json({
      rf: { train: figures(10), val: figures(24) },
      gbr: { train: figures(12), val: figures(20) },
      seasonal_naive: { val: figures(16) },
    }),
    "metrics/best_val_metrics.json": json({ model: "gbr", selected_by: "rmse", ...figures(20) }),
    "metrics/val_metrics_seasonal_naive.json": json({ overall: figures(16) }),
    "metrics/plots/model_comparison.svg": "<svg/>",
  };
  for (const model of ["rf", "gbr"]) {
    files[`metrics/train_metrics_${model}.json`] = json(figures(10));
    files[`metrics/val_metrics_${model}.json`] = json({ overall: figures(20) });
    files[`metrics/val_predictions_${model}.csv`] = "Store,Dept,Date,actual,prediction,residual\n";
    files[`metrics/plots/residual_histogram_${model}.svg`] = `<svg id="${model}"/>`;
    files[`models/${model}.json`] = json({ training: { parameters: params[model] } });
  }
  for (const [file, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(base, file)), { recursive: true });
    await Deno.writeTextFile(join(base, file), text);
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}

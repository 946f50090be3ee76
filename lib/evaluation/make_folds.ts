import type { Shares } from "../candidates.ts";
import { historyOf } from "../history/sales_history.ts";
import { joinColumns } from "../columns.ts";
import { outlookOf } from "../history/compact_outlook.ts";
import type { SalesTable } from "../dataset/sales_table.ts";
import { fitTrees, NO_CORRECTION } from "../model/fit_trees.ts";
import { forecast } from "../model/predict.ts";
import { selectRows, trainingRows } from "../model/training_rows.ts";
import type { Params } from "../params_schema.ts";
import { BASELINE, seasonalNaive } from "./baseline.ts";
import {
  type BlendRows,
  chooseShares,
  FOLD_MODELS,
  type FoldModel,
  foldOrigins,
  type Folds,
  mix,
} from "./folds.ts";

/** Folds, and the blend that is best on them. */
export interface MadeFolds {
  folds: Folds;
  shares: Shares;
}

/**
 * Forecasts the training rows from each fold's origin, by models that were fitted anew on what was
 * known there.
 *
 * @param onTree Called after each tree.
 * @returns Folds without rows where the history is too short for any.
 */
export async function makeFolds(
  table: SalesTable,
  params: Params,
  onTree: () => void = () => {},
): Promise<MadeFolds> {
  const parts: Fold[] = [];
  for (const origin of foldOrigins(table.day, params.folds)) {
    parts.push(await makeFold(table, origin, params, onTree));
  }
  const join = <Key extends "sales" | "scale">(key: Key) =>
    joinColumns(parts.map((part) => part[key]));
  const column = (name: "Store" | "Dept" | "IsHoliday" | "Type") =>
    joinColumns(parts.map(({ rows }) => rows.features[name]));
  const predictions = Object.fromEntries(
    (["seasonal", "rf", "gbr", BASELINE] as const).map((name) => [
      name,
      joinColumns(parts.map((part) => part.predictions[name])),
    ]),
  ) as Record<Exclude<FoldModel, "blend">, Float64Array>;
  const sales = join("sales"), isHoliday = column("IsHoliday");
  const origins = parts.flatMap(({ origin, rows }) => Array<number>(rows.length).fill(origin));
  const all = { ...predictions, blend: blendFolds({ sales, isHoliday, predictions }, origins) };
  return {
    shares: sales.length > 0 ? chooseShares({ sales, isHoliday, predictions }) : NO_SHARES,
    folds: {
      length: sales.length,
      origin: Int32Array.from(origins),
      day: Int32Array.from(joinColumns(parts.map(({ rows }) => rows.day))),
      store: column("Store"),
      department: column("Dept"),
      isHoliday,
      type: column("Type"),
      scale: join("scale"),
      sales,
      predictions: Object.fromEntries(
        FOLD_MODELS.map((name) => [name, all[name]]),
      ) as Folds["predictions"],
    },
  };
}

const NO_SHARES = { rf: 0, gbr: 0 };

/**
 * Forecasts of the blend: at each origin with the shares that are best at the others, for on the
 * forecasts that chose them shares look better than they are. A little of that remains, since origins
 * have weeks in common; and a single origin has no others.
 */
function blendFolds(rows: BlendRows, origins: number[]): Float64Array {
  const blended = new Float64Array(origins.length);
  const different = new Set(origins);
  for (const origin of different) {
    const isOther = (_: number, row: number) => different.size === 1 || origins[row] !== origin;
    const take = (values: Float64Array) => values.filter(isOther);
    const { seasonal, rf, gbr } = rows.predictions;
    const shares = chooseShares({
      sales: take(rows.sales),
      isHoliday: take(rows.isHoliday),
      predictions: { seasonal: take(seasonal), rf: take(rf), gbr: take(gbr) },
    });
    for (const [row, value] of mix(seasonal, rf, gbr, shares).entries()) {
      if (origins[row] === origin) blended[row] = value;
    }
  }
  return blended;
}

interface Fold {
  origin: number;
  rows: SalesTable;
  sales: Float64Array;
  scale: Float64Array;
  predictions: Record<Exclude<FoldModel, "blend">, Float64Array>;
}

async function makeFold(
  table: SalesTable,
  origin: number,
  params: Params,
  onTree: () => void,
): Promise<Fold> {
  const { seasonal: { rank }, folds: { horizon_weeks } } = params;
  const known = selectRows(table, (day) => day <= origin);
  const rows = selectRows(table, (day) => day > origin && day <= origin + 7 * horizon_weeks);
  const trees = await fitTrees(trainingRows(known, rank, horizon_weeks), params, onTree);
  const outlook = outlookOf(historyOf(known), rank);
  const forecasts = Object.fromEntries(
    Object.entries({ seasonal: NO_CORRECTION, ...trees }).map(([name, { features, ensemble }]) => [
      name,
      forecast({ features, ensemble, outlook }, rows.features),
    ]),
  );
  const predictions = Object.fromEntries(
    Object.entries(forecasts).map(([name, { predictions }]) => [name, predictions]),
  );
  predictions[BASELINE] = seasonalNaive(known, rows).predictions;
  return {
    origin,
    rows,
    sales: rows.sales,
    scale: forecasts.seasonal!.scale,
    predictions: predictions as Fold["predictions"],
  };
}

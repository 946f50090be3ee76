import { type AnyFeatureName, type Feature, FEATURES, TARGET } from "../../features/table.ts";
import { LEAST_SIZE } from "../../history/outlook.ts";
import { LEVELS } from "../../intervals/conformal.ts";
import type { Model } from "../model.ts";
import { Graph, ML_DOMAIN } from "./graph.ts";
import { type Column, encodeModelProto } from "./proto.ts";
import { addSeries, addWeekTable, type SeriesValues } from "./series.ts";
import { addEnsemble } from "./tree_ensemble.ts";
import { addWeeks, type WeekValues } from "./weeks.ts";

/** ONNX 1.16 and later know both. */
const OPSETS = { "": 21, [ML_DOMAIN]: 5 };

/** Inputs of the exported model: a record's fields, in their order. */
export const ONNX_INPUTS: Column[] = FEATURES.map((feature: Feature) => ({
  name: feature.name,
  type: inputType(feature),
  description: feature.description,
}));

/** Outputs of the exported model: the forecast, and the ends of its prediction intervals. */
export const ONNX_OUTPUTS: Column[] = [
  { name: TARGET, type: "double", description: "Forecast of the week's sales, in USD." },
  ...LEVELS.flatMap((level): Column[] =>
    (["lower", "upper"] as const).map((end) => ({
      name: `${end}_${level * 100}`,
      type: "double",
      description: `${end === "lower" ? "Lower" : "Upper"} end of the ${level * 100} % ` +
        "prediction interval, in USD.",
    }))
  ),
];

/**
 * A whole servable model as an ONNX file: from the fields of records, one column of shape [N] each,
 * to forecasts with their intervals. What is derived of past sales is looked up in tables inside.
 *
 * The same numbers as {@linkcode forecast} and {@linkcode intervals}. Where those throw, since the year
 * has no such week, all outputs are NaN.
 *
 * @returns Bytes of the file: ONNX operators 21, ai.onnx.ml 5. Equal models are equal bytes.
 *
 * @example
 * ```ts
 * import { readModel } from "../file.ts";
 * import { encodeOnnx } from "./encode.ts";
 * console.log(encodeOnnx(await readModel("models/model.json")).length, "bytes");
 * ```
 */
export function encodeOnnx(model: Model): Uint8Array<ArrayBuffer> {
  const { name, features, ensemble, outlook, intervals } = model;
  const graph = new Graph(name);
  const fields = Object.fromEntries(
    ONNX_INPUTS.map((column) => [column.name, graph.input(column)]),
  ) as Record<typeof FEATURES[number]["name"], string>;

  const { history: { weeks, stores, sales }, seasonal } = outlook;
  const levels = seasonal.length / stores.length;
  const week = addWeeks(graph, fields, outlook, { sales: weeks, levels }, intervals.horizons);
  const series = addSeries(graph, fields, outlook);
  const levelIn = addWeekTable(graph, seasonal, levels, series.series);

  const size = graph.op("Max", [
    graph.double(LEAST_SIZE),
    graph.op("Mul", [series.share, series.size]),
  ]);
  const shareOf = (value: string) => graph.op("Mul", [series.share, value]);
  const level = shareOf(seasonalLevel(graph, week, levelIn));
  const recent = shareOf(series.level);
  const seasonalForecast = addGrowth(graph, week, series, level, recent);

  let forecast = seasonalForecast;
  if (features.length > 0) {
    const salesIn = addWeekTable(graph, sales, weeks, series.series);
    const inSizes = (value: string) => graph.op("Div", [value, size]);
    const derived: Partial<Record<AnyFeatureName, () => string>> = {
      Lag_51: () => inSizes(shareOf(salesIn(week.Lag_51))),
      Lag_52: () => inSizes(shareOf(salesIn(week.Lag_52))),
      Lag_53: () => inSizes(shareOf(salesIn(week.Lag_53))),
      Seasonal_Level: () => inSizes(level),
      Recent_Level: () => inSizes(recent),
      Series_Size: () => size,
    };
    const columns = features.map((feature): string => {
      if (feature in derived) return derived[feature]!();
      if (feature in series) return series[feature as keyof SeriesValues];
      if (feature in week) return graph.cast(week[feature as "Horizon"], "double");
      const field = FEATURES.find(({ name }) => name === feature)!;
      return encodeField(graph, field, fields[field.name]);
    });
    const correction = addEnsemble(graph, ensemble, columns);
    forecast = graph.op("Add", [seasonalForecast, graph.op("Mul", [size, correction])]);
  }
  const outputs = [forecast, ...addIntervals(graph, model, week, forecast, size)];
  for (const [i, column] of ONNX_OUTPUTS.entries()) {
    graph.output(column, graph.where(week.isWeek, outputs[i]!, graph.double(NaN)));
  }
  return encodeModelProto({
    graph: graph.proto,
    opsets: OPSETS,
    producer: "retail-demand",
    description: "Weekly sales in USD of a department of a store, with prediction intervals.",
    metadata: { name, last_week: model.training.weeks.last },
  });
}

/** Whole numbers that have to be there are integers: the rest may be missing, which is NaN. */
function inputType(feature: Feature): Column["type"] {
  if (feature.kind === "flag") return "bool";
  if ("values" in feature) return "string";
  if (feature.missing === "keep") return "double";
  return feature.kind === "category" || feature.integer ? "int64" : "double";
}

/** The number that stands for a field's value; see {@linkcode encodeValue}. */
function encodeField(graph: Graph, feature: Feature, value: string): string {
  if (!("values" in feature)) return graph.cast(value, "double");
  const code = graph.mlOp("LabelEncoder", [value], {
    keys_strings: [...feature.values],
    values_int64s: feature.values.map((_, index) => index),
    default_int64: -1,
  });
  const isUnknown = graph.op("Less", [code, graph.int(0)]);
  return graph.where(isUnknown, graph.double(NaN), graph.cast(code, "double"));
}

/** Mean of the corresponding weeks that are known, in USD; NaN where none is. */
function seasonalLevel(
  graph: Graph,
  { level_1, level_2, shares }: WeekValues,
  levelIn: (week: string) => string,
): string {
  const zero = graph.double(0);
  const parts = [level_1, level_2].map((week, i) => {
    const level = levelIn(week);
    const isUnknown = graph.op("IsNaN", [level]);
    return {
      level: graph.where(isUnknown, zero, graph.op("Mul", [shares[i]!, level])),
      share: graph.where(isUnknown, zero, shares[i]!),
    };
  });
  const sum = (pick: (part: typeof parts[number]) => string) => graph.op("Add", parts.map(pick));
  // 0 / 0 is NaN.
  return graph.op("Div", [sum(({ level }) => level), sum(({ share }) => share)]);
}

function addGrowth(
  graph: Graph,
  { Horizon }: WeekValues,
  { growth }: SeriesValues,
  level: string,
  recent: string,
): string {
  const isToCome = graph.op("Greater", [Horizon, graph.int(0)]);
  const factor = graph.where(isToCome, growth, graph.double(1));
  return graph.where(
    graph.op("IsNaN", [level]),
    recent,
    graph.op("Mul", [level, factor]),
  );
}

/** Lower and upper end of each level. */
function addIntervals(
  graph: Graph,
  { intervals }: Pick<Model, "intervals">,
  { band, errorScale }: WeekValues,
  forecast: string,
  size: string,
): string[] {
  const scale = graph.op("Mul", [size, errorScale]);
  const bands = intervals.scales.length + 1;
  const aboveEnds = intervals.scales.map((end) =>
    graph.cast(graph.op("Greater", [scale, graph.double(end)]), "int64")
  );
  const place = aboveEnds.reduce(
    (sum, isAbove) => graph.op("Add", [sum, isAbove]),
    graph.op("Mul", [band, graph.int(bands)]),
  );
  return LEVELS.flatMap((_, i) => {
    const widths = graph.constant(Float64Array.from(intervals.widths[i]!.flat()));
    const half = graph.op("Mul", [graph.gather(widths, place), scale]);
    return [graph.op("Sub", [forecast, half]), graph.op("Add", [forecast, half])];
  });
}

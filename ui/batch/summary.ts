import { formatDay } from "../../lib/features/calendar.ts";
import type { ChartSpec } from "../components/chart_spec.ts";
import type { BatchResult } from "./messages.ts";

/** What a batch adds up to. */
export interface Summary {
  forecasts: number;
  /** In USD. */
  total: number;
  mean: number;
  charts: ChartSpec[];
}

const BINS = 40;

/** So few weeks are bars, more are a line. */
const FEW = 12;

/** Adds up a batch: in all, by week, by store, and how its forecasts are distributed. */
export function summarise({ prediction, day, store, lines }: BatchResult): Summary {
  const weeks = new Map<number, number>(), stores = new Map<number, number>();
  let forecasts = 0, total = 0, high = 0;
  const add = (sums: Map<number, number>, key: number, value: number) =>
    sums.set(key, (sums.get(key) ?? 0) + value);
  for (let row = 0; row < lines.length; row++) {
    const value = prediction[row]!;
    if (Number.isNaN(value)) continue;
    forecasts++;
    total += value;
    if (value > high) high = value;
    add(weeks, day[row]!, value);
    add(stores, store[row]!, value);
  }
  const counts = new Array<number>(BINS).fill(0);
  const step = niceStep(high / BINS);
  for (const value of prediction) {
    if (!Number.isNaN(value)) counts[Math.min(BINS - 1, Math.max(0, Math.floor(value / step)))]!++;
  }
  const last = counts.findLastIndex((count) => count > 0);
  const byWeek = [...weeks].filter(([day]) => !Number.isNaN(day)).sort(([a], [b]) => a - b);
  const byStore = [...stores].sort(([a], [b]) => a - b);
  const charts: ChartSpec[] = [
    {
      title: "Forecast sales of all rows, by week",
      series: [{
        name: "Forecast",
        kind: byWeek.length > FEW ? "line" : "bars",
        tone: "accent",
        x: byWeek.map(([day]) => formatDay(day)),
        y: byWeek.map(([, sum]) => sum),
      }],
      yTitle: "US dollars",
      money: true,
      categories: byWeek.length <= FEW,
    },
    {
      title: "Forecast sales of all rows, by store",
      series: [{
        name: "Forecast",
        kind: "bars",
        tone: "accent",
        x: byStore.map(([store]) => `${store}`),
        y: byStore.map(([, sum]) => sum),
      }],
      xTitle: "Store",
      yTitle: "US dollars",
      money: true,
      categories: true,
    },
    {
      title: "How large the forecasts are",
      series: [{
        name: "Rows",
        kind: "bars",
        tone: "accent",
        x: counts.slice(0, last + 1).map((_, bin) => Math.round((bin + 0.5) * step)),
        y: counts.slice(0, last + 1),
      }],
      xTitle: "US dollars a week",
      yTitle: "Rows",
      money: false,
    },
  ];
  return { forecasts, total, mean: total / (forecasts || 1), charts };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

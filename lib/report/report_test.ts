import assert from "node:assert/strict";
import type { ForecastMetrics } from "../evaluation/metrics.ts";
import { reportHtml } from "./report.ts";
import type { ReportInput } from "./report_input.ts";

const figures = (wmae: number, skill: number): ForecastMetrics => ({
  rmse: 3000,
  mae: 1500,
  wmae,
  r2: 0.9,
  bias: 1,
  n: 10,
  skill,
  split: "time",
});

const weeks = { first: "2010-02-05", last: "2012-10-26", count: 143 };

const input: ReportInput = {
  choice: { model: "gbr", chosenOn: "folds" },
  metric: "wmae",
  splitLabel: "last <39> weeks & more",
  metricsAll: {
    gbr: { folds: figures(1400, 0.3), val: figures(1337, 0.27) },
    seasonal_naive: { folds: figures(2000, 0), val: figures(1823, 0) },
  },
  figures: {
    gbr: { slices: { holiday: { holiday: figures(1111, 0), other: figures(2222, 0) } } },
    seasonal_naive: { slices: { holiday: { holiday: figures(3333, 0), other: figures(4444, 0) } } },
  },
  profile: {
    split: { strategy: "time", validation_weeks: 39 },
    rows: { raw: 20, train: 8, validation: 12 },
    dropped: [],
    stores: 1,
    departments: 1,
    weeks: { all: weeks, train: weeks, validation: weeks },
    nulls: {},
  },
  hashes: { "data/processed/train.parquet": "c0ffee".repeat(10) },
  parameters: { gbr: { loss: "absolute_error", note: "<script>alert(1)</script>" } },
  pictures: {
    "total_by_week.svg":
      '<svg xmlns="http://www.w3.org/2000/svg"><defs><clipPath id="clip1"/></defs>' +
      '<g clip-path="url(#clip1)"/></svg>',
    "residual_histogram_gbr.svg":
      '<svg xmlns="http://www.w3.org/2000/svg"><defs><clipPath id="clip1"/></defs>' +
      '<g clip-path="url(#clip1)"/></svg>',
  },
};

Deno.test("reportHtml() holds the figures of each model, slice and parameter", () => {
  const html = reportHtml(input);
  for (const text of ["1,337", "1,823", "1,400", "1,111", "4,444", "absolute_error", "c0ffee"]) {
    assert.ok(html.includes(text), text);
  }
});

Deno.test("reportHtml() escapes what it is told, and asks for nothing from elsewhere", () => {
  const html = reportHtml(input);
  assert.ok(html.includes("last &lt;39&gt; weeks &amp; more"));
  assert.doesNotMatch(html, /<script/);
  assert.doesNotMatch(html, /(src|href)="(?!#|data:)/);
});

Deno.test("reportHtml() has no id twice, though pictures do", () => {
  const ids = [...reportHtml(input).matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  assert.ok(ids.filter((id) => id!.includes("clip1")).length === 2);
  assert.equal(new Set(ids).size, ids.length);
});

Deno.test("reportHtml() gives each table a caption and each picture words", () => {
  const html = reportHtml(input);
  const count = (pattern: RegExp) => [...html.matchAll(pattern)].length;
  assert.equal(count(/<table/g), count(/<caption/g));
  assert.equal(count(/<h1/g), 1);
  assert.ok(count(/<th[^>]* scope="/g) >= count(/<th\b/g));
});

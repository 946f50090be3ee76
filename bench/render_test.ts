import assert from "node:assert/strict";
import { exists } from "../lib/files.ts";
import { renderResults } from "./render.ts";
import type { Comparison, Figures, SuiteResult } from "./results.ts";
import { spread } from "./statistics.ts";
import { SUITES } from "./suites.ts";

const once = (value: number) => spread([value]);

const comparison: Comparison = {
  workload: "100 trees of 31 leaves",
  threads: 2,
  rows: 335_761,
  ours: {
    name: "ours",
    input: "categories",
    seconds: spread([0.5, 0.75, 1]),
    rmse: 5000,
    run_rmse: once(5000),
    peak_mb: once(99.6),
  },
  peer: {
    name: "LightGBM",
    input: "numbers",
    seconds: spread([1, 1.25, 2]),
    rmse: 5001,
    run_rmse: once(5001),
  },
  ratio: spread([0.5, 0.6, 0.5]),
  target: 1,
};

function resultOf(suite: string, figures: Figures): SuiteResult {
  return {
    suite,
    measured: "2026-11-23",
    runs: 3,
    machine: { cpu: "Abacus", cores: 2, memory_gb: 25.3, os: "linux 6.1 x86_64" },
    versions: { deno: "2.9.6", lightgbm: "4.6.0" },
    data: {
      rows: 421_570,
      stores: 45,
      departments: 81,
      weeks: { first: "2010-02-05", last: "2012-10-26" },
      train_csv_md5: "0123",
      tracked: true,
    },
    figures,
  };
}

const table = { train_rows: 335_761, test_rows: 85_809, columns: 17 };

function renderComparison(changes: Partial<Comparison>[]): string {
  const comparisons = changes.map((change) => ({ ...comparison, ...change }));
  return renderResults([resultOf("boosting", { kind: "comparisons", table, comparisons })]);
}

const withRmse = (rmse: number) => ({ ours: { ...comparison.ours, rmse } });

Deno.test("renderResults() puts a comparison in a row: times, ratio, target, both RMSE, memory", () => {
  const row = [
    ...["100 trees of 31 leaves", "2", "335,761", "LightGBM", "categories / numbers"],
    ...["0.75 (0.5–1)", "1.25 (1–2)", "0.5 (0.5–0.6)", "yes, ≤ 1"],
    ...["5,000", "5,001", "better, −0.02 %", "100", ""],
  ];
  assert.ok(renderComparison([{}]).includes(`\n| ${row.join(" | ")} |\n`));
});

Deno.test("renderResults() tells RMSE that is better, within 1 % and worse", () => {
  assert.match(renderComparison([withRmse(4501)]), / better, −10 % /);
  assert.match(renderComparison([withRmse(5026)]), / within 1 %, \+0\.5 % /);
  assert.match(renderComparison([withRmse(5100)]), / \*\*worse\*\*, \+1\.98 % /);
});

Deno.test("renderResults() marks a ratio above its target", () => {
  assert.match(renderComparison([{ target: 0.4 }]), /\| \*\*no\*\*, ≤ 0\.4 \|/);
});

Deno.test("renderResults() tells growth where comparisons differ in rows", () => {
  const of = (rows: number, ours: number, theirs: number) => ({
    rows,
    ours: { ...comparison.ours, seconds: once(ours) },
    peer: { ...comparison.peer, seconds: once(theirs) },
  });
  const text = renderComparison([of(2000, 1, 1), of(4000, 2, 4), of(8000, 4, 16)]);
  assert.match(text, /the power of 1\.00 for ours and of 2\.00 for LightGBM:/);
  assert.doesNotMatch(renderComparison([{}, {}]), /the power of/);
});

Deno.test("renderResults() tells machine, versions and data under every suite", () => {
  const text = renderComparison([{}]);
  assert.match(text, /\n\| measured \| 2026-11-23, 3 runs of each side \|\n/);
  assert.match(text, /\n\| machine \| Abacus, 2 cores, 25\.3 GB, linux 6\.1 x86_64 \|\n/);
  assert.match(text, /\n\| versions \| deno 2\.9\.6, lightgbm 4\.6\.0 \|\n/);
  assert.match(text, /421,570 rows, 45 stores, .* 2012-10-26; raw tables: those that the project/);
});

Deno.test("renderResults() holds memory against the binned data, series by series", () => {
  const point = {
    series: "rows",
    shape: "panel",
    learner: "forest",
    features: 17,
    trees: 10,
    workers: 1,
  } as const;
  const points = [[100_000, 1], [200_000, 2]].map(([rows, seconds]) => ({
    ...point,
    rows: rows!,
    seconds: once(seconds!),
    peak_mb: once(6.8),
    binned_mb: rows! * 17 / 1e6,
  }));
  const text = renderResults([resultOf("growth", { kind: "growth", points })]);
  assert.match(text, /\n### Forest of at most 7,000 leaves, panel: rows\n/);
  assert.match(text, /\| 100,000 \| 17 \| 10 \| 1 \| 1 \| 6\.8 \| 1\.7 \| 4 \| \*\*no\*\*, ≤ 3 \|/);
  assert.match(text, /\| 200,000 \| 17 \| 10 \| 1 \| 2 \| 6\.8 \| 3\.4 \| 2 \| yes, ≤ 3 \|/);
  assert.match(text, /Time grows with rows to the power of 1\.00\./);
});

Deno.test("renderResults() tells one record's time and a batch's, and that forecasts agree", () => {
  const figures: Figures = {
    kind: "prediction",
    models: [{
      name: "boosting",
      trees: 400,
      leaves: 25_200,
      one: { microseconds: once(23.4), p99: once(60), target: 50 },
      batch: [{
        peer: "onnxruntime",
        rows: 100_000,
        ours: once(1.5),
        theirs: once(1),
        ratio: once(1.5),
        max_difference: 2.9e-11,
      }],
    }],
  };
  const text = renderResults([resultOf("prediction", figures)]);
  assert.match(text, /\| boosting \| 400 \| 25,200 \| 23\.4 \| 60 \| yes, ≤ 50 \|/);
  assert.match(
    text,
    /\| boosting \| onnxruntime \| 100,000 \| 1\.5 \| 1 \| 1\.5 \| \*\*no\*\*, ≤ 1 \| 2\.9e-11 \|/,
  );
});

Deno.test("renderResults() sets a model's RMSE against that of the unlimited forest", () => {
  const model = {
    learner: "rf",
    change: "none",
    trees: 100,
    leaves: 1_500_000,
    file_mb: 7.5,
    validation_rmse: 4025,
  } as const;
  const figures: Figures = {
    kind: "model",
    table,
    defaults: [{ ...model, load_ms: once(120), targets: { file_mb: 8, load_ms: 100 } }],
    unlimited: { ...model, file_mb: 150, validation_rmse: 4000 },
    curve: [{ ...model, change: "max_leaf_nodes 2000", validation_rmse: 4400 }],
  };
  const text = renderResults([resultOf("model", figures)]);
  const row = "rf | 100 | 1,500,000 | 7.5 | yes, ≤ 8 | 120 | **no**, ≤ 100 | 1.0063 | yes, ≤ 1.01";
  assert.ok(text.includes(`\n| ${row} |\n`), text);
  assert.match(text, /\n\| rf \| max_leaf_nodes 2000 \| 1,500,000 \| 7\.5 \| 1\.1000 \|/);
});

const loadsOf = (rates: number[]) =>
  rates.map((rate, i) => ({
    connections: [1, 8, 64][i]!,
    rate: once(rate),
    p50: once(0.1),
    p90: once(0.2),
    p99: once(12),
  }));

const apiFigures: Figures = {
  kind: "api",
  seconds: 5,
  batch_records: 10_000,
  csv_rows: 1_000_000,
  peer_rows: 100_000,
  servers: [
    { side: "empty", start_ms: once(80), one: loadsOf([1e4, 8e4, 1e5]), one_mb: once(70) },
    {
      side: "ours",
      model: "boosting",
      size: { trees: 100, leaves: 3100, file_mb: 1.5 },
      start_ms: once(140),
      one: loadsOf([5e3, 4e4, 5e4]),
      one_mb: once(210),
      batch: { records_a_second: once(90_000), p50: once(111), peak_mb: once(220) },
      csv: { rows_a_second: once(70_000), tenth_mb: once(150), peak_mb: once(151) },
      inside: {
        parse: once(2),
        check: once(1),
        forecast: once(6),
        trees: once(4),
        write: once(1),
        all: once(10),
      },
    },
    {
      side: "peer",
      model: "boosting",
      start_ms: once(5000),
      one: loadsOf([100, 140, 130]),
      batch: { records_a_second: once(30_000), p50: once(333) },
    },
  ],
  times: [{ model: "boosting", connections: 64, times: once(385) }],
  shares: (["bare", "ours"] as const).flatMap((side) =>
    [8, 64].map((connections) => ({ side, model: "boosting", connections, share: once(0.5) }))
  ),
};

Deno.test("renderResults() tells the API's rates and latencies, and what it keeps to", () => {
  const text = renderResults([resultOf("api", apiFigures)]);
  const rows = [
    "| ours, boosting | 64 | 50,000 | 0.1 | 0.2 | 12 | **no**, ≤ 10 |",
    "| ours, boosting | 8 | 40,000 | 0.1 | 0.2 | 12 |  |",
    "| FastAPI, boosting | 64 | 130 | 0.1 | 0.2 | 12 |  |",
    "| bare, boosting | 64 |  |  | 0.5 |  |",
    "| ours, boosting | 8 |  |  | 0.5 |  |",
    "| ours, boosting | 64 | 385 | yes, ≥ 100 | 0.5 | yes, ≥ 0.4 |",
    "| ours, boosting | 90,000 | yes, ≥ 80,000 | 111 | 220 | 70,000 | **no**, ≥ 80,000 | 150 | 151 |",
    "| FastAPI, boosting | 30,000 |  | 333 |  |  |  |  |  |",
    "| ours, boosting | 100 | 3,100 | 1.5 | 140 |  | 210 | **no**, ≤ 200 |",
  ];
  for (const row of rows) assert.ok(text.includes(`\n${row}\n`), `${row} in\n${text}`);
});

Deno.test("renderResults() tells what HTTP takes beyond a process that answers without", () => {
  const text = renderResults([resultOf("api", apiFigures)]);
  const ours = "| ours, boosting | 2 | 1 | 6 | 4 | 1 | 10 | 20 | 10 | 100,000 |";
  assert.ok(text.includes(`\n${ours}\n| empty |  |  |  |  |  |  | 10 | 10 |  |\n`), text);
});

Deno.test("RESULTS.md is what renderResults() makes of bench/results", async () => {
  const results: SuiteResult[] = [];
  for (const suite of SUITES.keys()) {
    const path = `bench/results/${suite}.json`;
    if (await exists(path)) results.push(JSON.parse(await Deno.readTextFile(path)));
  }
  if (results.length === 0) return;
  // What the formatter changes: line ends, padding, the length of rules.
  const plain = (text: string) => text.replace(/\s+/g, " ").replace(/-{3,}/g, "---").trim();
  const text = plain(renderResults(results));
  assert.equal(plain(await Deno.readTextFile("bench/RESULTS.md")), text);
  assert.doesNotMatch(text, /NaN|undefined|Infinity/);
});

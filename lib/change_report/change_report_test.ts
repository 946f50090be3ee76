import assert from "node:assert/strict";
import { changeReport } from "./change_report.ts";
import type { ResultSet } from "./result_set.ts";
import { figuresOf, someResults } from "./testing.ts";

/** Results in which the chosen model's WMAE is another. */
function withError(wmae: number, change: (results: ResultSet) => void = () => {}): ResultSet {
  const results = structuredClone(someResults());
  results.figures["rf"]!.val.wmae = wmae;
  change(results);
  return results;
}

/** The first line of a report against {@linkcode someResults} as `main`. */
function verdictOf(now: ResultSet, before: ResultSet | undefined = someResults()): string {
  return changeReport("main", before, now).split("\n")[0]!;
}

Deno.test("the first line of a report is its verdict", () => {
  assert.equal(verdictOf(withError(970)), "## 🟢 Better: WMAE 970, 3.0 % less than on main");
  assert.equal(verdictOf(withError(1031)), "## 🔴 Worse: WMAE 1,031, 3.1 % more than on main");
  assert.equal(
    verdictOf(someResults()),
    "## ⚪ No change that counts: WMAE 1,000, as on main",
  );
  // registry.margin is 0.005.
  assert.equal(
    verdictOf(withError(1004)),
    "## ⚪ No change that counts: WMAE 1,004, 0.4 % more than on main",
  );
  assert.equal(
    verdictOf(withError(1600)),
    "## 🔴 No better than last year's week: WMAE 1,600, the naive forecast has 1,500",
  );
  assert.equal(
    changeReport("main", undefined, someResults()).split("\n")[0],
    "## ⚪ First figures: WMAE 1,000; main has none to compare with",
  );
});

Deno.test("a better model that errs more in a slice is not just better", () => {
  const now = withError(970, ({ slices }) => {
    (slices["rf"]!["holiday"] as Record<string, unknown>)["holiday"] = figuresOf(1210);
  });
  assert.equal(
    verdictOf(now),
    "## 🟢 Better: WMAE 970, 3.0 % less than on main, but worse in 1 slice",
  );
  assert.match(
    changeReport("main", someResults(), now),
    /^\| Weeks: holiday weeks \| 1,100 \| 1,210 \| ▲ 10.0 % 🔴 \| -45.0 % \|$/m,
  );
  assert.doesNotMatch(changeReport("main", someResults(), now), /other weeks/);
});

Deno.test("the margin that slices have is told in percent", () => {
  const now = withError(970, (now) => {
    now.parameters = { ...now.parameters, "registry.margin": 0.007 };
  });
  assert.match(changeReport("main", someResults(), now), /^None by more than 0\.7 %\.$/m);
});

Deno.test("errors on other rows are not compared", () => {
  const now = withError(500, ({ figures }) => figures["seasonal_naive"]!.val.n = 99);
  const text = changeReport("main", someResults(), now);
  assert.match(text, /^## 🟡 Not comparable with main: validation is over other rows. WMAE 500\n/);
  assert.match(text, /^\| Model \| WMAE \| against naive \|/m);
  assert.doesNotMatch(text, /[▲▼]|Slices that got worse/);
});

Deno.test("figures that were made of other parameters or data are out of date", () => {
  const parameters = withError(970, (now) => {
    now.parameters = { ...now.parameters, "rf.n_estimators": 200 };
  });
  const text = changeReport("main", someResults(), parameters);
  assert.match(text, /^## 🟡 Out of date/);
  assert.match(text, /other values of `rf.n_estimators`\. Run `deno task repro`/);
  const data = withError(970, (now) => {
    now.data = { "data/train.csv": { md5: "00", size: 1 } };
  });
  assert.match(changeReport("main", someResults(), data), /other values of `data\/train.csv`/);
  const half = withError(970, (now) => {
    now.made.outdated = ["data/processed/val.parquet"];
  });
  assert.match(
    changeReport("main", someResults(), half),
    /of `data\/processed\/val.parquet`\. Run/,
  );
  const registry = withError(970, (now) => {
    now.parameters = { ...now.parameters, "registry.margin": 0.01 };
  });
  assert.match(verdictOf(registry), /^## 🟢 Better/);
});

Deno.test("metrics stand before and after, with arrows, beside the baseline", () => {
  const text = changeReport("main", someResults(), withError(970));
  assert.match(text, /^\| Model \| WMAE on main \| WMAE now \| change \| against naive \|/m);
  assert.match(
    text,
    /^\| \*\*rf\*\* \| 1,000 \| 970 \| ▼ 3.0 % 🟢 \| -35.3 % \| 2,000 = \| 990 = \| 0.9800 \| 1,010 = \|$/m,
  );
  assert.match(text, /^\| seasonal_naive \| 1,500 \| 1,500 \| = ⚪ \| {2}\| 3,000 = \|/m);
});

Deno.test("a model that is new, gone, or chosen in another's place is named", () => {
  const before = withError(1000, (before) => {
    before.best.model = "old";
    before.figures = { ...before.figures, old: before.figures["gbr"]! };
    before.slices = { ...before.slices, old: before.slices["gbr"]! };
    delete (before.figures as Record<string, unknown>)["gbr"];
  });
  const text = changeReport("main", before, someResults());
  assert.match(text, /^\*\*rf\*\* is chosen now, old was before\. On validation/m);
  assert.match(text, /^\| gbr \| {2}\| 1,210 \| new \| -19\.3 % \|/m);
  assert.match(text, /^No longer there: old\.$/m);
});

Deno.test("figures of a random split are said to be no forecast's", () => {
  const random = () => withError(970, (results) => results.best.split = "random");
  assert.match(changeReport("main", random(), random()), /tell nothing about forecasting/);
  assert.match(verdictOf(random()), /^## 🟡 Not comparable with main/);
});

Deno.test("what changed is named, and text from files stays text", () => {
  const text = changeReport(
    "main",
    someResults(),
    withError(970, (now) => {
      const parameters = { ...now.parameters, "rf.n_estimators": 200, "gbr.max_depth": "a|b`<c>" };
      const data = { "data/train.csv": { md5: "aaaaaaaabbbb", size: 1300000 } };
      now.parameters = parameters;
      now.data = data;
      const programs = { "lib/trees/fit.ts": { md5: "1", size: 1 } };
      now.made = { parameters, data, programs, outdated: [] };
    }),
  );
  assert.match(text, /^\| `rf.n_estimators` \| `60` \| `200` \|$/m);
  assert.match(text, /^\| `gbr.max_depth` \| `null` \| "a\\\|b\\`&lt;c&gt;" \|$/m);
  assert.match(
    text,
    /^\| `data\/train.csv` \| `d9167be6`, 1,234,567 bytes \| `aaaaaaaa`, 1,300,000 bytes \|$/m,
  );
  assert.match(text, /^Programs of the pipeline: `lib\/trees\/fit.ts`\.$/m);
});

Deno.test("champions are named with the reason", () => {
  const now = withError(970, (now) => {
    now.promotion = {
      run_id: "0c8f",
      challenger: { name: "retail-demand-rf", version: "3" },
      decisions: [{
        name: "retail-demand-rf",
        version: "3",
        promoted: true,
        reason: "It is 3 % better.",
        metric: "wmae",
        margin: 0.005,
        figures: { version: 970, seasonal_naive: 1500 },
        champion: null,
      }],
    };
  });
  const text = changeReport("main", someResults(), now, {
    workflow: "https://github.com/o/r/actions/runs/7",
    mlflow: "https://mlflow.example.com",
  });
  assert.match(text, /^- 🏆 retail-demand-rf, version 3: champion\. It is 3 % better\.$/m);
  assert.match(text, /\[MLflow run\]\(https:\/\/mlflow.example.com\/#\/runs\/0c8f\)/);
  assert.match(text, /\(https:\/\/github.com\/o\/r\/actions\/runs\/7#artifacts\)/);
});

Deno.test("charts are text", () => {
  const text = changeReport("main", someResults(), withError(970));
  assert.match(text, /^ {2}bar \[970, 1210, 1500\]\n {2}line \[1000, 1210, 1500\]$/m);
  // Off by 10 % in the first of three weeks; the baseline by half in the last.
  assert.match(text, /^\| error of rf \| `▂▁▁` \| 3\.3 % on average \|$/m);
  assert.match(text, /^\| error of seasonal_naive \| `▁▁█` \| 16\.7 % on average \|$/m);
});

Deno.test("a report takes two minutes to read", () => {
  const words = changeReport("main", someResults(), withError(970)).split(/\s+/).length;
  assert.ok(words < 400, `${words} words`);
});

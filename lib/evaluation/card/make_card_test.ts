import assert from "node:assert/strict";
import { BASELINE } from "../baseline.ts";
import type { ForecastMetrics, Metrics } from "../metrics.ts";
import { spreadOf } from "../spread.ts";
import { decodeCard, encodeCard } from "./card.ts";
import { type CardInput, makeCard } from "./make_card.ts";

const metrics = (wmae: number): Metrics => ({
  rmse: 2 * wmae + 1 / 3,
  mae: wmae,
  wmae,
  r2: 0.5,
  bias: -1,
  n: 2,
});

const labelled = (wmae: number, skill = 0): ForecastMetrics => ({
  ...metrics(wmae),
  split: "time",
  skill,
});

const input: CardInput = {
  name: "gbr",
  checksum: `sha256:${"0".repeat(64)}`,
  split: { strategy: "time", validation_weeks: 2 },
  metricsAll: {
    gbr: { train: labelled(10), folds: labelled(30, 0.25), val: labelled(15, 0.25) },
    [BASELINE]: { folds: labelled(40), val: labelled(20) },
  },
  figures: {
    gbr: {
      slices: { holiday: { holiday: metrics(12), other: metrics(18) } },
      folds: { origins: { "2011-10-28": { ...metrics(20), skill: 0.75 } } },
      intervals: { overall: [{ level: 0.8, coverage: 0.75, mean_width: 100 }] },
    },
    [BASELINE]: {
      slices: { holiday: { holiday: metrics(24), other: metrics(16) } },
      folds: { origins: { "2011-10-28": { ...metrics(80), skill: 0 } } },
    },
  },
  importance: { Week: 1 },
  curve: [{ trees: 1, rmse: 1 / 3, mae: 2, wmae: 3 }],
  totals: {
    days: Int32Array.of(14645, 14652),
    actual: Float64Array.of(1000.4, 2000.5),
    predicted: {
      rf: Float64Array.of(1, 2),
      gbr: Float64Array.of(-0.25, 1990.75),
      [BASELINE]: Float64Array.of(900, 1900),
    },
  },
  spread: spreadOf(Float64Array.of(1000.4, 2000.5), Float64Array.of(-0.25, 1990.75)),
};

Deno.test("makeCard() sets a model beside the baseline, in all, by slice and by week", () => {
  const card = makeCard(input);
  assert.deepEqual(card.metrics.train, {
    rmse: 20.3333,
    mae: 10,
    wmae: 10,
    r2: 0.5,
    bias: -1,
    n: 2,
  });
  assert.deepEqual([card.metrics.folds!.skill, card.metrics.validation.skill], [0.25, 0.25]);
  const { holiday, origin } = card.slices;
  assert.deepEqual([holiday!["holiday"]!.skill, holiday!["other"]!.skill], [0.5, -0.125]);
  assert.equal(origin!["2011-10-28"]!.skill, 0.75);
  assert.deepEqual([card.baseline.name, card.baseline.validation.wmae], ["seasonal_naive", 20]);
  assert.deepEqual(card.baseline.slices["origin"]!["2011-10-28"], {
    ...metrics(80),
    rmse: 160.333,
  });
  assert.deepEqual(card.coverage, [{ level: 0.8, coverage: 0.75, mean_width: 100 }]);
  assert.deepEqual(card.learning_curve, [{ trees: 1, rmse: 0.333333, mae: 2, wmae: 3 }]);
  assert.deepEqual(card.total_by_week, [
    { date: "2010-02-05", actual: 1000, forecast: 0, baseline: 900 },
    { date: "2010-02-12", actual: 2001, forecast: 1991, baseline: 1900 },
  ]);
  assert.deepEqual(decodeCard(encodeCard(card)), card);
});

Deno.test("makeCard() leaves out what there is not", () => {
  const { curve: _, ...others } = input;
  const card = makeCard({
    ...others,
    curve: undefined,
    metricsAll: { gbr: { val: labelled(15) }, [BASELINE]: { val: labelled(20) } },
    figures: { gbr: { slices: {} }, [BASELINE]: { slices: {} } },
  });
  assert.deepEqual(Object.keys(card.metrics), ["validation"]);
  assert.deepEqual(Object.keys(card.baseline), ["name", "validation", "slices"]);
  assert.deepEqual([card.slices, card.coverage, card.learning_curve], [{}, [], null]);
  assert.deepEqual(decodeCard(encodeCard(card)), card);
});

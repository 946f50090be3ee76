import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bias,
  mae,
  type Metrics,
  r2,
  regressionMetrics,
  rmse,
  roundMetric,
  roundMetrics,
  skillOf,
  wmae,
} from "./metrics.ts";

const ACTUAL = Float64Array.of(24924.5, 46039.49, -139.65, 0, 11737.12, 5012.3, 1.25);
const PREDICTED = Float64Array.of(23001, 48999.99, 310, 12.5, 11000.75, 5012.3, -40);
const HOLIDAY = [0, 1, 0, 0, 1, 0, 0];

/** Relative difference within what the order of summation may change. */
function assertClose(actual: number, expected: number): void {
  const tolerance = 1e-12 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

// Made with scikit-learn, where a, p and h are the arrays above and w = [5 if x else 1 for x in h]:
//   math.sqrt(mean_squared_error(a, p)), mean_absolute_error(a, p),
//   mean_absolute_error(a, p, sample_weight=w), r2_score(a, p),
//   sum(y - x for x, y in zip(a, p)) / len(a)
Deno.test("regressionMetrics() gives the figures of scikit-learn", () => {
  const metrics = regressionMetrics(ACTUAL, PREDICTED, HOLIDAY);
  assertClose(metrics.rmse, 1373.7693823876389);
  assertClose(metrics.mae, 874.8242857142858);
  assertClose(metrics.wmae, 1394.0833333333337);
  assertClose(metrics.r2, 0.9926937725318248);
  assertClose(metrics.bias, 103.07571428571418);
  assert.equal(metrics.n, 7);
});

const rows = fc.integer({ min: 1, max: 40 }).chain((length) => {
  const usd = fc.integer({ min: -1e8, max: 1e8 }).map((cents) => cents / 100);
  const column = fc.array(usd, { minLength: length, maxLength: length })
    .map((values) => Float64Array.from(values));
  const flags = fc.array(fc.constantFrom(0, 1), { minLength: length, maxLength: length });
  return fc.record({ actual: column, predicted: column, isHoliday: flags });
});

Deno.test("metrics keep |bias| <= mae <= rmse, and wmae within the largest error", () => {
  fc.assert(fc.property(rows, ({ actual, predicted, isHoliday }) => {
    const metrics = regressionMetrics(actual, predicted, isHoliday);
    const slack = 1e-9 * (1 + metrics.rmse);
    assert.ok(Math.abs(metrics.bias) <= metrics.mae + slack);
    assert.ok(metrics.mae <= metrics.rmse + slack);
    const largest = Math.max(...actual.map((value, row) => Math.abs(value - predicted[row]!)));
    assert.ok(metrics.wmae <= largest + slack);
    assert.ok(metrics.r2 <= 1);
  }));
});

Deno.test("metrics of perfect predictions are 0, and r2 is 1", () => {
  fc.assert(fc.property(rows, ({ actual, isHoliday }) => {
    const expected = { rmse: 0, mae: 0, wmae: 0, r2: 1, bias: 0, n: actual.length };
    assert.deepEqual(regressionMetrics(actual, actual.slice(), isHoliday), expected);
  }));
});

Deno.test("wmae() equals mae() without holiday weeks, and with nothing else", () => {
  fc.assert(fc.property(rows, ({ actual, predicted }) => {
    for (const flag of [0, 1]) {
      const flags = new Array(actual.length).fill(flag);
      const expected = mae(actual, predicted);
      assert.ok(Math.abs(wmae(actual, predicted, flags) - expected) <= 1e-9 * (1 + expected));
    }
  }));
});

Deno.test("wmae() lets one holiday week weigh as much as five others", () => {
  const actual = new Float64Array(6);
  const predicted = Float64Array.of(10, 2, 2, 2, 2, 2);
  assert.equal(wmae(actual, predicted, [1, 0, 0, 0, 0, 0]), 6);
});

Deno.test("bias() is positive where predictions are too high", () => {
  assert.equal(bias(Float64Array.of(1, 2), Float64Array.of(3, 3)), 1.5);
});

Deno.test("r2() is 0 for the mean and negative for worse", () => {
  const actual = Float64Array.of(1, 2, 3);
  assert.equal(r2(actual, Float64Array.of(2, 2, 2)), 0);
  assert.equal(r2(actual, Float64Array.of(3, 2, 1)), -3);
});

Deno.test("r2() of constant actuals is 1 for perfect predictions and 0 for others", () => {
  // Three times 0.1 has a mean that is not 0.1.
  const actual = Float64Array.of(0.1, 0.1, 0.1);
  assert.equal(r2(actual, actual), 1);
  assert.equal(r2(actual, Float64Array.of(0.1, 0.1, 0.2)), 0);
});

Deno.test("metrics refuse empty input, lengths that differ, and NaN", () => {
  const none = new Float64Array();
  const two = Float64Array.of(1, 2);
  for (const metric of [rmse, mae, r2, bias]) {
    assert.throws(() => metric(none, none), RangeError);
    assert.throws(() => metric(two, two.slice(1)), RangeError);
  }
  assert.throws(() => wmae(two, two, [0]), RangeError);
  assert.throws(() => regressionMetrics(two, Float64Array.of(1, NaN), [0, 0]), RangeError);
});

Deno.test("roundMetric() keeps six significant digits and six decimals, and no -0", () => {
  assert.equal(roundMetric(1234.56789), 1234.57);
  assert.equal(roundMetric(0.9926937725), 0.992694);
  assert.equal(roundMetric(0.000123456789), 0.000123);
  assert.equal(roundMetric(1234567.8), 1234570);
  assert.ok(Object.is(roundMetric(-1e-9), 0));
});

Deno.test("roundMetrics() rounds all but the number of rows", () => {
  const exact: Metrics = {
    rmse: 1234.56789,
    mae: 1.23456789,
    wmae: 2.00000049,
    r2: 0.12345678,
    bias: -0.98765432,
    n: 12345678,
  };
  assert.deepEqual(roundMetrics(exact), {
    rmse: 1234.57,
    mae: 1.23457,
    wmae: 2,
    r2: 0.123457,
    bias: -0.987654,
    n: 12345678,
  });
});

Deno.test("skillOf() is the share of the baseline's error that is gone, and 0 beside none", () => {
  assert.equal(skillOf({ wmae: 15 }, { wmae: 20 }), 0.25);
  assert.equal(skillOf({ wmae: 30 }, { wmae: 20 }), -0.5);
  assert.equal(skillOf({ wmae: 1 }, { wmae: 0 }), 0);
});

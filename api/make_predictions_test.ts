import assert from "node:assert/strict";
import { readRecords } from "../lib/features/read_records.ts";
import { forecast, intervals } from "../lib/model/predict.ts";
import { makePredictions } from "./make_predictions.ts";
import { testModel, testRecord } from "./testing.ts";

Deno.test("makePredictions() makes the forecasts and intervals of lib/model, in order", async () => {
  const model = await testModel("gbr");
  // More than have their turn at once.
  const weeks = Array.from({ length: 4_500 }, (_, i) => 1 + i % 52);
  const records = await Promise.all(weeks.map((Week) => testRecord({ Week, Store: Week })));
  const forecasts = forecast(model, readRecords(records).columns);
  const { lower, upper } = intervals(model, forecasts, 0.9);
  for (const count of [1, 2_000, 2_001, 4_500]) {
    const made = await makePredictions(model, records.slice(0, count), [0.9]);
    assert.deepEqual(made, {
      predictions: Array.from(forecasts.predictions.subarray(0, count)),
      intervals: [{
        level: 90,
        lower: Array.from(lower.subarray(0, count)),
        upper: Array.from(upper.subarray(0, count)),
      }],
    });
  }
});

Deno.test("makePredictions() tells errors by the records' places, at most 100", async () => {
  const model = await testModel("rf");
  const good = await testRecord();
  const at = async (bad: Record<number, unknown>) => {
    const records: unknown[] = Array(5_000).fill(good);
    Object.assign(records, bad);
    const made = await makePredictions(model, records, []);
    assert.ok("errors" in made);
    return made.errors.map(({ record, field, code }) => [record, field, code]);
  };
  assert.deepEqual(
    await at({
      1: { ...good, Store: 0 },
      2_000: "x",
      4_999: { ...good, Week: 53, Year: 2011, Month: 12 },
    }),
    [[1, "Store", "out_of_range"], [2_000, undefined, "not_a_record"], [
      4_999,
      "Week",
      "no_such_week",
    ]],
  );
  const many = await makePredictions(model, Array(5_000).fill({ ...good, Store: 0 }), []);
  assert.ok("errors" in many);
  assert.deepEqual(
    many.errors.map(({ record }) => record),
    Array.from({ length: 100 }, (_, i) => i),
  );
});

Deno.test("makePredictions() tells at most 100 errors of one record with a million fields", async () => {
  const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, 0]));
  const made = await makePredictions(await testModel("rf"), [fields], []);
  assert.ok("errors" in made);
  assert.equal(made.errors.length, 100);
});

Deno.test("makePredictions() lets others have their turn", async () => {
  const records = Array(10_000).fill(await testRecord());
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await makePredictions(await testModel("rf"), records, []);
  clearInterval(timer);
  assert.ok(turns >= 2);
});

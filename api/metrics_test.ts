import assert from "node:assert/strict";
import { createMetrics } from "./metrics.ts";

const valueOf = (text: string, name: string) => {
  const line = text.split("\n").find((line) => line.startsWith(`retail_demand_${name} `));
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
};

Deno.test("createMetrics() counts requests by method, route and status, and how long they took", () => {
  const metrics = createMetrics();
  for (const seconds of [0.0005, 0.003, 20]) {
    metrics.begin();
    metrics.end("POST", "/predict", 200, seconds);
  }
  metrics.begin();
  const text = metrics.text();
  assert.equal(valueOf(text, 'requests_total{method="POST",route="/predict",status="200"}'), 3);
  assert.equal(valueOf(text, "requests_in_flight"), 1);
  const bucket = (le: string) =>
    valueOf(text, `request_duration_seconds_bucket{route="/predict",le="${le}"}`);
  assert.deepEqual(["0.0005", "0.001", "0.005", "10", "+Inf"].map(bucket), [1, 1, 2, 2, 3]);
  assert.equal(valueOf(text, 'request_duration_seconds_sum{route="/predict"}'), 20.0035);
  assert.equal(valueOf(text, 'request_duration_seconds_count{route="/predict"}'), 3);
});

Deno.test("createMetrics() counts forecasts by model and version, and records of requests", () => {
  const metrics = createMetrics();
  for (const count of [1, 10, 11]) metrics.countPredictions('a"b\\c\nd', "1234", count);
  const text = metrics.text();
  assert.ok(
    text.includes('\nretail_demand_predictions_total{model="a\\"b\\\\c\\nd",version="1234"} 22\n'),
  );
  assert.equal(valueOf(text, 'request_records_bucket{le="1"}'), 1);
  assert.equal(valueOf(text, 'request_records_bucket{le="10"}'), 2);
  assert.equal(valueOf(text, "request_records_sum"), 22);
});

Deno.test("createMetrics() has no line for each method that a client makes up", () => {
  const metrics = createMetrics();
  for (let i = 0; i < 100; i++) metrics.end(`M${i}`, "/predict", 405, 0);
  const lines = metrics.text().match(/requests_total\{.*/g);
  assert.deepEqual(lines, ['requests_total{method="other",route="/predict",status="405"} 100']);
});

Deno.test("createMetrics() writes the text format: help and type of each, then its lines", () => {
  const metrics = createMetrics();
  metrics.end("GET", "/health", 200, 0.1);
  metrics.countPredictions("rf", "1", 1);
  const text = metrics.text();
  assert.ok(text.endsWith("\n") && !text.includes("\n\n"));
  let name = "";
  for (const line of text.trimEnd().split("\n")) {
    const head = /^# (HELP|TYPE) (\w+) ./.exec(line);
    if (head) name = head[2]!;
    else assert.match(line, new RegExp(`^${name}(_bucket|_sum|_count)?({[^{}]+})? [0-9.e+-]+$`));
  }
});

import assert from "node:assert/strict";
import { fit, treeShap } from "../lib/trees/mod.ts";
import { createExplainer } from "./explainer.ts";

const x = Float64Array.from({ length: 400 }, (_, i) => i % 40);
const y = x.map((_, i) => (7 * i) % 23);
const kinds = ["number" as const, "number" as const];

function ensembleOf(slope: number, trees = 3) {
  const targets = x.map((value, i) => slope * value + y[i]!);
  const parameters = { n_estimators: trees };
  return fit({ kinds, columns: [x, y], targets }, { algorithm: "gradient_boosting", parameters })
    .ensemble;
}

Deno.test("createExplainer() answers as treeShap() does, each request its own", async () => {
  const explain = createExplainer();
  const ensembles = [ensembleOf(1), ensembleOf(-2)];
  const requests = Array.from({ length: 12 }, (_, i) => ({
    ensemble: ensembles[i % 2]!,
    columns: [Float64Array.of(i), Float64Array.of(2 * i)],
  }));
  const answers = await Promise.all(
    requests.map(({ ensemble, columns }) => explain(ensemble, columns)),
  );
  for (const [i, { ensemble, columns }] of requests.entries()) {
    assert.deepEqual(answers[i], treeShap(ensemble, columns));
  }
});

Deno.test("createExplainer() forgets ensembles, and takes them anew", async () => {
  const explain = createExplainer();
  const columns = [Float64Array.of(3), Float64Array.of(4)];
  const ensembles = Array.from({ length: 12 }, (_, i) => ensembleOf(i, 1));
  for (const ensemble of [...ensembles, ...ensembles]) {
    assert.deepEqual(await explain(ensemble, columns), treeShap(ensemble, columns));
  }
});

Deno.test("createExplainer() ends what takes too long", async () => {
  const explain = createExplainer(0.01);
  const ensemble = ensembleOf(1, 300);
  const many = [0, 1].map((i) => Float64Array.from({ length: 50_000 }, (_, row) => row % (20 + i)));
  await assert.rejects(explain(ensemble, many), { name: "Problem", status: 503 });
});

Deno.test("createExplainer() refuses a request that would wait too long", async () => {
  const explain = createExplainer();
  const columns = [Float64Array.of(3), Float64Array.of(4)];
  const ensemble = ensembleOf(1);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => explain(ensemble, columns)),
  );
  const refused = outcomes.filter(({ status }) => status === "rejected");
  assert.equal(refused.length, 4);
  assert.ok(
    refused.every((outcome) => outcome.status === "rejected" && outcome.reason.status === 429),
  );
});

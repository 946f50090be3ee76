import assert from "node:assert/strict";
import fc from "fast-check";
import { type ColumnKind, fit, predictEnsemble } from "../../trees/mod.ts";
import { createRandom } from "../../trees/random.ts";
import { Graph, ML_DOMAIN } from "./graph.ts";
import { encodeModelProto } from "./proto.ts";
import { runColumns } from "./testing.ts";
import { addEnsemble } from "./tree_ensemble.ts";

Deno.test("addEnsemble() gives what predictEnsemble() gives, at thresholds, missing values and unknown categories", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.constantFrom("random_forest" as const, "gradient_boosting" as const),
      fc.integer({ min: 1, max: 90 }),
      async (seed, algorithm, categories) => {
        const random = createRandom(seed);
        const rows = 400;
        const kinds: ColumnKind[] = ["number", "category", "number", "category"];
        const columns = kinds.map((kind) =>
          Float64Array.from({ length: rows }, () => {
            if (random.integer(8) === 0) return NaN;
            return kind === "number" ? random.integer(1000) / 7 : 1 + random.integer(categories);
          })
        );
        const targets = Float64Array.from(
          { length: rows },
          (_, row) =>
            (columns[0]![row]! || 50) * (columns[1]![row]! % 3 || 0.5) + random.integer(100),
        );
        const { ensemble } = fit({ kinds, columns, targets }, {
          algorithm,
          parameters: { n_estimators: 5, min_samples_leaf: 3 },
        });
        // Every threshold and its neighbours, infinities, and categories that training has not seen.
        const probes = kinds.map((kind, i) => {
          const feature = ensemble.features[i]!;
          return feature.kind === "number"
            ? [...feature.edges].flatMap((edge) => [edge, above(edge), -above(-edge)])
              .concat(NaN, Infinity, -Infinity)
            : [...feature.categories, 0, -1, 0.5, 1000, NaN, kind.length];
        });
        const wanted = probes.map((values) =>
          Float64Array.from({ length: 500 }, () => values[random.integer(values.length)]!)
        );
        const graph = new Graph("trees");
        const names = kinds.map((_, i) =>
          graph.input({ name: `x${i}`, type: "double", description: "" })
        );
        graph.output(
          { name: "y", type: "double", description: "" },
          addEnsemble(graph, ensemble, names),
        );
        const bytes = encodeModelProto({
          graph: graph.proto,
          opsets: { "": 21, [ML_DOMAIN]: 5 },
          producer: "test",
          description: "",
          metadata: {},
        });
        const { y } = await runColumns(
          bytes,
          Object.fromEntries(names.map((name, i) => [name, wanted[i]!])),
        );
        assert.deepEqual(y, predictEnsemble(ensemble, wanted));
      },
    ),
    { numRuns: 12 },
  );
});

/** The next larger float64 of a positive one, the next smaller in size of a negative one. */
function above(value: number): number {
  const bits = new BigInt64Array(1);
  const number = new Float64Array(bits.buffer);
  number[0] = value;
  bits[0] = bits[0]! + 1n;
  return number[0]!;
}

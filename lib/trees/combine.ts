import { type Ensemble, joinTrees, LEAF, type Nodes } from "./ensemble.ts";

/** An ensemble, and what its forecasts count. */
export interface WeightedEnsemble {
  ensemble: Ensemble;
  weight: number;
}

/**
 * One ensemble that forecasts the weighted sum of what the parts forecast; leaves are rounded to
 * steps that are as fine as the finest part's.
 *
 * @param parts One at least, all over the same bins, as learners trained together have them.
 * @throws {RangeError} where their bins differ.
 *
 * @example
 * ```ts
 * import { combineEnsembles, fit, predictEnsemble } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const data = { kinds: ["number" as const], columns: [x], targets: x.map((v) => v * v) };
 * const forest = fit(data, { algorithm: "random_forest", parameters: {} }).ensemble;
 * const boosting = fit(data, { algorithm: "gradient_boosting", parameters: {} }).ensemble;
 * const both = combineEnsembles([
 *   { ensemble: forest, weight: 0.5 },
 *   { ensemble: boosting, weight: 0.5 },
 * ]);
 * console.log(predictEnsemble(both, [Float64Array.of(50)])); // about 2500
 * ```
 */
export function combineEnsembles(parts: WeightedEnsemble[]): Ensemble {
  const { features } = parts[0]!.ensemble;
  const bins = JSON.stringify(features.map(describe));
  if (parts.some(({ ensemble }) => JSON.stringify(ensemble.features.map(describe)) !== bins)) {
    throw new RangeError("Expected ensembles over the same bins, but found others");
  }
  const scales = parts.map(({ ensemble: { combine, roots }, weight }) =>
    combine === "mean" ? weight / (roots.length - 1) : weight
  );
  const steps = parts.map(({ ensemble }, i) => ensemble.leafStep * Math.abs(scales[i]!))
    .filter((step) => step > 0);
  const leafStep = steps.length > 0 ? 2 ** Math.floor(Math.log2(Math.min(...steps))) : 1;
  const scaled = parts.map(({ ensemble: { nodes } }, i): Nodes => ({
    ...nodes,
    value: nodes.value.map((value, node) =>
      // Adding 0 makes -0 and 0 one.
      nodes.feature[node] === LEAF ? Math.round(value * scales[i]! / leafStep) * leafStep + 0 : 0
    ),
  }));
  const roots: number[] = [0];
  for (const { ensemble } of parts) {
    const start = roots.at(-1)!;
    for (const root of ensemble.roots.subarray(1)) roots.push(start + root);
  }
  return {
    combine: "sum",
    base: parts.reduce((sum, { ensemble, weight }) => sum + weight * ensemble.base, 0),
    leafStep,
    features,
    // Joined as if each part were one tree: their nodes only follow each other.
    nodes: joinTrees(scaled, features).nodes,
    roots: Uint32Array.from(roots),
  };
}

function describe(bins: Ensemble["features"][number]): [string, number[]] {
  return [bins.kind, [...bins.kind === "number" ? bins.edges : bins.categories]];
}

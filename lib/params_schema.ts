import { z } from "zod";

const seed = z.int().min(0).max(2 ** 32 - 1);
const share = z.number().gt(0).max(1);

const tree = {
  n_estimators: z.int().min(1).max(10_000),
  max_depth: z.int().min(1).nullable(),
  max_leaf_nodes: z.int().min(2).nullable(),
  min_samples_leaf: z.int().min(1),
  max_features: share,
  max_bins: z.int().min(2).max(255),
  random_state: seed,
};

/** Shape of `split`. */
export const splitSchema = z.strictObject({
  strategy: z.enum(["time", "random"]),
  validation_weeks: z.int().min(1),
  validation_fraction: z.number().gt(0).lt(1),
  seed,
});

/** A split with just the parameters that its strategy uses: equal splits are equal values. */
export const appliedSplitSchema = z.discriminatedUnion("strategy", [
  splitSchema.pick({ strategy: true, validation_weeks: true }).extend({
    strategy: z.literal("time"),
  }).strict(),
  splitSchema.pick({ strategy: true, validation_fraction: true, seed: true }).extend({
    strategy: z.literal("random"),
  }).strict(),
]);

/** See {@linkcode appliedSplitSchema}. */
export type AppliedSplit = z.infer<typeof appliedSplitSchema>;

/** Shape of `rf`. */
export const forestSchema = z.strictObject({
  ...tree,
  bootstrap: z.boolean(),
  max_samples: share,
});

/** Shape of `gbr`. */
export const boostingSchema = z.strictObject({
  ...tree,
  loss: z.enum(["squared_error", "absolute_error", "huber", "quantile"]),
  alpha: z.number().gt(0).lt(1),
  learning_rate: share,
  subsample: share,
});

/** Shape of `folds`. */
export const foldsSchema = z.strictObject({
  count: z.int().min(1).max(20),
  step_weeks: z.int().min(1).max(52),
  horizon_weeks: z.int().min(1).max(52),
});

/** Shape of `seasonal`. */
export const seasonalSchema = z.strictObject({ rank: z.int().min(1).max(1000) });

/** Shape of `registry`. A name may stand in URIs and URLs as it is. */
const registrySchema = z.strictObject({
  prefix: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "expected letters, digits, -, _ and ."),
  margin: z.number().min(0).lt(1),
  refresh: z.boolean(),
  stages: z.boolean(),
});

/** Shape of params.yaml. */
export const paramsSchema = z.strictObject({
  split: splitSchema,
  folds: foldsSchema,
  select: z.strictObject({ metric: z.enum(["rmse", "mae", "wmae"]) }),
  seasonal: seasonalSchema,
  rf: forestSchema,
  gbr: boostingSchema,
  registry: registrySchema,
}).refine(
  ({ rf, gbr }) => rf.max_bins === gbr.max_bins,
  { path: ["gbr", "max_bins"], message: "expected that of rf, since a blend shares its bins" },
);

/** What params.yaml holds; the file itself says what each value means. */
export type Params = z.infer<typeof paramsSchema>;

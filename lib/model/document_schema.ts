import { z } from "zod";
import { CANDIDATES } from "../candidates.ts";
import { DERIVED_FEATURES, FEATURES } from "../features/table.ts";
import { type Calibration, LEVELS } from "../intervals/conformal.ts";
import {
  appliedSplitSchema,
  boostingSchema,
  foldsSchema,
  forestSchema,
  seasonalSchema,
} from "../params_schema.ts";
import { FORMAT, STORE_TYPES, VERSION } from "./document.ts";
import type { TrainingFacts } from "./model.ts";

const count = z.int().min(0);
const text = z.string();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const metrics = z.strictObject({
  rmse: z.number(),
  mae: z.number(),
  wmae: z.number(),
  r2: z.number(),
  bias: z.number(),
  n: count,
});

const featureName = z.enum([...FEATURES, ...DERIVED_FEATURES].map(({ name }) => name));

const training = z.strictObject({
  data: z.strictObject({ train: hash, validation: hash }),
  fitted_on: z.enum(["train", "all"]),
  rows: count,
  weeks: z.strictObject({ first: z.iso.date(), last: z.iso.date(), count }),
  split: appliedSplitSchema,
  parameters: z.strictObject({
    seasonal: seasonalSchema,
    folds: foldsSchema,
    rf: forestSchema.exactOptional(),
    gbr: boostingSchema.exactOptional(),
    shares: z.strictObject({ rf: z.number(), gbr: z.number() }).exactOptional(),
  }),
  metrics: z.strictObject({
    train: metrics.exactOptional(),
    folds: metrics.exactOptional(),
    validation: metrics,
  }),
  importance: z.partialRecord(featureName, z.number()),
}) satisfies z.ZodType<TrainingFacts>;

const intervals = z.strictObject({
  horizons: z.array(z.number()),
  scales: z.array(z.number()),
  widths: z.array(z.array(z.array(z.number().min(0)))),
}).refine(
  ({ horizons, scales, widths }) =>
    widths.length === LEVELS.length &&
    widths.every((ofLevel) =>
      ofLevel.length === horizons.length + 1 &&
      ofLevel.every((ofHorizon) => ofHorizon.length === scales.length + 1)
    ),
  "expected a width for each level, band of horizons and band of sizes",
) satisfies z.ZodType<Calibration>;

/** Training keeps to these bounds; within them every leaf is a finite float32. */
const leafStep = z.number().min(2 ** -120).max(2 ** 96)
  .refine((step) => 2 ** Math.round(Math.log2(step)) === step, "expected a power of two");

/** The document of a model file; README.md beside this file says what each field means. */
export const documentSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  name: z.enum(CANDIDATES),
  features: z.array(z.strictObject({
    name: featureName,
    kind: z.enum(["number", "category"]),
    values: text,
    threshold: text,
    missing_left: text,
    sets: text,
  })).refine(
    (features) => new Set(features.map(({ name }) => name)).size === features.length,
    "expected each feature once",
  ),
  ensemble: z.strictObject({
    combine: z.enum(["sum", "mean"]),
    base: z.number(),
    trees: count.min(1),
    leaf_step: leafStep,
    feature: text,
    value: text,
    cover: text,
  }),
  outlook: z.strictObject({
    first_week: z.iso.date(),
    weeks: count.min(1),
    seasonal_weeks: count.min(1),
    series: count.min(1),
    stores: text,
    departments: text,
    known: text,
    sales: text,
    seasonal: text,
  }),
  stores: z.array(z.strictObject({
    store: count.min(1),
    type: z.enum(STORE_TYPES),
    size: z.number(),
  })),
  intervals,
  training,
  checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

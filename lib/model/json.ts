import { z } from "zod";
import { UserError } from "../errors.ts";
import { CANDIDATES } from "../candidates.ts";
import { DERIVED_FEATURES, FEATURES } from "../features/table.ts";
import { sha256 } from "../hash.ts";
import {
  appliedSplitSchema,
  boostingSchema,
  foldsSchema,
  forestSchema,
  seasonalSchema,
} from "../params_schema.ts";
import { type FeatureBins, missingBin } from "../trees/binning.ts";
import type { Model, TrainingFacts } from "./model.ts";
import { compact, expand, OUTLOOK_ARRAYS, type OutlookBytes } from "./outlook_codec.ts";
import {
  bytesToCounts,
  bytesToDifferences,
  countsToBytes,
  differencesToBytes,
  fromBytes,
  toBytes,
  unpack,
} from "./pack.ts";
import { type Calibration, LEVELS } from "../intervals/conformal.ts";
import { compactTrees, expandTrees } from "./tree_codec.ts";

/** Value of the document's `format`. */
export const FORMAT = "retail-demand-model";

/** Version of the document that this code writes, and the only one it reads. */
export const VERSION = 4;

/**
 * What a model's packed fields may unpack to in all: this many bytes, and as many a character of the
 * file. Trained models take about 1.4 a character; zlib could give 770.
 */
const MAX_UNPACKED = 2 ** 27, MAX_UNPACKED_PER_CHARACTER = 64;

/** Most characters of the file that a message repeats. */
const MAX_QUOTED = 100;

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

/** A type's place is its code; see `encodeValue()`. */
const STORE_TYPES = FEATURES.find((feature) => feature.name === "Type")!.values;

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

/** The document; README.md beside this file says what each field means. */
const schema = z.strictObject({
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

type Document = z.infer<typeof schema>;

/**
 * A model as the text of its JSON file. Equal models give equal text.
 *
 * @example
 * ```ts
 * import { decodeModel, encodeModel } from "./json.ts";
 * import { readModel } from "./file.ts";
 * const model = await readModel("models/gbr.json");
 * console.log((await decodeModel(await encodeModel(model))).name); // "gbr"
 * ```
 */
export async function encodeModel(model: Model): Promise<string> {
  // What serves models only reads them, and starts sooner without.
  const { pack } = await import("./compress.ts");
  const { features, ensemble } = model;
  const { feature, value, cover, splits } = compactTrees(ensemble);
  const trees = { feature, value: differencesToBytes(value), cover: countsToBytes(cover) };
  const values = ensemble.features.map((bins) => toBytes(valuesOf(bins)));
  const outlook = compact(model.outlook);
  // Through the schema, so that fields stand in its order, in which the checksum takes them.
  const document = schema.parse({
    format: FORMAT,
    version: VERSION,
    name: model.name,
    features: features.map((name, i) => ({
      name,
      kind: ensemble.features[i]!.kind,
      values: pack(values[i]!),
      threshold: pack(splits[i]!.threshold),
      missing_left: pack(splits[i]!.missingLeft),
      sets: pack(splits[i]!.sets),
    })),
    ensemble: {
      combine: ensemble.combine,
      base: ensemble.base,
      trees: ensemble.roots.length - 1,
      leaf_step: ensemble.leafStep,
      feature: pack(trees.feature),
      value: pack(trees.value),
      cover: pack(trees.cover),
    },
    outlook: {
      ...outlook,
      ...Object.fromEntries(OUTLOOK_ARRAYS.map((name) => [name, pack(outlook[name])])),
    },
    stores: Array.from(model.stores, ([store, { type, size }]) => ({
      store,
      type: STORE_TYPES[type],
      size,
    })),
    intervals: model.intervals,
    training: model.training,
    checksum: `sha256:${"0".repeat(64)}`,
  });
  const ofFeatures = splits.map((ofFeature, i) => ({ ...ofFeature, values: values[i]! }));
  document.checksum = await checksum(document, { trees, features: ofFeatures, outlook });
  return JSON.stringify(document, null, 1) + "\n";
}

/** A model as its file holds it. */
export interface StoredModel extends Model {
  /** `sha256:` and 64 digits, over the content: equal for equal models. */
  checksum: string;
}

/**
 * Reads the text of a model file, whole or not at all.
 *
 * @param source Named in messages.
 * @throws {UserError} saying whether the text is cut off, foreign, of a newer version, or edited.
 */
export async function decodeModel(text: string, source = "The model"): Promise<StoredModel> {
  const document = parseDocument(text, source);
  const { ensemble } = document;
  const damaged = (reason: string) =>
    new UserError(`${source} is damaged: ${reason}. Fetch or train it anew.`);
  const edited = damaged("its content does not match its checksum");
  const arrays = unpackArrays(document, MAX_UNPACKED + MAX_UNPACKED_PER_CHARACTER * text.length);
  if (!arrays) throw damaged("its packed fields are not whole, or unpack to too much");
  // Runs on another thread while this one puts the trees together.
  const found = checksum(document, arrays);
  let trees: Pick<Model["ensemble"], "features" | "roots" | "nodes"> | undefined;
  let outlook: Model["outlook"] | undefined;
  let problem = "";
  try {
    const features = document.features.map(({ kind }, i) =>
      readBins(kind, arrays.features[i]!.values)
    );
    const { feature } = arrays.trees;
    // Every tree has one leaf more than splits.
    const leaves = Math.floor((feature.length + ensemble.trees) / 2);
    const compact = {
      feature,
      value: bytesToDifferences(arrays.trees.value, leaves),
      cover: bytesToCounts(arrays.trees.cover, leaves),
      splits: arrays.features,
    };
    trees = { features, ...expandTrees(compact, features, ensemble.trees, ensemble.leaf_step) };
    outlook = expand({ ...document.outlook, ...arrays.outlook });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problem = error.message;
  }
  if (await found !== document.checksum) throw edited;
  if (!trees || !outlook) throw damaged(problem);
  return {
    name: document.name,
    features: document.features.map(({ name }) => name),
    ensemble: {
      combine: ensemble.combine,
      base: ensemble.base,
      leafStep: ensemble.leaf_step,
      ...trees,
    },
    outlook,
    stores: new Map(
      document.stores.map(({ store, type, size }) => [
        store,
        { type: STORE_TYPES.indexOf(type), size },
      ]),
    ),
    intervals: document.intervals,
    training: document.training,
    checksum: document.checksum,
  };
}

/** The document's packed fields as bytes. */
interface Arrays {
  trees: Record<"feature" | "value" | "cover", Uint8Array>;
  features: Record<"values" | "threshold" | "missingLeft" | "sets", Uint8Array>[];
  outlook: OutlookBytes;
}

/** `undefined` where a field is not packed bytes, or all are more than `maxBytes`. */
function unpackArrays(
  { ensemble, features, outlook }: Document,
  maxBytes: number,
): Arrays | undefined {
  let left = maxBytes;
  const take = (text: string) => {
    const bytes = unpack(text, left);
    left -= bytes.length;
    return bytes;
  };
  try {
    return {
      trees: {
        feature: take(ensemble.feature),
        value: take(ensemble.value),
        cover: take(ensemble.cover),
      },
      features: features.map(({ values, threshold, missing_left, sets }) => ({
        values: take(values),
        threshold: take(threshold),
        missingLeft: take(missing_left),
        sets: take(sets),
      })),
      outlook: Object.fromEntries(
        OUTLOOK_ARRAYS.map((name) => [name, take(outlook[name])]),
      ) as OutlookBytes,
    };
  } catch {
    return undefined;
  }
}

/**
 * A feature's bins from the bytes of `values`.
 *
 * @throws {RangeError} where they are too many for a byte, or not ascending.
 */
function readBins(kind: FeatureBins["kind"], bytes: Uint8Array): FeatureBins {
  const values = fromBytes(bytes);
  const bins: FeatureBins = kind === "number"
    ? { kind, edges: values }
    : { kind, categories: values };
  if (missingBin(bins) > 255) {
    throw new RangeError(`Expected at most 255 bins of a ${kind}, but found ${missingBin(bins)}`);
  }
  // So written that NaN is refused.
  if (!values.every((value, i) => i === 0 ? !Number.isNaN(value) : value > values[i - 1]!)) {
    throw new RangeError(`Expected values of a ${kind} in ascending order, but found others`);
  }
  return bins;
}

function valuesOf(bins: FeatureBins): Float64Array {
  return bins.kind === "number" ? bins.edges : bins.categories;
}

function parseDocument(text: string, source: string): Document {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(
      `${source} is not JSON, or breaks off after ${text.length} characters. ` +
        "Fetch or train it anew.",
    );
  }
  const { format, version } = (value ?? {}) as Record<string, unknown>;
  if (format !== FORMAT) {
    throw new UserError(
      `${source} is not a model of this project: expected "format": "${FORMAT}", but found ` +
        `${quote(JSON.stringify(format) ?? "none")}.`,
    );
  }
  if (typeof version === "number" && version !== VERSION) {
    throw new UserError(
      `${source} has version ${version}, but this program reads version ${VERSION}. ` +
        (version > VERSION ? "Update the program, or train the model with it." : "Train it anew."),
    );
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new UserError(
      `${source} is damaged: ${quote(`${path.join(".") || "the document"}: ${message}`)}. ` +
        "Fetch or train it anew.",
    );
  }
  return result.data;
}

/** Part of a foreign text, in one short line. */
function quote(text: string): string {
  const line = text.slice(0, MAX_QUOTED).replace(/\p{C}/gu, " ");
  return text.length > MAX_QUOTED ? `${line}...` : line;
}

/** SHA-256 over the document's plain fields and the bytes of the packed ones. */
async function checksum(
  document: Document,
  { trees, features, outlook }: Arrays,
): Promise<string> {
  const { first_week, weeks, seasonal_weeks, series } = document.outlook;
  const plain = JSON.stringify({
    ...document,
    checksum: undefined,
    features: document.features.map(({ name, kind }) => ({ name, kind })),
    ensemble: { ...document.ensemble, feature: undefined, value: undefined, cover: undefined },
    outlook: { first_week, weeks, seasonal_weeks, series },
  });
  const parts = [
    new TextEncoder().encode(plain),
    ...features.flatMap(({ values, threshold, missingLeft, sets }) => [
      values,
      threshold,
      missingLeft,
      sets,
    ]),
    trees.feature,
    trees.value,
    trees.cover,
    ...OUTLOOK_ARRAYS.map((name) => outlook[name]),
  ];
  const lengths = new TextEncoder().encode(JSON.stringify(parts.map((part) => part.length)));
  const all = [lengths, ...parts];
  const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return `sha256:${await sha256(bytes)}`;
}

import { z } from "zod";
import { UserError } from "../errors.ts";
import { FEATURES } from "../features/table.ts";
import { sha256 } from "../hash.ts";
import { appliedSplitSchema, boostingSchema, forestSchema } from "../params_schema.ts";
import type { FeatureBins } from "../trees/mod.ts";
import type { Model, ModelFeature, TrainingFacts } from "./model.ts";
import { fromBytes, pack, type PackedArray, toBytes, unpack } from "./pack.ts";
import { type CompactTrees, compactTrees, expandTrees } from "./tree_codec.ts";

/** Value of the document's `format`. */
export const FORMAT = "retail-demand-model";

/** Version of the document that this code writes, and the newest it reads. */
export const VERSION = 1;

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

const training = z.strictObject({
  data: z.strictObject({ train: hash, validation: hash }),
  rows: count,
  weeks: z.strictObject({ first: z.iso.date(), last: z.iso.date(), count }),
  split: appliedSplitSchema,
  parameters: z.union([boostingSchema, forestSchema]),
  metrics: z.strictObject({ train: metrics, validation: metrics }),
  importance: z.partialRecord(z.enum(FEATURES.map(({ name }) => name)), z.number()),
}) satisfies z.ZodType<TrainingFacts>;

/** The document; README.md beside this file says what each field means. */
const schema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  name: text.min(1),
  algorithm: z.enum(["random_forest", "gradient_boosting"]),
  features: z.array(z.strictObject({
    name: z.enum(FEATURES.map(({ name }) => name)),
    kind: z.enum(["number", "category"]),
    fill: z.number().nullable(),
    values: text,
  })),
  ensemble: z.strictObject({
    combine: z.enum(["sum", "mean"]),
    base: z.number(),
    trees: count,
    feature: text,
    threshold: text,
    missing_left: text,
    sets: text,
    value: text,
  }),
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
  const trees = compactTrees(model.ensemble);
  const arrays = listArrays(model.ensemble.features, trees);
  const packed = arrays.map((array) => pack(toBytes(array)));
  const width = model.features.length;
  const [feature, threshold, missing_left, sets, value] = packed.slice(width) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const document: Document = {
    format: FORMAT,
    version: VERSION,
    name: model.name,
    algorithm: model.algorithm,
    features: model.features.map(({ name, fill }, index) => ({
      name,
      kind: model.ensemble.features[index]!.kind,
      fill,
      values: packed[index]!,
    })),
    ensemble: {
      combine: model.ensemble.combine,
      base: model.ensemble.base,
      trees: model.ensemble.roots.length - 1,
      feature,
      threshold,
      missing_left,
      sets,
      value,
    },
    training: model.training,
    checksum: "",
  };
  document.checksum = await checksum(document, arrays);
  return JSON.stringify(document, null, 1) + "\n";
}

/**
 * Reads the text of a model file, whole or not at all.
 *
 * @param source Named in messages.
 * @throws {UserError} saying whether the text is cut off, foreign, of a newer version, or edited.
 */
export async function decodeModel(text: string, source = "The model"): Promise<Model> {
  const document = parseDocument(text, source);
  const { ensemble } = document;
  const edited = new UserError(
    `${source} is damaged: its content does not match its checksum. Fetch or train it anew.`,
  );
  let bins: FeatureBins[], compact: CompactTrees;
  try {
    bins = document.features.map(({ kind, values }) => {
      const array = fromBytes(unpack(values), Float64Array);
      return kind === "number" ? { kind, edges: array } : { kind, categories: array };
    });
    compact = {
      feature: unpack(ensemble.feature),
      threshold: unpack(ensemble.threshold),
      missingLeft: unpack(ensemble.missing_left),
      sets: unpack(ensemble.sets),
      value: fromBytes(unpack(ensemble.value), Float32Array),
    };
  } catch {
    throw edited;
  }
  if (await checksum(document, listArrays(bins, compact)) !== document.checksum) throw edited;
  let trees: ReturnType<typeof expandTrees>;
  try {
    trees = expandTrees(compact, bins, ensemble.trees);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${source} is damaged: ${error.message}. Fetch or train it anew.`);
  }
  return {
    name: document.name,
    algorithm: document.algorithm,
    features: document.features.map(({ name, fill }): ModelFeature => ({ name, fill })),
    ensemble: {
      combine: ensemble.combine,
      base: ensemble.base,
      features: bins,
      ...trees,
    },
    training: document.training,
  };
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
        `${JSON.stringify(format) ?? "none"}.`,
    );
  }
  if (typeof version === "number" && version > VERSION) {
    throw new UserError(
      `${source} has version ${version}, but this program reads up to version ${VERSION}. ` +
        "Update the program, or train the model with it.",
    );
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new UserError(
      `${source} is damaged: ${path.join(".") || "the document"}: ${message}. ` +
        "Fetch or train it anew.",
    );
  }
  return result.data;
}

function listArrays(features: FeatureBins[], trees: CompactTrees): PackedArray[] {
  const values = features.map((bins) => bins.kind === "number" ? bins.edges : bins.categories);
  return [...values, trees.feature, trees.threshold, trees.missingLeft, trees.sets, trees.value];
}

/** SHA-256 over the document's plain fields and the decoded arrays, in the order of the file. */
async function checksum(document: Document, arrays: PackedArray[]): Promise<string> {
  const { features, ensemble } = document;
  const plain = JSON.stringify({
    ...document,
    checksum: undefined,
    features: features.map((feature) => ({ ...feature, values: undefined })),
    ensemble: { combine: ensemble.combine, base: ensemble.base, trees: ensemble.trees },
  });
  const parts = [new TextEncoder().encode(plain), ...arrays.map(toBytes)];
  const lengths = new TextEncoder().encode(JSON.stringify(parts.map((part) => part.length)));
  const blob = new Blob([lengths, ...parts]);
  return `sha256:${await sha256(new Uint8Array(await blob.arrayBuffer()))}`;
}

import { UserError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import { type FeatureBins, missingBin } from "../trees/binning.ts";
import { type Document, FORMAT, STORE_TYPES, VERSION } from "./document.ts";
import type { Model } from "./model.ts";
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
import { compactTrees, expandTrees } from "./tree_codec.ts";
import { isWritten } from "./written_document.ts";

/**
 * What a model's packed fields may unpack to in all: this many bytes, and as many a character of the
 * file. Trained models take about 1.4 a character; zlib could give 770.
 */
const MAX_UNPACKED = 2 ** 27, MAX_UNPACKED_PER_CHARACTER = 64;

/** Most characters of the file that a message repeats. */
const MAX_QUOTED = 100;

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
  const [{ pack }, { documentSchema }] = await Promise.all([
    import("./compress.ts"),
    import("./document_schema.ts"),
  ]);
  const { features, ensemble } = model;
  const { feature, value, cover, splits } = compactTrees(ensemble);
  const trees = { feature, value: differencesToBytes(value), cover: countsToBytes(cover) };
  const values = ensemble.features.map((bins) => toBytes(valuesOf(bins)));
  const outlook = compact(model.outlook);
  // Through the schema, so that fields stand in its order, in which the checksum takes them.
  const document = documentSchema.parse({
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
  const document = await parseDocument(text, source);
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

async function parseDocument(text: string, source: string): Promise<Document> {
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
  // Any file but a foreign or damaged one; the schema, which finds the words for those, takes longer.
  if (isWritten(value)) return value;
  const { documentSchema } = await import("./document_schema.ts");
  const result = documentSchema.safeParse(value);
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

import { show } from "../lib/features/check_value.ts";
import { isInteger } from "../lib/features/describe_values.ts";
import { isRecord } from "../lib/features/read_records.ts";
import { type Feature, FEATURES } from "../lib/features/table.ts";
import type { Level } from "../lib/intervals/conformal.ts";
import { joinWords } from "../lib/words.ts";
import { NUMBER_TYPES, readBinaryTensor } from "./binary_tensor.ts";
import type { InferenceBody } from "./inference_body.ts";
import { BOUNDS, levelOf } from "./predict_request.ts";
import { Problem } from "./problem.ts";

/** What a model is asked by the Open Inference Protocol. */
export interface InferenceRequest {
  /** Told back. */
  id: string | undefined;
  /** Made of the tensors, one a row; not checked yet. */
  records: Record<string, unknown>[];
  /** In the order of the answer. */
  outputs: Output[];
  /** Those of the outputs, each once. */
  levels: Level[];
}

/** A tensor that is asked for. */
export interface Output {
  /** Among {@linkcode OUTPUTS}. */
  name: string;
  /** Whether its values stand as bytes behind the JSON. */
  isBinary: boolean;
}

/** What a model can answer, by name. */
export const OUTPUTS = ["prediction", ...BOUNDS];

/** The datatype in which a feature is best sent. */
export function datatypeOf(feature: Feature): string {
  if (feature.kind === "flag") return "BOOL";
  if ("values" in feature) return "BYTES";
  return isInteger(feature) ? "INT64" : "FP64";
}

/** All in which it may be. */
function datatypesOf(feature: Feature): string[] {
  if (feature.kind === "flag") return ["BOOL", ...NUMBER_TYPES];
  return "values" in feature ? ["BYTES"] : NUMBER_TYPES;
}

/**
 * Reads the body of `POST /v2/models/{name}/infer`; whether its values are a record's is not checked.
 *
 * @throws {Problem} 400 where it is no such request, 413 where it has too many rows.
 *
 * @example
 * ```ts
 * import { readInferenceRequest } from "./inference_request.ts";
 * const inputs = [{ name: "Store", datatype: "INT64", shape: [2, 1], data: [1, 2] }];
 * const body = { json: { inputs }, binary: new Uint8Array(0) };
 * console.log(readInferenceRequest(body, 10).records); // [ { Store: 1 }, { Store: 2 } ]
 * ```
 */
export function readInferenceRequest(
  { json, binary }: InferenceBody,
  maxRecords: number,
): InferenceRequest {
  if (!isRecord(json)) throw expected("an object with inputs as the body", json);
  const { id, inputs, outputs, parameters } = json;
  if (id !== undefined && typeof id !== "string") throw expected("a text for id", id);
  if (!Array.isArray(inputs) || inputs.length === 0) throw expected("tensors as inputs", inputs);
  const columns = new Map<string, unknown[]>();
  let rows: number | undefined, left = binary;
  const takeBytes = (name: string, size: unknown) => {
    const isSize = Number.isInteger(size) && Number(size) >= 0;
    if (!isSize) throw expected(`a number of bytes as binary_data_size of ${name}`, size);
    if (Number(size) > left.length) {
      throw expected(`${size} bytes of ${name} behind the JSON`, left.length);
    }
    const bytes = left.subarray(0, Number(size));
    left = left.subarray(Number(size));
    return bytes;
  };
  for (const input of inputs) {
    const { feature, data } = readTensor(input, maxRecords, takeBytes);
    const { name } = feature;
    if (columns.has(name)) throw new Problem(400, `Expected ${name} once, but found it twice.`);
    rows ??= data.length;
    if (data.length !== rows) {
      throw new Problem(
        400,
        `Expected all inputs to be as long as the first (${rows}), but found ${name} of ` +
          `${data.length}.`,
      );
    }
    columns.set(name, data);
  }
  if (left.length > 0) {
    throw new Problem(
      400,
      `Expected ${binary.length - left.length} bytes behind the JSON, as binary_data_size of the ` +
        `inputs says, but found ${binary.length}.`,
    );
  }
  const records = Array.from(
    { length: rows! },
    (_, row) => Object.fromEntries([...columns].map(([name, data]) => [name, data[row]])),
  );
  const wanted = readOutputs(outputs, readFlag(parameters, "binary_data_output") ?? false);
  const percents = new Set(wanted.map(({ name }) => Number(/\d+$/.exec(name)?.[0])));
  const levels = [...percents].map(levelOf).filter((level) => level !== undefined);
  return { id, records, outputs: wanted, levels };
}

/** @param takeBytes The next so many bytes behind the JSON, for a tensor. */
function readTensor(
  input: unknown,
  maxRecords: number,
  takeBytes: (name: string, size: unknown) => Uint8Array,
): { feature: Feature; data: unknown[] } {
  if (!isRecord(input)) throw expected("an object as an input", input);
  const { name, datatype, shape, data, parameters } = input;
  const feature = FEATURES.find((feature) => feature.name === name);
  if (!feature) {
    const names = FEATURES.map(({ name }) => name);
    throw expected(`${joinWords(names)} as names of inputs`, name);
  }
  const datatypes = datatypesOf(feature);
  if (!datatypes.includes(datatype as string)) {
    throw expected(`one of ${datatypes.join(", ")} as the datatype of ${name}`, datatype);
  }
  const lengths: unknown[] = Array.isArray(shape) ? shape : [];
  const [rows, width = 1] = lengths;
  const isColumn = Number.isInteger(rows) && Number(rows) > 0;
  if (!isColumn || width !== 1 || lengths.length > 2) {
    const found = Array.isArray(shape) ? show(JSON.stringify(shape)) : show(shape);
    throw new Problem(
      400,
      `Expected the shape [N] or [N, 1], N above 0, of ${name}, but found ${found}.`,
    );
  }
  if (Number(rows) > maxRecords) {
    throw new Problem(
      413,
      `Expected at most ${maxRecords} rows in a request, but found ${rows}. Send fewer at a time, ` +
        "or stream them to /predict/batch.",
    );
  }
  const size = isRecord(parameters) ? parameters.binary_data_size : undefined;
  if (size !== undefined) {
    if (data !== undefined) {
      throw new Problem(400, `Expected data or binary_data_size of ${name}, but found both.`);
    }
    const bytes = takeBytes(feature.name, size);
    const values = readBinaryTensor(feature.name, datatype as string, Number(rows), bytes);
    return { feature, data: values };
  }
  if (!Array.isArray(data)) throw expected(`a list as the data of ${name}`, data);
  // The protocol lets [N, 1] be flat, or lists of one in a list.
  const flat = lengths.length === 2 && data.every(isListOfOne) ? data.flat() : data;
  if (flat.length !== rows) {
    throw new Problem(
      400,
      `Expected ${rows} values of ${name}, as its shape says, but found ${flat.length}.`,
    );
  }
  return { feature, data: flat };
}

function isListOfOne(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1;
}

/** Outputs that are asked for; only the forecast where none is. */
function readOutputs(outputs: unknown, allBinary: boolean): Output[] {
  const forecast = [{ name: "prediction", isBinary: allBinary }];
  if (outputs === undefined || outputs === null) return forecast;
  if (!Array.isArray(outputs)) throw expected("a list as outputs", outputs);
  if (outputs.length === 0) return forecast;
  const read = outputs.map((output): Output => {
    const { name, parameters }: Record<string, unknown> = isRecord(output) ? output : {};
    if (typeof name !== "string" || !OUTPUTS.includes(name)) {
      throw expected(`${joinWords(OUTPUTS)} as names of outputs`, name);
    }
    return { name, isBinary: readFlag(parameters, "binary_data") ?? allBinary };
  });
  if (new Set(read.map(({ name }) => name)).size < read.length) {
    throw new Problem(400, "Expected each output once, but found one twice.");
  }
  return read;
}

/** A parameter that is true or false; `undefined` where it is not there. */
function readFlag(parameters: unknown, name: string): boolean | undefined {
  const value = isRecord(parameters) ? parameters[name] : undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw expected(`true or false for ${name}`, value);
}

function expected(what: string, value: unknown): Problem {
  const found = value === undefined || value === null ? "nothing" : show(value);
  return new Problem(400, `Expected ${what}, but found ${found}.`);
}

import { show } from "../lib/features/check_value.ts";
import { isInteger } from "../lib/features/describe_values.ts";
import { isRecord } from "../lib/features/read_records.ts";
import { type Feature, FEATURES } from "../lib/features/table.ts";
import type { Level } from "../lib/intervals/conformal.ts";
import { joinWords } from "../lib/words.ts";
import { levelOf, PERCENTS } from "./predict_request.ts";
import { Problem } from "./problem.ts";

/** What a model is asked by the Open Inference Protocol. */
export interface InferenceRequest {
  /** Told back. */
  id: string | undefined;
  /** Made of the tensors, one a row; not checked yet. */
  records: Record<string, unknown>[];
  /** Names among {@linkcode OUTPUTS}, in the order of the answer. */
  outputs: string[];
  /** Those of the outputs, each once. */
  levels: Level[];
}

/** What a model can answer, by name. */
export const OUTPUTS = [
  "prediction",
  ...PERCENTS.flatMap((percent) => [`lower_${percent}`, `upper_${percent}`]),
];

const NUMBERS = ["FP64", "FP32", "FP16", "INT64", "INT32", "INT16", "INT8"]
  .concat(["UINT64", "UINT32", "UINT16", "UINT8"]);

/** The datatype in which a feature is best sent. */
export function datatypeOf(feature: Feature): string {
  if (feature.kind === "flag") return "BOOL";
  if ("values" in feature) return "BYTES";
  return isInteger(feature) ? "INT64" : "FP64";
}

/** All in which it may be. */
function datatypesOf(feature: Feature): string[] {
  if (feature.kind === "flag") return ["BOOL", ...NUMBERS];
  return "values" in feature ? ["BYTES"] : NUMBERS;
}

/**
 * Reads the body of `POST /v2/models/{name}/infer`, but for the values of its tensors.
 *
 * @throws {Problem} 400 where it is no such request, 413 where it has too many rows.
 *
 * @example
 * ```ts
 * import { readInferenceRequest } from "./inference_request.ts";
 * const inputs = [{ name: "Store", datatype: "INT64", shape: [2, 1], data: [1, 2] }];
 * console.log(readInferenceRequest({ inputs }, 10).records); // [ { Store: 1 }, { Store: 2 } ]
 * ```
 */
export function readInferenceRequest(body: unknown, maxRecords: number): InferenceRequest {
  if (!isRecord(body)) throw expected("an object with inputs as the body", body);
  const { id, inputs, outputs } = body;
  if (id !== undefined && typeof id !== "string") throw expected("a text for id", id);
  if (!Array.isArray(inputs) || inputs.length === 0) throw expected("tensors as inputs", inputs);
  const columns = new Map<string, unknown[]>();
  let rows: number | undefined;
  for (const input of inputs) {
    const { feature, data } = readTensor(input, maxRecords);
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
  const records = Array.from(
    { length: rows! },
    (_, row) => Object.fromEntries([...columns].map(([name, data]) => [name, data[row]])),
  );
  const names = readOutputs(outputs);
  const percents = new Set(names.map((name) => Number(/\d+$/.exec(name)?.[0])));
  const levels = [...percents].map(levelOf).filter((level) => level !== undefined);
  return { id, records, outputs: names, levels };
}

function readTensor(input: unknown, maxRecords: number): { feature: Feature; data: unknown[] } {
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
  if (isRecord(parameters) && parameters.binary_data_size !== undefined) {
    throw new Problem(
      400,
      `Expected the data of ${name} as JSON, but it is binary. Send it with binary_data=False.`,
    );
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

/** Names of outputs that are asked for; only the forecast where none is. */
function readOutputs(outputs: unknown): string[] {
  if (outputs === undefined || outputs === null) return ["prediction"];
  if (!Array.isArray(outputs)) throw expected("a list as outputs", outputs);
  if (outputs.length === 0) return ["prediction"];
  const names = outputs.map((output) => {
    const name = isRecord(output) ? output.name : undefined;
    if (typeof name === "string" && OUTPUTS.includes(name)) return name;
    throw expected(`${joinWords(OUTPUTS)} as names of outputs`, name);
  });
  if (new Set(names).size < names.length) {
    throw new Problem(400, "Expected each output once, but found one twice.");
  }
  return names;
}

function expected(what: string, value: unknown): Problem {
  const found = value === undefined || value === null ? "nothing" : show(value);
  return new Problem(400, `Expected ${what}, but found ${found}.`);
}

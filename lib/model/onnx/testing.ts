import * as ort from "onnxruntime-web";
import { type FeatureColumns, FEATURES } from "../../features/table.ts";
import { ONNX_INPUTS } from "./encode.ts";

// One thread: workers would outlive the test.
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** Values of a column in the type of an input. */
const CONVERT: Record<string, (values: Float64Array, name: string) => ort.Tensor> = {
  bool: (values) => new ort.Tensor("bool", Uint8Array.from(values), [values.length]),
  double: (values) => new ort.Tensor("float64", values, [values.length]),
  int64: (values) =>
    new ort.Tensor("int64", BigInt64Array.from(values, (value) => BigInt(value)), [values.length]),
  string: (values, name) => {
    const feature = FEATURES.find((feature) => feature.name === name)!;
    const names = "values" in feature ? feature.values : [];
    return new ort.Tensor("string", Array.from(values, (code) => names[code] ?? "?"), [
      values.length,
    ]);
  },
};

/** What onnxruntime makes of encoded features with a model of ours: columns by name. For tests only. */
export async function runOnnx(
  bytes: Uint8Array,
  columns: FeatureColumns,
): Promise<Record<string, Float64Array>> {
  const feeds = ONNX_INPUTS.map(({ name, type }) =>
    [name, CONVERT[type]!(columns[name as keyof FeatureColumns], name)] as const
  );
  return await run(bytes, Object.fromEntries(feeds));
}

/** What onnxruntime makes of columns of doubles. For tests only. */
export async function runColumns(
  bytes: Uint8Array,
  columns: Record<string, Float64Array>,
): Promise<Record<string, Float64Array>> {
  const feeds = Object.entries(columns).map(([name, values]) =>
    [name, CONVERT["double"]!(values, name)] as const
  );
  return await run(bytes, Object.fromEntries(feeds));
}

async function run(
  bytes: Uint8Array,
  feeds: Record<string, ort.Tensor>,
): Promise<Record<string, Float64Array>> {
  const { Worker } = globalThis;
  const session = await ort.InferenceSession.create(bytes);
  // It puts Node's workers in the place of Deno's, with which trees are grown.
  globalThis.Worker = Worker;
  try {
    const results = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, data as Float64Array]),
    );
  } finally {
    await session.release();
  }
}

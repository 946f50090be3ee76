import { stringify } from "yaml";
import { cardPath } from "../evaluation/card/file.ts";
import { isoWeek, monthOf, yearOf } from "../features/calendar.ts";
import { type Feature, FEATURES } from "../features/table.ts";
import type { Model } from "../model/model.ts";
import { encodeOnnx, ONNX_INPUTS, ONNX_OUTPUTS } from "../model/onnx/encode.ts";
import type { DataType } from "../model/onnx/proto.ts";

/** What a logged model's files say of the time and place of logging. */
export interface LoggingFacts {
  modelId: string;
  runId: string;
  /** Where the files go. */
  artifactUri: string;
  /** Milliseconds since 1970. */
  time: number;
  python: PythonEnvironment;
}

/** Contents of the files that are there before logging. */
export interface OwnFiles {
  /** Of the model's own file, which is kept as NAME.json. */
  json: Uint8Array<ArrayBuffer>;
  /** Of its evaluation card, which is kept beside that. */
  card: Uint8Array<ArrayBuffer>;
  /** Source of `retail_demand_model.py`. */
  loader: Uint8Array<ArrayBuffer>;
}

/** What the model needs in Python. */
export interface PythonEnvironment {
  /** For example `3.11.7`. */
  python: string;
  /** Lines of a requirements file, that of MLflow among them. */
  requirements: string[];
}

/** Types of columns by MLflow's names. */
const SIGNATURE_TYPES: Partial<Record<DataType, string>> = {
  int64: "long",
  double: "double",
  bool: "boolean",
  string: "string",
};

const ONNX_FILE = "model.onnx", LOADER = "retail_demand_model";

/**
 * Files of an MLflow model, by path: the model as ONNX with a loader for Python, its own JSON file
 * with its evaluation card, and MLflow's descriptions. Python loads it with `mlflow.pyfunc.load_model` and, as a plain ONNX
 * graph, with `mlflow.onnx.load_model`; `mlflow models serve` serves it.
 */
export function modelFiles(
  model: Model,
  { json, card, loader }: OwnFiles,
  facts: LoggingFacts,
): Record<string, Uint8Array<ArrayBuffer>> {
  const onnx = encodeOnnx(model);
  const example = { columns: ONNX_INPUTS.map(({ name }) => name), data: [exampleRow(model)] };
  const { requirements, python } = facts.python;
  const texts: Record<string, string> = {
    MLmodel: stringify(describe(facts, onnx.length + json.length)),
    "requirements.txt": requirements.join("\n") + "\n",
    "python_env.yaml": stringify({
      python,
      build_dependencies: ["pip", "setuptools", "wheel"],
      dependencies: ["-r requirements.txt"],
    }),
    "conda.yaml": stringify({
      name: "mlflow-env",
      channels: ["conda-forge"],
      dependencies: [`python=${python}`, "pip", { pip: requirements }],
    }),
    "input_example.json": JSON.stringify(example),
    "serving_input_example.json": JSON.stringify({ dataframe_split: example }),
  };
  const encoder = new TextEncoder();
  return {
    [`${model.name}.json`]: json,
    [cardPath(`${model.name}.json`)]: card,
    [ONNX_FILE]: onnx,
    [`code/${LOADER}.py`]: loader,
    ...Object.fromEntries(
      Object.entries(texts).map(([path, text]) => [path, encoder.encode(text)]),
    ),
  };
}

/** Content of MLmodel. */
function describe({ modelId, runId, artifactUri, time, python }: LoggingFacts, bytes: number) {
  return {
    artifact_path: artifactUri,
    flavors: {
      onnx: {
        code: null,
        data: ONNX_FILE,
        onnx_version: versionOf("onnx", python),
        providers: ["CPUExecutionProvider"],
      },
      python_function: {
        code: "code",
        data: ONNX_FILE,
        env: { conda: "conda.yaml", virtualenv: "python_env.yaml" },
        loader_module: LOADER,
        python_version: python.python,
      },
    },
    is_signature_from_type_hint: false,
    mlflow_version: versionOf("mlflow", python),
    model_id: modelId,
    model_size_bytes: bytes,
    model_uuid: modelId,
    run_id: runId,
    saved_input_example_info: {
      artifact_path: "input_example.json",
      pandas_orient: "split",
      serving_input_path: "serving_input_example.json",
      type: "dataframe",
    },
    signature: {
      inputs: JSON.stringify(ONNX_INPUTS.map(({ name, type }, i) => ({
        type: SIGNATURE_TYPES[type],
        name,
        required: FEATURES[i]!.missing === "refuse",
      }))),
      outputs: JSON.stringify(ONNX_OUTPUTS.map(({ name, type }) => ({
        type: SIGNATURE_TYPES[type],
        name,
        required: true,
      }))),
      params: null,
    },
    type_hint_from_example: false,
    utc_time_created: new Date(time).toISOString().replace("T", " ").replace("Z", "000"),
  };
}

/** A record of a series that the model knows, in the first week that it does not know. */
function exampleRow({ outlook: { origin, history } }: Model): (number | string | boolean | null)[] {
  const day = origin + 7;
  const values: Record<string, number | string | boolean> = {
    Store: history.stores[0]!,
    Dept: history.departments[0]!,
    IsHoliday: false,
    Type: "A",
    Size: 150_000,
    Year: yearOf(day),
    Month: monthOf(day),
    Week: isoWeek(day),
  };
  return FEATURES.map(({ name }: Feature) => values[name] ?? null);
}

function versionOf(name: string, { requirements }: PythonEnvironment): string {
  const line = requirements.find((line) => line.startsWith(`${name}==`)) ?? "";
  return line.slice(name.length + 2).split(" ")[0]!;
}

import { basename, join } from "node:path";
import { CANDIDATES } from "../lib/candidates.ts";
import { runCommand } from "../lib/cli.ts";
import { readModel } from "../lib/model/file.ts";
import { encodeOnnx } from "../lib/model/onnx/encode.ts";
import { writeFilesAtomic } from "../lib/write_files.ts";

const OUT = "onnx";

/** Writes models as ONNX files, each under the name of its own file. */
async function exportOnnx(paths: string[]): Promise<void> {
  const files: [string, Uint8Array][] = [];
  for (const path of paths) {
    const name = basename(path).replace(/\.json$/, "");
    files.push([join(OUT, `${name}.onnx`), encodeOnnx(await readModel(path))]);
  }
  await writeFilesAtomic(files);
  for (const [path, { length }] of files) {
    console.log(`${path}, ${(length / 2 ** 20).toFixed(1)} MB`);
  }
}

if (import.meta.main) {
  await runCommand({
    name: "deno task export-onnx",
    summary:
      "Writes models as ONNX files: onnx/NAME.onnx. Each takes the 17 fields of a record, and\n" +
      "gives the forecast with its 80 % and 90 % intervals.",
    options: {
      model: {
        type: "string",
        value: "FILE",
        description: "model file (default: every candidate of models/)",
      },
    },
    examples: ["deno task export-onnx", "deno task export-onnx --model models/gbr.json"],
  }, ({ values }) =>
    exportOnnx(
      values.model === undefined ? CANDIDATES.map((name) => `models/${name}.json`) : [values.model],
    ));
}

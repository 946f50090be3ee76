import { join } from "node:path";
import { readTextFile } from "../files.ts";
import type { PythonEnvironment } from "./model_files.ts";

/** What Python needs to load and serve a logged model. */
const PACKAGES = ["mlflow", "numpy", "onnx", "onnxruntime", "pandas"];

/**
 * What a logged model asks for in Python: the versions of requirements.txt, which `.venv` has, and the
 * Python that made `.venv`.
 *
 * @param base The project's folder.
 * @throws {UserError} where either file is missing.
 */
export async function readPythonEnvironment(base: string): Promise<PythonEnvironment> {
  const lock = await readTextFile(
    join(base, "requirements.txt"),
    "Restore it with `git checkout requirements.txt`.",
  );
  const config = await readTextFile(join(base, ".venv/pyvenv.cfg"), "Run `deno task setup`.");
  return {
    requirements: lockedRequirements(lock, PACKAGES),
    python: /^version *= *(\S+)/m.exec(config)?.[1] ?? "3",
  };
}

/**
 * Lines of a lock file that pin these packages, without their hashes; a package may have several,
 * each for other versions of Python.
 *
 * @example
 * ```ts
 * import { lockedRequirements } from "./python_environment.ts";
 * console.log(lockedRequirements("onnx==1.2 \\\n    --hash=sha256:00\n", ["onnx"])); // ["onnx==1.2"]
 * ```
 */
export function lockedRequirements(lock: string, packages: string[]): string[] {
  return lock.split("\n")
    .filter((line) => packages.includes(/^([a-z0-9-]+)==/.exec(line)?.[1] ?? ""))
    .map((line) => line.replace(/\s*\\$/, ""));
}

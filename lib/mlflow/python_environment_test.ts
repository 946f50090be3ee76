import assert from "node:assert/strict";
import { inFolder } from "../testing.ts";
import { lockedRequirements, readPythonEnvironment } from "./python_environment.ts";

const LOCK = `# compiled
numpy==2.2.6 ; python_full_version < '3.11' \\
    --hash=sha256:00
numpy==2.4.6 ; python_full_version >= '3.11' \\
    --hash=sha256:01
onnxruntime-extensions==1.0.0 \\
    --hash=sha256:02
onnxruntime==1.32.0 \\
    --hash=sha256:03
`;

Deno.test("lockedRequirements() gives the pins of just these packages, markers kept", () => {
  assert.deepEqual(lockedRequirements(LOCK, ["numpy", "onnxruntime"]), [
    "numpy==2.2.6 ; python_full_version < '3.11'",
    "numpy==2.4.6 ; python_full_version >= '3.11'",
    "onnxruntime==1.32.0",
  ]);
});

Deno.test("readPythonEnvironment() pins all that a logged model needs, by the project's own lock", async () => {
  const { requirements } = await readPythonEnvironment(".");
  for (const name of ["mlflow", "numpy", "onnx", "onnxruntime", "pandas"]) {
    assert.ok(requirements.some((line) => line.startsWith(`${name}==`)), name);
  }
});

Deno.test("readPythonEnvironment() reads the version of Python from .venv", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.venv`);
    await Deno.writeTextFile(`${folder}/.venv/pyvenv.cfg`, "home = /usr/bin\nversion = 3.12.4\n");
    await Deno.writeTextFile(`${folder}/requirements.txt`, LOCK);
    assert.equal((await readPythonEnvironment(folder)).python, "3.12.4");
  }));

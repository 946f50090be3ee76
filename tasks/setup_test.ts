import assert from "node:assert/strict";
import { offline, pythonProblem, requirement } from "./setup.ts";

Deno.test("pythonProblem() accepts 3.10 and newer with venv", () => {
  assert.equal(pythonProblem(3, 10, true), undefined);
  assert.equal(pythonProblem(3, 14, true), undefined);
});

Deno.test("pythonProblem() names an old version and a missing venv module", () => {
  assert.equal(pythonProblem(3, 9, true), "is version 3.9");
  assert.equal(pythonProblem(2, 7, false), "is version 2.7");
  assert.equal(pythonProblem(3, 12, false), "(version 3.12) lacks the venv module");
});

Deno.test("requirement() takes one package with all its hashes, and no other", () => {
  const text = "uvicorn==1.0 \\\n    --hash=sha256:a\nuv==2.0 \\\n    --hash=sha256:b \\\n" +
    "    --hash=sha256:c\nvine==3.0 \\\n    --hash=sha256:d\n";
  assert.equal(
    requirement(text, "uv"),
    "uv==2.0 \\\n    --hash=sha256:b \\\n    --hash=sha256:c\n",
  );
});

Deno.test("requirements.txt holds the tools in the versions of requirements.in", async () => {
  const wanted = (await Deno.readTextFile("requirements.in")).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const locked = await Deno.readTextFile("requirements.txt");
  const names = wanted.map((line) => /^[a-z]+/.exec(line)![0]);
  assert.deepEqual(names, ["dvc", "mlflow", "uv", "onnx", "onnxruntime"]);
  for (const line of wanted.filter((line) => line.includes("=="))) {
    assert.ok(requirement(locked, line.split("==")[0]!).startsWith(`${line} \\\n`), line);
  }
});

Deno.test("requirements.txt has a hash for every package, and no source but the index", async () => {
  const entries = (await Deno.readTextFile("requirements.txt")).split(/\n(?=\S)/)
    .filter((entry) => !entry.startsWith("#"));
  assert.ok(entries.length > 100);
  for (const entry of entries) {
    assert.match(entry, /^[\w.-]+==[\w.]+( ; [^\\]+)?( \\\n +--hash=sha256:[0-9a-f]{64})+\n?$/);
  }
});

Deno.test("offline() names the host, without credentials", () => {
  const cases = [
    [
      "error sending request for url (https://registry.npmjs.org/yaml): dns error",
      "registry.npmjs.org was",
    ],
    ["HTTPSConnectionPool(host='pypi.org', port=443): Name or service not known", "pypi.org was"],
    ["Connection refused: http://user:secret@mirror.local:8080/simple/", "mirror.local was"],
    ["getaddrinfo failed", "the package index was"],
  ] as const;
  for (const [text, start] of cases) assert.ok(offline(text)!.message.startsWith(start), text);
});

Deno.test("offline() is undefined for other failures", () => {
  assert.equal(offline("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"), undefined);
});

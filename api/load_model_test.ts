import assert from "node:assert/strict";
import { inFolder } from "../lib/testing.ts";
import { loadModel } from "./load_model.ts";
import { modelText, testModel } from "./testing.ts";

Deno.test("loadModel() reads a model by its file's name", () =>
  inFolder(async (folder) => {
    const path = `${folder}/best.v2.json`;
    await Deno.writeTextFile(path, await modelText("rf"));
    const { served, problems } = await loadModel(path);
    const model = await testModel("rf");
    assert.deepEqual(problems, []);
    assert.deepEqual(
      { ...served, model: served!.model.checksum },
      {
        name: "best.v2",
        version: /^sha256:(.{12})/.exec(model.checksum)![1],
        bytes: (await Deno.stat(path)).size,
        model: model.checksum,
      },
    );
  }));

Deno.test("loadModel() tells in a sentence what cannot be read, and never rejects", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/folder.json`);
    await Deno.writeTextFile(`${folder}/half.json`, (await modelText("rf")).slice(0, 1000));
    await Deno.symlink("loop.json", `${folder}/loop.json`);
    for (const name of ["none", "folder", "half", "loop"]) {
      const path = `${folder}/${name}.json`;
      const { served, problems } = await loadModel(path);
      assert.equal(served, undefined);
      assert.deepEqual(problems.map(([file]) => file), [path]);
      assert.match(problems[0]![1], /^\S.+\.$/);
    }
  }));

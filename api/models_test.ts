import { smallCard } from "../lib/evaluation/testing.ts";
import assert from "node:assert/strict";
import { sha256 } from "../lib/hash.ts";
import { inFolder } from "../lib/testing.ts";
import { ModelStore } from "./models.ts";
import { modelText } from "./testing.ts";

/** Runs a test with a store over a folder, and a way to put files into it. */
function inStore(
  test: (
    store: ModelStore,
    write: (file: string, text: string) => Promise<void>,
    folder: string,
  ) => Promise<void>,
  source: { DEFAULT_MODEL_NAME?: string } = {},
): Promise<void> {
  return inFolder(async (root) => {
    const folder = `${root}/models`;
    await Deno.mkdir(folder);
    const write = async (file: string, text: string) => {
      // As atomic as whoever serves models should be.
      await Deno.writeTextFile(`${root}/new`, text);
      await Deno.rename(`${root}/new`, `${folder}/${file}`);
    };
    await test(new ModelStore({ MODELS_DIR: folder, ...source }), write, folder);
  });
}

const names = ({ current }: ModelStore) => [...current.served.keys()];
const failed = ({ current }: ModelStore) => [...current.failed.keys()];

Deno.test("ModelStore serves what is added, changed and removed", () =>
  inStore(async (store, write, folder) => {
    assert.equal(store.loaded, false);
    await store.refresh();
    assert.equal(store.loaded, true);
    assert.deepEqual(names(store), []);
    assert.equal(store.current.fallback?.name, undefined);

    await write("rf.json", await modelText("rf"));
    await write("gbr.json", await modelText("gbr"));
    await store.refresh();
    assert.deepEqual(names(store), ["gbr", "rf"]);
    assert.equal(store.current.fallback?.name, "gbr");
    const { current } = store;
    const rf = current.served.get("rf")!;
    assert.equal(rf.model.name, "rf");
    assert.equal(rf.version, rf.model.checksum.slice(7, 19));
    assert.equal(rf.bytes, (await modelText("rf")).length);

    await write("rf.json", await modelText("seasonal"));
    await store.refresh();
    assert.equal(store.current.served.get("rf")!.model.name, "seasonal");
    // Who holds the old models goes on with them.
    assert.equal(current.served.get("rf"), rf);
    assert.equal(rf.model.name, "rf");

    await Deno.remove(`${folder}/rf.json`);
    await store.refresh();
    assert.deepEqual(names(store), ["gbr"]);
  }));

Deno.test("ModelStore reads no file again that has not changed", () =>
  inStore(async (store, write) => {
    await write("rf.json", await modelText("rf"));
    await store.refresh();
    const before = store.current.served.get("rf");
    await store.refresh();
    assert.equal(store.current.served.get("rf"), before);
  }));

Deno.test("ModelStore takes the file `model` as the default, or the one that is asked for", async () => {
  await inStore(async (store, write) => {
    for (const file of ["model.json", "blend.json"]) await write(file, await modelText("rf"));
    await store.refresh();
    assert.equal(store.current.fallback?.name, "model");
  });
  await inStore(async (store, write) => {
    for (const file of ["model.json", "rf.json"]) await write(file, await modelText("rf"));
    await store.refresh();
    assert.equal(store.current.fallback?.name, "rf");
  }, { DEFAULT_MODEL_NAME: "rf" });
  await inStore(async (store, write, folder) => {
    await write("model.json", await modelText("rf"));
    await store.refresh();
    assert.equal(store.current.fallback?.name, undefined);
    const file = `${folder}/other.json`;
    assert.deepEqual([...store.current.failed], [[
      file,
      `The default model ${file} is missing. Set DEFAULT_MODEL_NAME to another, or bring the file.`,
    ]]);
    await write("other.json", await modelText("gbr"));
    await store.refresh();
    assert.equal(store.current.fallback?.name, "other");
    assert.deepEqual(failed(store), []);
  }, { DEFAULT_MODEL_NAME: "other" });
});

Deno.test("ModelStore leaves the old model serving where its file is broken, and says why", () =>
  inStore(async (store, write, folder) => {
    const whole = await modelText("rf");
    await write("rf.json", whole);
    await write("gbr.json", await modelText("gbr"));
    await store.refresh();
    const { version } = store.current.served.get("rf")!;
    const broken = [
      "",
      "[]",
      "null",
      "{}",
      whole.slice(0, -100),
      whole.replace("retail-demand-model", "another"),
      whole.replace(/"version": \d+/, '"version": 99'),
      whole.replace('"size": 1000', '"size": 1001'),
    ];
    for (const text of broken) {
      await write("rf.json", text);
      await store.refresh();
      assert.deepEqual(names(store), ["gbr", "rf"]);
      assert.equal(store.current.served.get("rf")!.version, version);
      assert.deepEqual(failed(store), [`${folder}/rf.json`]);
      assert.match([...store.current.failed.values()][0]!, /rf\.json .+\.$/);
    }
    await write("rf.json", whole);
    await store.refresh();
    assert.deepEqual(failed(store), []);
    await write("rf.json", "{");
    await store.refresh();
    await Deno.remove(`${folder}/rf.json`);
    await store.refresh();
    assert.deepEqual([names(store), failed(store)], [["gbr"], []]);
  }));

Deno.test("ModelStore does not serve a file that was never whole, nor a folder", () =>
  inStore(async (store, write, folder) => {
    await write("rf.json", "{");
    await Deno.mkdir(`${folder}/gbr.json`);
    await store.refresh();
    assert.deepEqual(names(store), []);
    assert.deepEqual(failed(store), [`${folder}/gbr.json`, `${folder}/rf.json`]);
  }));

Deno.test("ModelStore keeps what it serves while the folder is gone, and what it knew to be broken", () =>
  inStore(async (store, write, folder) => {
    await write("rf.json", await modelText("rf"));
    await write("gbr.json", "{");
    await store.refresh();
    await Deno.rename(folder, `${folder}.away`);
    await store.refresh();
    assert.deepEqual(names(store), ["rf"]);
    assert.ok(failed(store).includes(folder));
    assert.match(store.current.failed.get(folder)!, /^The folder .*models is missing\. Run/);
    await Deno.rename(`${folder}.away`, folder);
    await store.refresh();
    assert.deepEqual(names(store), ["rf"]);
    assert.deepEqual(failed(store), [`${folder}/gbr.json`]);
  }));

Deno.test("ModelStore says that there is no folder, and serves once there is", () =>
  inFolder(async (root) => {
    const store = new ModelStore({ MODELS_DIR: `${root}/models` });
    await store.refresh();
    assert.deepEqual(failed(store), [`${root}/models`]);
    await Deno.mkdir(`${root}/models`);
    await Deno.writeTextFile(`${root}/models/rf.json`, await modelText("rf"));
    await store.refresh();
    assert.deepEqual([names(store), failed(store)], [["rf"], []]);
    const file = new ModelStore({ MODELS_DIR: `${root}/models/rf.json` });
    await file.refresh();
    assert.match(file.current.failed.get(`${root}/models/rf.json`)!, /is missing/);
  }));

Deno.test("ModelStore serves one file alone where it is told so, and misses it when it goes", () =>
  inFolder(async (folder) => {
    const path = `${folder}/rf.json`;
    await Deno.writeTextFile(`${folder}/gbr.json`, await modelText("gbr"));
    const store = new ModelStore({ MODELS_DIR: "no/such", MODEL_PATH: path });
    await store.refresh();
    assert.deepEqual([names(store), failed(store)], [[], [path]]);
    assert.match(store.current.failed.get(path)!, /rf\.json is missing\. Run/);
    await Deno.writeTextFile(path, await modelText("rf"));
    await store.refresh();
    assert.deepEqual([names(store), failed(store)], [["rf"], []]);
    assert.equal(store.current.fallback?.name, "rf");
    await Deno.remove(path);
    await store.refresh();
    assert.deepEqual([names(store), failed(store)], [["rf"], [path]]);
  }));

Deno.test("ModelStore reads the evaluation and the origin beside a model, as they come and go", () =>
  inStore(async (store, write, folder) => {
    const text = await modelText("rf");
    await write("rf.json", text);
    await store.refresh();
    const { model: { checksum } } = store.current.served.get("rf")!;
    const card = smallCard("rf", checksum);
    await write("rf.card.json", JSON.stringify(card));
    await write("manifest.json", manifest({ "rf.json": await sha256(text) }));
    await store.refresh();
    const served = store.current.served.get("rf")!;
    assert.deepEqual(served.card, card);
    assert.equal(served.registry?.run_id, "0c8f");
    assert.deepEqual([names(store), failed(store)], [["rf"], []]);

    // Of another version of the model, both say nothing of this.
    await write("rf.card.json", JSON.stringify({ ...card, checksum: `sha256:${"0".repeat(64)}` }));
    await write("manifest.json", manifest({ "rf.json": "0".repeat(64) }));
    await store.refresh();
    assert.equal(store.current.served.get("rf")!.card, undefined);
    assert.equal(store.current.served.get("rf")!.registry, undefined);
    assert.deepEqual(failed(store), []);

    // Damaged ones are told, and do not keep the model from serving, at the first reading either.
    for (const each of [store, new ModelStore({ MODELS_DIR: folder })]) {
      for (const damaged of ["", "{", '{"checksum":']) {
        await write("rf.card.json", damaged);
        await write("manifest.json", damaged);
        await each.refresh();
        assert.deepEqual(names(each), ["rf"]);
        assert.deepEqual(failed(each), [`${folder}/rf.card.json`, `${folder}/manifest.json`]);
      }
    }
    for (const empty of ["null", "1", "[]", "{}"]) {
      await write("rf.card.json", empty);
      await write("manifest.json", '{"models": {}}');
      await store.refresh();
      assert.deepEqual([names(store), failed(store)], [["rf"], [`${folder}/rf.card.json`]]);
      assert.equal(store.current.served.get("rf")!.card, undefined);
    }
  }));

Deno.test("ModelStore serves a model before what stands beside it, at the start alone", () =>
  inStore(async (store, write, folder) => {
    const text = await modelText("rf");
    await write("rf.json", text);
    await store.refresh();
    const card = smallCard("rf", store.current.served.get("rf")!.model.checksum);
    await write("rf.card.json", JSON.stringify(card));
    const fresh = new ModelStore({ MODELS_DIR: folder });
    while (!fresh.current.served.has("rf")) await fresh.next();
    assert.equal(fresh.current.served.get("rf")!.card, undefined);
    await fresh.refresh();
    assert.deepEqual(fresh.current.served.get("rf")!.card, card);

    const before = store.current;
    const reading = store.refresh();
    let models = before;
    while (models === before || models.served.get("rf") === before.served.get("rf")) {
      await store.next();
      models = store.current;
    }
    assert.deepEqual(models.served.get("rf")!.card, card);
    await reading;
  }));

Deno.test("ModelStore looks once for calls that come together", () =>
  inStore(async (store, write) => {
    await write("rf.json", await modelText("rf"));
    const first = store.refresh();
    assert.equal(store.refresh(), first);
    await first;
    assert.deepEqual(names(store), ["rf"]);
  }));

function manifest(hashes: Record<string, string>): string {
  const models = Object.fromEntries(
    Object.entries(hashes).map(([file, sha256]) => [file, {
      name: "retail-demand-rf",
      version: "3",
      alias: "champion",
      model_id: "m-1",
      run_id: "0c8f",
      run: "http://host/",
      sha256,
      git_commit: null,
      data_hash: null,
      dvc_lock_hash: null,
    }]),
  );
  return JSON.stringify({ models });
}

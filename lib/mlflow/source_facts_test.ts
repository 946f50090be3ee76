import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { inFolder } from "../testing.ts";
import { gitTags, hashDvcLock, hashRawData } from "./source_facts.ts";

async function git(folder: string, ...args: string[]): Promise<void> {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const command = new Deno.Command("git", { args: [...identity, ...args], cwd: folder });
  const { success, stderr } = await command.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test("gitTags() gives the revision, and dirty only where sources differ", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/metrics`);
    for (const name of ["source.ts", "dvc.lock", "metrics/all.json"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "1\n");
    }
    await git(folder, "init", "-q");
    assert.deepEqual(await gitTags(folder), {});
    await git(folder, "add", ".");
    await git(folder, "commit", "-q", "-m", "first");
    const clean = await gitTags(folder);
    assert.match(clean["mlflow.source.git.commit"]!, /^[0-9a-f]{40}$/);
    assert.equal(clean["mlflow.source.git.dirty"], "false");

    await Deno.writeTextFile(`${folder}/dvc.lock`, "2\n");
    await Deno.writeTextFile(`${folder}/metrics/all.json`, "2\n");
    assert.equal((await gitTags(folder))["mlflow.source.git.dirty"], "false");
    await Deno.writeTextFile(`${folder}/source.ts`, "2\n");
    assert.equal((await gitTags(folder))["mlflow.source.git.dirty"], "true");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("hashRawData() follows the MD5s of .dvc files, else the content", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/data`);
    const write = (name: string, text: string) =>
      Deno.writeTextFile(`${folder}/data/${name}`, text);
    await write("train.csv", "a\n");
    await write("features.csv", "b\n");
    await assert.rejects(
      hashRawData(folder),
      (error) => error instanceof UserError && error.message.includes("stores.csv is missing"),
    );

    await write("stores.csv", "c\n");
    const plain = await hashRawData(folder);
    await write("stores.csv", "d\n");
    assert.notEqual(await hashRawData(folder), plain);

    await write("stores.csv.dvc", "outs:\n- md5: 11\n  path: stores.csv\n");
    await assert.rejects(
      hashRawData(folder),
      (error) =>
        error instanceof UserError && error.message.includes("stores.csv.dvc names no md5"),
    );
    await write("stores.csv.dvc", "outs:\n- md5: aa\n  path: stores.csv\n");
    const tracked = await hashRawData(folder);
    await write("stores.csv", "e\n");
    assert.equal(await hashRawData(folder), tracked);
    await write("stores.csv.dvc", "outs:\n- md5: bb\n  path: stores.csv\n");
    assert.notEqual(await hashRawData(folder), tracked);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("hashDvcLock() counts all stages but the logging's own", () =>
  inFolder(async (folder) => {
    assert.equal(await hashDvcLock(folder), null);
    const hashOf = async (train: string, log: string) => {
      const stages = `stages:\n  train:\n    cmd: ${train}\n  log_mlflow:\n    cmd: ${log}\n`;
      await Deno.writeTextFile(`${folder}/dvc.lock`, `schema: '2.0'\n${stages}`);
      return await hashDvcLock(folder);
    };
    const first = await hashOf("a", "b");
    assert.match(first!, /^[0-9a-f]{64}$/);
    assert.equal(await hashOf("a", "c"), first);
    assert.notEqual(await hashOf("d", "b"), first);
  }));

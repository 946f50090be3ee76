import assert from "node:assert/strict";
import { UserError } from "./errors.ts";
import { exists, readTextFile, replaceFile, writeFileAtomic } from "./files.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const names = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name);

Deno.test("writeFileAtomic() makes folders, writes and leaves nothing else", () =>
  inFolder(async (folder) => {
    await writeFileAtomic(`${folder}/a/b.txt`, "one");
    await writeFileAtomic(`${folder}/a/b.txt`, new TextEncoder().encode("two"));
    assert.equal(await readTextFile(`${folder}/a/b.txt`, ""), "two");
    assert.deepEqual(names(`${folder}/a`), ["b.txt"]);
  }));

Deno.test("writeFileAtomic() makes a new file: a hard link to the old one keeps its content", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/cached`, "old");
    await Deno.link(`${folder}/cached`, `${folder}/out`);
    await writeFileAtomic(`${folder}/out`, "new");
    assert.equal(await Deno.readTextFile(`${folder}/cached`), "old");
  }));

Deno.test("replaceFile() keeps the old file and no temporary one when the writer fails", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/out`, "old");
    const fails = replaceFile(`${folder}/out`, async (temporary) => {
      await Deno.writeTextFile(temporary, "half");
      throw new Error("stopped");
    });
    await assert.rejects(fails, /stopped/);
    assert.equal(await Deno.readTextFile(`${folder}/out`), "old");
    assert.deepEqual(names(folder), ["out"]);
  }));

Deno.test("readTextFile() says that a file is missing and what to do", async () => {
  await assert.rejects(
    readTextFile("no/such.file", "Make it."),
    (error) => error instanceof UserError && error.message === "no/such.file is missing. Make it.",
  );
  assert.equal(await exists("no/such.file"), false);
});

import assert from "node:assert/strict";
import { exists, readTextFile } from "./files.ts";
import { inFolder } from "./testing.ts";
import { writeFileAtomic, writeFilesAtomic } from "./write_files.ts";

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

Deno.test("writeFileAtomic() takes over what a killed process left", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/out.tmp`, "half of something longer");
    await writeFileAtomic(`${folder}/out`, "new");
    assert.deepEqual(names(folder), ["out"]);
    assert.equal(await Deno.readTextFile(`${folder}/out`), "new");
  }));

Deno.test("writeFilesAtomic() replaces none where one cannot be written", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "old");
    await Deno.writeTextFile(`${folder}/plain`, "");
    const fails = writeFilesAtomic([[`${folder}/a`, "new"], [`${folder}/plain/b`, "new"]]);
    await assert.rejects(fails, /^UserError: Cannot write .*plain\/b: a file stands where/);
    assert.equal(await Deno.readTextFile(`${folder}/a`), "old");
    assert.deepEqual(names(folder).sort(), ["a", "plain"]);
    await writeFilesAtomic([[`${folder}/a`, "new"], [`${folder}/c/b`, "new"]]);
    assert.equal(await Deno.readTextFile(`${folder}/a`), "new");
    assert.equal(await Deno.readTextFile(`${folder}/c/b`), "new");
  }));

Deno.test("all say so where a file stands in the place of a folder, or a folder of a file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/plain`, "");
    await Deno.mkdir(`${folder}/taken`);
    for (const path of [`${folder}/plain/x`, `${folder}/plain/x/y`]) {
      const message = /^UserError: .*plain\/x.* a file stands where its folder should be\. Move/;
      await assert.rejects(exists(path), message);
      await assert.rejects(readTextFile(path, ""), message);
      await assert.rejects(writeFileAtomic(path, ""), message);
    }
    await assert.rejects(
      writeFileAtomic(`${folder}/taken`, ""),
      /^UserError: .*taken: it is a folder/,
    );
    await assert.rejects(readTextFile(`${folder}/taken`, ""), /^UserError: .*taken is a folder/);
  }));

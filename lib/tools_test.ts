import assert from "node:assert/strict";
import { dirname } from "node:path";
import { inFolder } from "./testing.ts";
import { isSetUp, pathWithDeno, SETUP_STAMP, setupStamp, venvTool } from "./tools.ts";

Deno.test("venvTool() is in bin, on Windows in Scripts", () => {
  assert.equal(venvTool("dvc", false), ".venv/bin/dvc");
  assert.equal(venvTool("dvc", true), ".venv/Scripts/dvc.exe");
});

Deno.test("pathWithDeno() puts this Deno before all that PATH names", () => {
  const rest = Deno.env.get("PATH")!;
  const path = pathWithDeno();
  assert.ok(path.startsWith(dirname(Deno.execPath())));
  assert.ok(path.endsWith(rest));
  assert.equal(path.length, dirname(Deno.execPath()).length + 1 + rest.length);
});

Deno.test("isSetUp() is true only while requirements, place and Python are those of the set-up", () =>
  inFolder(async (folder) => {
    const before = Deno.cwd();
    try {
      await Deno.mkdir(`${folder}/here`);
      Deno.chdir(`${folder}/here`);
      await Deno.writeTextFile("requirements.txt", "dvc==1.0\n");
      assert.equal(await isSetUp(), false, "no .venv");
      await Deno.mkdir(dirname(venvTool("python")), { recursive: true });
      await Deno.writeTextFile(venvTool("python"), "");
      assert.equal(await isSetUp(), false, "no stamp: set-up was killed");
      await Deno.writeTextFile(SETUP_STAMP, await setupStamp());
      assert.equal(await isSetUp(), true);

      await Deno.writeTextFile("requirements.txt", "dvc==1.1\n");
      assert.equal(await isSetUp(), false, "other requirements");
      await Deno.writeTextFile("requirements.txt", "dvc==1.0\n");
      assert.equal(await isSetUp(), true);

      await Deno.remove(venvTool("python"));
      await Deno.symlink("gone", venvTool("python"));
      assert.equal(await isSetUp(), false, "a Python that is gone");
      await Deno.remove(venvTool("python"));
      await Deno.writeTextFile(venvTool("python"), "");

      Deno.chdir(folder);
      await Deno.rename("here", "there");
      Deno.chdir("there");
      assert.equal(await isSetUp(), false, "a folder that was moved");
    } finally {
      Deno.chdir(before);
    }
  }));

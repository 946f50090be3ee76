import assert from "node:assert/strict";
import { remoteOption } from "./dvc_program.ts";

Deno.test("remoteOption() finds a remote however it is written", () => {
  assert.equal(remoteOption(["push", "-r", "a"]), "a");
  assert.equal(remoteOption(["push", "-ra"]), "a");
  assert.equal(remoteOption(["push", "data", "--remote", "a"]), "a");
  assert.equal(remoteOption(["push", "--remote=a", "-j", "2"]), "a");
  assert.equal(remoteOption(["remote", "list"]), undefined);
  assert.equal(remoteOption(["exp", "run", "--run-all"]), undefined);
});

Deno.test("each environment with plugins holds the DVC of requirements.txt", async () => {
  const version = async (path: string) => /^dvc==(\S+)/m.exec(await Deno.readTextFile(path))?.[1];
  const ours = await version("requirements.txt");
  assert.match(ours!, /^\d+\.\d+/);
  for (const folder of ["cloud", "gdrive"]) {
    assert.equal(await version(`remotes/${folder}/requirements.txt`), ours, folder);
  }
});

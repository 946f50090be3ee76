import assert from "node:assert/strict";
import { copyProject, type Result } from "./project.ts";

Deno.test("set-up that cannot be done", async (t) => {
  await using project = await copyProject();
  await Deno.remove(project.path(".venv"));

  await t.step("a tool of .venv asks for set-up", async () => {
    assertLastLine(await project.task("dvc", "status"), /Run `deno task setup`/);
  });

  await t.step("no Python: says which is needed and how to install it", async () => {
    const path = project.env.PATH;
    await Deno.mkdir(project.path("empty"));
    project.env.PATH = project.path("empty");
    assertLastLine(await project.task("repro"), /Python 3\.10 or newer.*https:.*python3-venv/);
    if (path === undefined) delete project.env.PATH;
    else project.env.PATH = path;
  });

  await t.step("no network: names the host, and what it left is no set-up", async () => {
    // Nothing listens on the discard port.
    project.env.PIP_INDEX_URL = project.env.UV_DEFAULT_INDEX = "http://127.0.0.1:9/simple";
    project.env.PIP_CONFIG_FILE = Deno.build.os === "windows" ? "nul" : "/dev/null";
    project.env.UV_NO_CACHE = "1";
    assertLastLine(await project.task("setup"), /^error: 127\.0\.0\.1 was not reached/);
    assertLastLine(await project.task("dvc", "status"), /Run `deno task setup`/);
  });
});

/** Exit code 1 and an error in one line, after what set-up said it was doing. */
function assertLastLine({ code, stderr }: Result, pattern: RegExp): void {
  const last = stderr.trimEnd().split("\n").at(-1)!;
  assert.match(last, /^error: /, stderr);
  assert.match(last, pattern);
  assert.doesNotMatch(stderr, /^ +at /m);
  assert.equal(code, 1);
}

import assert from "node:assert/strict";
import { delay, descendants, running } from "./processes.ts";
import { makeModels } from "./ui_server.ts";

Deno.test({
  name: "deno task start says where the pages are, hides the API's log, and ends both",
  ignore: Deno.build.os === "windows",
  async fn() {
    const models = await makeModels();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "start"],
      env: { PORT: "0", API_PORT: "0", MODELS_DIR: models, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let out = "";
    const read = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({ write: (part) => void (out += part) }),
    );
    const said = new Response(child.stderr).text();
    let children: number[] = [];
    try {
      let url: string | undefined;
      while (!(url = /^The pages are at (\S+) and ask (\S+) - /m.exec(out)?.[1])) {
        if ((await Promise.race([child.status, delay(100)]))) assert.fail(await said);
      }
      children = (await descendants(child.pid)).map(({ pid }) => pid);
      assert.match(await (await fetch(url)).text(), /<option value="gbr"/);
    } finally {
      child.kill("SIGTERM");
      await child.status;
      await read;
      await Deno.remove(models, { recursive: true });
    }
    // Of the API, the one line that says where it is, and none for the requests.
    assert.match(await said, /^Serving .+ at http:\/\/127\.0\.0\.1:\d+\n$/);
    assert.equal(out.trim().split("\n").length, 1);
    assert.ok(children.length >= 3);
    assert.deepEqual(await running(children), []);
  },
});

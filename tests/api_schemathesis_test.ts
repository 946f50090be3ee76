import assert from "node:assert/strict";
import { resolve } from "node:path";
import { sha256 } from "../lib/hash.ts";
import { type ExtraEnvironment, extraTool, installExtra } from "../tasks/extra_environment.ts";
import { makeModels, startApi } from "./ui_server.ts";

/** Where Schemathesis is. */
const SCHEMATHESIS: ExtraEnvironment = {
  folder: "tests/schemathesis",
  content: "Schemathesis",
};

const KEY = "key-of-the-tests";

Deno.test("Schemathesis finds nothing in what the API says of itself, with a key and without", async (t) => {
  await installExtra(SCHEMATHESIS);
  const models = await makeModels();
  try {
    await t.step("without", () => ask(models, {}));
    const env = { API_KEY_HASHES: await sha256(KEY) };
    await t.step("with", () => ask(models, env));
  } finally {
    await Deno.remove(models, { recursive: true });
  }
});

/** Lets Schemathesis ask a server, with all its checks and always the same requests. */
async function ask(models: string, env: Record<string, string>): Promise<void> {
  await using server = await startApi(models, 0, env);
  // Its own folder, where it leaves its notes.
  const folder = await Deno.makeTempDir({ prefix: "retail-demand-" });
  try {
    const { success, stdout, stderr } = await new Deno.Command(
      resolve(extraTool(SCHEMATHESIS, "schemathesis")),
      {
        args: [
          `--config-file=${resolve(SCHEMATHESIS.folder, "schemathesis.toml")}`,
          "run",
          `${server.url}/openapi.json`,
          "--checks=all",
          "--max-examples=15",
          "--seed=1",
          "--generation-deterministic",
          "--continue-on-failure",
          "--no-color",
        ],
        cwd: folder,
        env: { NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1", API_KEY: KEY },
        stdin: "null",
      },
    ).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(success, text);
    assert.match(text, /Tested: [1-9]/);
    console.log(text.trimEnd().split("\n").at(-1));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

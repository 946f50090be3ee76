import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { encodeCard } from "../lib/evaluation/card/card.ts";
import { cardPath } from "../lib/evaluation/card/file.ts";
import { smallCard } from "../lib/evaluation/testing.ts";
import { sha256 } from "../lib/hash.ts";
import { decodeModel } from "../lib/model/json.ts";
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
    const path = join(models, "gbr.json");
    const { checksum } = await decodeModel(await Deno.readTextFile(path));
    await Deno.writeTextFile(cardPath(path), encodeCard(smallCard("gbr", checksum)));
    await t.step("without", async () => {
      for (const [operation, statuses] of await ask(models, {})) {
        console.log(`${operation}: ${[...statuses].sort().join(", ")}`);
        assert.ok(statuses.has(200), `${operation} was never seen to succeed`);
      }
    });
    const env = { API_KEY_HASHES: await sha256(KEY) };
    await t.step("with", async () => {
      // Examples are not for everybody there: what needs a model's name is not found.
      const statuses = await ask(models, env);
      for (const operation of ["GET /models", "GET /stores", "GET /metrics", "GET /v2"]) {
        assert.deepEqual([200, 401].filter((status) => statuses.get(operation)!.has(status)), [
          200,
          401,
        ], operation);
      }
    });
  } finally {
    await Deno.remove(models, { recursive: true });
  }
});

/**
 * Lets Schemathesis ask a server, with all its checks and always the same requests.
 *
 * @returns The statuses that were answered, by operation.
 */
async function ask(models: string, env: Record<string, string>): Promise<Map<string, Set<number>>> {
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
        env: {
          NO_PROXY: "127.0.0.1",
          no_proxy: "127.0.0.1",
          API_KEY: KEY,
          SCHEMATHESIS_HOOKS: resolve(SCHEMATHESIS.folder, "hooks.py"),
        },
        stdin: "null",
      },
    ).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(success, text);
    assert.match(text, /Tested: [1-9]/);
    console.log(text.trimEnd().split("\n").at(-1));
    return await statusesOf(server.url);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The statuses that a server has answered, by operation of its description. */
async function statusesOf(url: string): Promise<Map<string, Set<number>>> {
  const { paths } = await (await fetch(`${url}/openapi.json`)).json();
  const metrics = await (await fetch(`${url}/metrics`, { headers: { "x-api-key": KEY } })).text();
  const statuses = new Map<string, Set<number>>();
  for (const [path, item] of Object.entries(paths as Record<string, object>)) {
    for (const method of Object.keys(item)) {
      statuses.set(`${method.toUpperCase()} ${path}`, new Set());
    }
  }
  const counts = /^retail_demand_requests_total\{method="(\w+)",route="([^"]+)",status="(\d+)"\}/gm;
  for (const [, method, route, status] of metrics.matchAll(counts)) {
    statuses.get(`${method} ${route!.replace(/:(\w+)/g, "{$1}")}`)?.add(Number(status));
  }
  return statuses;
}

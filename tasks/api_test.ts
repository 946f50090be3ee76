import assert from "node:assert/strict";
import { readConfig, VARIABLES } from "../api/config.ts";
import { inFolder } from "../lib/testing.ts";
import { apiArguments, apiRights, arePackagesSetUp, V8_FLAGS } from "./api.ts";

const rights = (variables: Record<string, string> = {}) =>
  apiRights(readConfig((name) => variables[name]));

Deno.test("apiRights() are the port, the models and the API's variables", () => {
  assert.deepEqual(rights(), [
    "--allow-net=127.0.0.1:8000",
    "--allow-read=models,lib/trees",
    `--allow-env=${Object.keys(VARIABLES).join()}`,
  ]);
});

Deno.test("apiRights() follow the configuration", () => {
  assert.equal(rights({ PORT: "9", HOST: "::1" })[0], "--allow-net=[::1]:9");
  assert.equal(rights({ MODELS_DIR: "/srv/a,b" })[1], "--allow-read=/srv/a,,b,lib/trees");
  assert.equal(
    rights({ MODEL_PATH: "/srv/rf.json" })[1],
    "--allow-read=/srv/rf.json,/srv/rf.card.json,/srv/manifest.json,lib/trees",
  );
});

Deno.test("arePackagesSetUp() where Deno has done so since deno.lock changed", () =>
  inFolder(async (folder) => {
    const lock = `${folder}/deno.lock`, packages = `${folder}/node_modules/.deno/.setup-cache.bin`;
    assert.equal(await arePackagesSetUp(folder), false);
    await Deno.writeTextFile(lock, "{}");
    assert.equal(await arePackagesSetUp(folder), false);
    await Deno.mkdir(`${folder}/node_modules/.deno`, { recursive: true });
    await Deno.writeTextFile(packages, "");
    await Deno.utime(lock, 1000, 1000);
    for (const [seconds, expected] of [[1001, true], [999, false]] as const) {
      await Deno.utime(packages, seconds, seconds);
      assert.equal(await arePackagesSetUp(folder), expected);
    }
  }));

Deno.test("the launcher has the V8 flags of the server, for which compiled code is kept", async () => {
  assert.ok(apiArguments(readConfig(() => undefined), true).includes(V8_FLAGS));
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  assert.ok(tasks.api.split(" ").includes(V8_FLAGS), tasks.api);
  assert.ok((await Deno.readTextFile("Dockerfile")).includes(`"${V8_FLAGS}", "tasks/api.ts"]`));
});

Deno.test("the launcher's permission set names every variable of the API", async () => {
  const { permissions } = JSON.parse(await Deno.readTextFile("deno.json"));
  assert.deepEqual(permissions.api_task.env, Object.keys(VARIABLES));
});

import assert from "node:assert/strict";
import { readConfig, VARIABLES } from "../api/config.ts";
import { apiRights } from "./api.ts";

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

Deno.test("the launcher's permission set names every variable of the API", async () => {
  const { permissions } = JSON.parse(await Deno.readTextFile("deno.json"));
  assert.deepEqual(permissions.api_task.env, Object.keys(VARIABLES));
});

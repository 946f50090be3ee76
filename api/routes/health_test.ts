import assert from "node:assert/strict";
import type { Hono } from "hono";
import { inApi, modelText } from "../testing.ts";

async function ask(app: Hono, path: string): Promise<[number, Record<string, unknown>]> {
  const response = await app.request(path);
  return [response.status, await response.json()];
}

Deno.test("GET /health tells what is served", () =>
  inApi(["rf", "gbr"], async ({ app, store }) => {
    const version = (name: string) => store.current.served.get(name)!.version;
    assert.deepEqual(await ask(app, "/health"), [200, {
      status: "ok",
      version: "1.0.0",
      default_model: "gbr",
      models: [{ name: "gbr", version: version("gbr") }, { name: "rf", version: version("rf") }],
      failed: [],
    }]);
    assert.deepEqual(await ask(app, "/health/live"), [200, { status: "ok" }]);
    assert.deepEqual(await ask(app, "/health/ready"), [200, { status: "ok" }]);
  }));

Deno.test("GET /health is degraded while a file is broken, and ready", () =>
  inApi(["rf"], async ({ app, store, write, folder }) => {
    await write("rf.json", "{");
    await store.refresh();
    const [status, { status: word, failed, models }] = await ask(app, "/health");
    assert.deepEqual([status, word], [200, "degraded"]);
    assert.equal((failed as { file: string }[])[0]!.file, `${folder}/rf.json`);
    assert.equal((models as unknown[]).length, 1);
    assert.equal((await ask(app, "/health/ready"))[0], 200);
    await write("rf.json", await modelText("rf"));
    await store.refresh();
    assert.equal((await ask(app, "/health"))[1].status, "ok");
  }));

Deno.test("GET /health/ready is 503 without a usable model, and when closing; live is not", async () => {
  await inApi([], async ({ app }) => {
    const [status, body] = await ask(app, "/health");
    assert.deepEqual([status, body.status, body.default_model], [503, "unavailable", null]);
    assert.deepEqual(await ask(app, "/health/ready"), [503, { status: "unavailable" }]);
    assert.equal((await ask(app, "/health/live"))[0], 200);
  });
  await inApi(["rf"], async ({ app }) => {
    assert.equal((await ask(app, "/health/ready"))[0], 503);
  }, { DEFAULT_MODEL_NAME: "gbr" });
  await inApi(["rf"], async ({ app, close }) => {
    close();
    assert.equal((await ask(app, "/health"))[0], 503);
    assert.equal((await ask(app, "/health/ready"))[0], 503);
    assert.equal((await ask(app, "/health/live"))[0], 200);
  });
});

import assert from "node:assert/strict";
import { FEATURES } from "../../lib/features/table.ts";
import { inFolder } from "../../lib/testing.ts";
import { createApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { createMetrics } from "../metrics.ts";
import { ModelStore } from "../models.ts";
import { modelText } from "../testing.ts";
import { openApiDocument } from "./document.ts";

function makeApp(env: Record<string, string> = {}) {
  const config = readConfig((name) => env[name]);
  const store = new ModelStore(config);
  return createApp({
    config,
    store,
    metrics: createMetrics(),
    log: () => {},
    isClosing: () => false,
  });
}

const document = openApiDocument(readConfig(() => undefined), { fallback: undefined });

Deno.test("openApiDocument() describes the routes of the app, all and no other", () => {
  const routes = makeApp().routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assert.deepEqual(described.sort(), [...new Set(routes)].sort());
});

Deno.test("openApiDocument() has ranges, lists and units of the feature table", () => {
  // deno-lint-ignore no-explicit-any
  const record = document.components?.schemas?.["Record"] as any;
  assert.deepEqual(Object.keys(record.properties), FEATURES.map(({ name }) => name));
  assert.equal(record.additionalProperties, false);
  const { Store, Size, Type, CPI, Year } = record.properties;
  assert.deepEqual([Store.type, Store.minimum, Store.maximum], ["integer", 1, 9999]);
  assert.match(Size.description, /In square feet\.$/);
  assert.equal(Year.description, "Calendar year of the week's Friday.");
  assert.deepEqual(Type.enum, ["A", "B", "C"]);
  assert.deepEqual(CPI.type, ["number", "null"]);
  assert.ok(record.required.includes("Store") && !record.required.includes("CPI"));
});

Deno.test("GET /openapi.json and /docs need no key, and ask for one elsewhere", async () => {
  const app = makeApp({ API_KEY_HASHES: "0".repeat(64) });
  const described = await (await app.request("/openapi.json")).json();
  assert.deepEqual(described.paths["/predict"].post.security, [{ bearer: [] }, { key: [] }]);
  assert.deepEqual(described.paths["/health"].get.security, []);
  assert.equal((await app.request("/docs")).status, 200);
  assert.equal((await app.request("/models")).status, 401);
});

Deno.test("GET /openapi.json waits for the models, whose record it shows", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/gbr.json`, await modelText("gbr"));
    const described = await (await makeApp({ MODELS_DIR: folder }).request("/openapi.json")).json();
    const { example } = described.components.schemas.Record;
    assert.deepEqual(Object.keys(example), FEATURES.map(({ name }) => name));
  }));

Deno.test("GET /docs has every route, and nothing of another host or inline", async () => {
  const app = makeApp();
  const answer = await app.request("/docs");
  assert.match(
    answer.headers.get("content-security-policy")!,
    /script-src 'self'; style-src 'self'/,
  );
  const page = await answer.text();
  for (const path of Object.keys(document.paths ?? {})) {
    assert.ok(page.includes(`data-path="${path}"`), path);
  }
  assert.doesNotMatch(page, /(src|href)="(https?:)?\/\/|<style|<script>| style=| on\w+=/);
});

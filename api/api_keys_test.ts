import assert from "node:assert/strict";
import { sha256 } from "../lib/hash.ts";
import { inApi } from "./testing.ts";

const KEY = "correct horse+battery/staple=";
const hash = await sha256("other") + "," + (await sha256(KEY)).toUpperCase();

Deno.test("requireKey() lets in who brings a key in either header", () =>
  inApi(["rf"], async ({ app }) => {
    const status = async (headers: Record<string, string>) =>
      (await app.request("/models", { headers })).status;
    assert.equal(await status({ "x-api-key": KEY }), 200);
    assert.equal(await status({ "x-api-key": "other" }), 200);
    assert.equal(await status({ "authorization": `Bearer ${"other"}` }), 200);
    assert.equal(await status({ "authorization": "bearer   other" }), 200);
    assert.equal(await status({ "authorization": "Basic b3RoZXI=", "x-api-key": "other" }), 200);
    for (
      const headers of [
        {},
        { "x-api-key": "" },
        { "x-api-key": "wrong" },
        { "x-api-key": KEY.slice(1) },
        { "x-api-key": await sha256(KEY) },
        { "authorization": "other" },
        { "authorization": "Bearer" },
        { "authorization": "Bearer wrong" },
        { "authorization": "Bearer wrong", "x-api-key": "other" },
      ] as Record<string, string>[]
    ) assert.equal(await status(headers), 401, JSON.stringify(headers));
  }, { API_KEY_HASHES: hash }));

Deno.test("requireKey() answers 401 with how to bring a key, on every path but /health", () =>
  inApi(["rf"], async ({ app, lines }) => {
    for (
      const path of ["/models", "/metrics", "/predict", "/no/such", "/healthy", "/models/health"]
    ) {
      const response = await app.request(path, { headers: { "x-api-key": "wrong" } });
      assert.equal(response.status, 401, path);
      assert.match(response.headers.get("www-authenticate")!, /^Bearer/);
      const { detail } = await response.json();
      assert.match(detail, /^Expected an API key that is let in, but found another\. Send it as/);
    }
    for (const path of ["/health", "/health/live", "/health/ready"]) {
      assert.equal((await app.request(path)).status, 200, path);
    }
    assert.ok(!lines.join().includes("wrong"));
  }, { API_KEY_HASHES: hash }));

Deno.test("without API_KEY_HASHES everybody is let in", () =>
  inApi(["rf"], async ({ app }) => {
    assert.equal((await app.request("/models")).status, 200);
  }));

import assert from "node:assert/strict";
import { describeModel } from "../describe_model.ts";
import { smallCard } from "../../lib/evaluation/testing.ts";
import { inApi, modelText } from "../testing.ts";

Deno.test("GET /models describes all models, and the default", () =>
  inApi(["rf", "gbr"], async ({ app, store }) => {
    const response = await app.request("/models");
    assert.equal(response.headers.get("content-type"), "application/json");
    const { served, fallback } = store.current;
    const models = [...served.values()].map((each) => describeModel(each, each === fallback));
    assert.deepEqual(
      await response.json(),
      JSON.parse(JSON.stringify({
        default_model: "gbr",
        models,
      })),
    );
  }));

Deno.test("GET /models is answered 304 until the models change", () =>
  inApi(["rf"], async ({ app, store, write }) => {
    const tagOf = async () => (await app.request("/models")).headers.get("etag")!;
    const status = async (match: string) =>
      (await app.request("/models", { headers: { "if-none-match": match } })).status;
    const etag = await tagOf();
    assert.match(etag, /^"[0-9a-f]{32}"$/);
    for (const match of [etag, `W/${etag}`, `"a", ${etag}`, "*"]) {
      assert.equal(await status(match), 304, match);
    }
    for (const match of ['"a"', "", etag.slice(1, -1)]) assert.equal(await status(match), 200);
    const unchanged = await app.request("/models", { headers: { "if-none-match": etag } });
    assert.deepEqual([await unchanged.text(), unchanged.headers.get("etag")], ["", etag]);
    await store.refresh();
    assert.equal(await tagOf(), etag);
    await write("rf.json", await modelText("gbr"));
    await store.refresh();
    assert.equal(await status(etag), 200);
    assert.notEqual(await tagOf(), etag);
    await write("rf.json", await modelText("rf"));
    await store.refresh();
    assert.equal(await tagOf(), etag);
  }));

Deno.test("GET /models/{name} describes one, or names those that there are", () =>
  inApi(["rf", "gbr"], async ({ app, store }) => {
    const response = await app.request("/models/rf");
    const served = store.current.served.get("rf")!;
    assert.equal(response.headers.get("x-model-version"), served.version);
    assert.deepEqual(
      await response.json(),
      JSON.parse(JSON.stringify(describeModel(served, false))),
    );
    for (const name of ["none", "__proto__", "constructor", "%2e%2e%2frf", "%E0%A4%A", "rf.json"]) {
      const missing = await app.request(`/models/${name}`);
      assert.equal(missing.status, 404, name);
      assert.match(
        (await missing.json()).detail,
        /^There is no model ".+"\. There are gbr and rf\.$/,
      );
    }
  }));

Deno.test("GET /models/{name}/evaluation is the card beside the model", () =>
  inApi(["rf"], async ({ app, store, write }) => {
    const missing = await app.request("/models/rf/evaluation");
    assert.equal(missing.status, 404);
    assert.match(
      (await missing.json()).detail,
      /^There is no evaluation of rf: rf\.card\.json is not/,
    );
    const { model: { checksum }, version } = store.current.served.get("rf")!;
    const card = smallCard("rf", checksum);
    await write("rf.card.json", JSON.stringify(card));
    await store.refresh();
    const response = await app.request("/models/rf/evaluation");
    assert.deepEqual(await response.json(), card);
    assert.equal(response.headers.get("x-model-version"), version);
    const described = await (await app.request("/models/rf")).json();
    const { name, validation } = card.baseline;
    assert.deepEqual(described.baseline, { name, validation });
    assert.equal((await app.request("/models/none/evaluation")).status, 404);
  }));

Deno.test("routes of models are answered 503 where there is none", () =>
  inApi([], async ({ app }) => {
    assert.deepEqual(await (await app.request("/models")).json(), {
      default_model: null,
      models: [],
    });
    for (const path of ["/models/rf", "/models/rf/series?store=1&dept=1", "/stores", "/calendar"]) {
      const response = await app.request(path);
      assert.equal(response.status, 503, path);
      assert.equal(response.headers.get("retry-after"), "10");
    }
  }));

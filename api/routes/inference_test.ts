import assert from "node:assert/strict";
import { FEATURES } from "../../lib/features/table.ts";
import { inApi, testRecord } from "../testing.ts";

/** Tensors of records of the feature table's datatypes, null where a record has none. */
function tensorsOf(records: Record<string, unknown>[], shape = [records.length]) {
  return FEATURES.map((feature) => ({
    name: feature.name,
    datatype: feature.kind === "flag" ? "BOOL" : "values" in feature ? "BYTES" : "FP32",
    shape,
    data: records.map((record) => record[feature.name] ?? null) as unknown[],
  }));
}

Deno.test("POST /v2/models/{name}/infer answers what POST /predict does, and the id", () =>
  inApi(["rf"], async ({ app, post, store }) => {
    const records = [await testRecord(), await testRecord({ Week: 10, CPI: 200 })];
    const { version } = store.current.served.get("rf")!;
    const wanted = await (await post("/predict", { records, intervals: [90] })).json();
    const response = await post("/v2/models/rf/infer", { id: "a", inputs: tensorsOf(records) });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("x-model-version"), version);
    const tensor = (name: string, data: number[]) => ({ name, datatype: "FP64", shape: [2], data });
    assert.deepEqual(await response.json(), {
      model_name: "rf",
      model_version: version,
      id: "a",
      outputs: [tensor("prediction", wanted.predictions)],
    });
    const body = {
      inputs: tensorsOf(records, [2, 1]).map((each) =>
        each.name === "Store" ? { ...each, data: each.data.map((value) => [value]) } : each
      ),
      outputs: [{ name: "upper_90" }, { name: "prediction", parameters: { binary_data: true } }],
      parameters: { priority: 1 },
    };
    const { outputs } = await (await post(`/v2/models/rf/versions/${version}/infer`, body)).json();
    assert.deepEqual(outputs, [
      tensor("upper_90", wanted.intervals[0].upper),
      tensor("prediction", wanted.predictions),
    ]);
    const metrics = await (await app.request("/metrics")).text();
    assert.ok(metrics.includes(`predictions_total{model="rf",version="${version}"} 6\n`));
  }));

Deno.test("POST /v2/models/{name}/infer takes inputs without optional features or content-type", () =>
  inApi(["rf"], async ({ app }) => {
    const inputs = tensorsOf([await testRecord()]).filter(({ data: [value] }) => value !== null);
    assert.ok(inputs.length < FEATURES.length);
    const body = new TextEncoder().encode(JSON.stringify({ inputs }));
    const answer = (headers: Record<string, string>) =>
      app.request("/v2/models/rf/infer", { method: "POST", body, headers });
    assert.equal((await answer({})).status, 200);
    assert.equal((await answer({ "content-encoding": "gzip" })).status, 415);
    assert.equal((await answer({ "content-type": "text/csv" })).status, 415);
  }));

Deno.test("POST /v2/models/{name}/infer says what is wrong in the protocol's form", () =>
  inApi(["rf"], async ({ app, post }) => {
    const inputs = tensorsOf([await testRecord()]);
    const [store, ...others] = inputs as [typeof inputs[0], ...typeof inputs];
    const two = tensorsOf([await testRecord(), await testRecord()]);
    const bad: [body: unknown, status: number, error: RegExp][] = [
      [[], 400, /an object with inputs as the body, but found a list/],
      [{}, 400, /tensors as inputs, but found nothing/],
      [{ inputs: [1] }, 400, /an object as an input, but found 1/],
      [{ inputs, id: 1 }, 400, /a text for id/],
      [{ inputs: others }, 400, /^Record 0: Expected .* for Store, but found nothing\.$/],
      [{ inputs: [...inputs, store] }, 400, /Store once/],
      [
        { inputs: [{ ...store, name: "__proto__" }] },
        400,
        /names of inputs, but found "__proto__"/,
      ],
      [{ inputs: [{ ...store, datatype: "BYTES" }] }, 400, /datatype of Store, but found "BYTES"/],
      [{ inputs: [{ ...store, shape: [1, 2] }] }, 400, /shape .* of Store, but found "\[1,2\]"/],
      [{ inputs: [{ ...store, shape: [0], data: [] }] }, 400, /shape/],
      [{ inputs: [{ ...store, shape: [2] }] }, 400, /Expected 2 values of Store.*found 1/],
      [{ inputs: [{ ...store, data: ["1"] }, ...others] }, 400, /for Store, but found "1"/],
      [{ inputs: [{ ...store, data: [1.5] }, ...others] }, 400, /for Store, but found 1\.5/],
      [{ inputs: [...two.slice(0, 1), ...others] }, 400, /as long as the first \(2\)/],
      [{ inputs: [{ ...store, shape: [4], data: [1, 1, 1, 1] }] }, 413, /at most 3 rows/],
      [{ inputs, outputs: [{ name: "sales" }] }, 400, /names of outputs, but found "sales"/],
      [
        { inputs: [{ ...store, parameters: { binary_data_size: 8 } }] },
        400,
        /data of Store as JSON/,
      ],
    ];
    for (const [body, status, error] of bad) {
      const response = await post("/v2/models/rf/infer", body);
      const answer = await response.json();
      assert.equal(response.status, status, JSON.stringify(answer));
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.deepEqual(Object.keys(answer), ["error"]);
      assert.match(answer.error, error);
    }
    const binary = await post("/v2/models/rf/infer", {}, {
      "inference-header-content-length": "2",
    });
    assert.match((await binary.json()).error, /binary_data=False/);
    const long = await post("/v2/models/rf/infer", { id: "x".repeat(10_000), inputs });
    assert.equal(long.status, 413);
    const paths: [path: string, status: number][] = [
      ["/v2/models/none", 404],
      ["/v2/models/none/ready", 404],
      ["/v2/models/rf/versions/1", 404],
      ["/v2/models/rf/versions/1/ready", 404],
      ["/v2/nothing", 404],
      ["/v2/models/rf/infer", 405],
    ];
    for (const [path, status] of paths) {
      const response = await app.request(path);
      assert.equal(response.status, status);
      assert.deepEqual(Object.keys(await response.json()), ["error"]);
    }
  }, { MAX_RECORDS: "3", MAX_BODY_BYTES: "8000" }));

Deno.test("GET /v2 and /v2/models/{name} describe the server and the model", () =>
  inApi(["rf"], async ({ app, store }) => {
    const get = async (path: string) => await (await app.request(path)).json();
    const { version } = store.current.served.get("rf")!;
    const { extensions, name } = await get("/v2");
    assert.deepEqual([name, extensions], ["retail-demand", []]);
    const model = await get("/v2/models/rf");
    assert.deepEqual(model.versions, [version]);
    assert.deepEqual(model, await get(`/v2/models/rf/versions/${version}`));
    const types = Object.fromEntries(
      model.inputs.map((each: { name: string; datatype: string }) => [each.name, each.datatype]),
    );
    assert.deepEqual(Object.keys(types), FEATURES.map(({ name }) => name));
    const { Store, IsHoliday, CPI, Type, Size } = types;
    assert.deepEqual([Store, IsHoliday, CPI, Type, Size], [
      "INT64",
      "BOOL",
      "FP64",
      "BYTES",
      "INT64",
    ]);
    assert.deepEqual(
      model.outputs.map(({ name }: { name: string }) => name),
      ["prediction", "lower_80", "upper_80", "lower_90", "upper_90"],
    );
    for (const path of ["/v2/models/rf/ready", `/v2/models/rf/versions/${version}/ready`]) {
      assert.deepEqual(await get(path), { name: "rf", ready: true });
    }
  }));

Deno.test("/v2/health tells whether the server can answer", async () => {
  await inApi(["rf"], async ({ app, close, post }) => {
    assert.deepEqual(await (await app.request("/v2/health/ready")).json(), { ready: true });
    close();
    assert.equal((await app.request("/v2/health/ready")).status, 503);
    assert.equal((await app.request("/v2/health/live")).status, 200);
    const response = await post("/v2/models/rf/infer", {});
    assert.equal(response.status, 503);
    assert.deepEqual(Object.keys(await response.json()), ["error"]);
  });
  await inApi([], async ({ app }) => {
    assert.equal((await app.request("/v2/health/ready")).status, 503);
    assert.equal((await app.request("/v2/models/rf")).status, 503);
  });
});

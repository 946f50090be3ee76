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
      outputs: [{ name: "upper_90" }, { name: "prediction", parameters: { binary_data: false } }],
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

Deno.test("POST /v2/models/{name}/infer tells the model's version with what is wrong, for any origin", async () => {
  for (const variables of [{}, { CORS_ORIGINS: "https://plan.example" }]) {
    await inApi(["rf"], async ({ post, store }) => {
      const { status, headers } = await post("/v2/models/rf/infer", {});
      assert.equal(status, 400);
      assert.equal(headers.get("x-model-version"), store.current.served.get("rf")!.version);
    }, variables);
  }
});

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
        /data or binary_data_size of Store, but found both/,
      ],
      [
        { inputs, outputs: [{ name: "prediction", parameters: { binary_data: 1 } }] },
        400,
        /true or false for binary_data, but found 1/,
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

/** Tensors as bytes, and what stands for each in the JSON before them. */
function binaryOf(tensors: ReturnType<typeof tensorsOf>) {
  const parts = tensors.map(({ datatype, data }) => {
    if (datatype === "BOOL") return Uint8Array.from(data, Number);
    if (datatype === "BYTES") {
      return Uint8Array.from(data.flatMap((text) => [1, 0, 0, 0, String(text).charCodeAt(0)]));
    }
    return new Uint8Array(Float32Array.from(data, (value) => Number(value ?? NaN)).buffer);
  });
  const inputs = tensors.map(({ data: _, ...tensor }, i) => ({
    ...tensor,
    parameters: { binary_data_size: parts[i]!.length },
  }));
  return { parts, inputs };
}

Deno.test("POST /v2/models/{name}/infer takes and gives tensors as bytes behind the JSON", () =>
  inApi(["rf"], async ({ app, post, store }) => {
    const { version } = store.current.served.get("rf")!;
    const records = [await testRecord(), await testRecord({ Week: 10, CPI: 200 })];
    const { predictions, intervals: [{ upper }] } = await (await post("/predict", {
      records,
      intervals: [80],
    })).json();
    const { parts, inputs } = binaryOf(tensorsOf(records));
    const send = (body: object, bytes: Uint8Array[], headers: Record<string, string> = {}) => {
      const json = JSON.stringify(body);
      return app.request("/v2/models/rf/infer", {
        method: "POST",
        body: new Blob([json, ...bytes as Uint8Array<ArrayBuffer>[]]),
        headers: {
          "content-type": "application/octet-stream",
          "inference-header-content-length": `${json.length}`,
          ...headers,
        },
      });
    };
    const plain = await send({ inputs }, parts);
    assert.equal(plain.headers.get("content-type"), "application/json");
    assert.equal(plain.headers.get("inference-header-content-length"), null);
    assert.deepEqual((await plain.json()).outputs[0].data, predictions);

    const outputs = [
      { name: "upper_80", parameters: { binary_data: false } },
      { name: "prediction" },
    ];
    // Some as JSON, the others behind it.
    const [first, ...others] = tensorsOf(records);
    const mixed = [inputs[1], first, ...inputs.slice(2)];
    assert.ok(others.length > 0);
    const parameters = { binary_data_output: true };
    const answer = await send({ inputs: mixed, outputs, parameters }, parts.slice(1));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "application/octet-stream");
    const bytes = await answer.bytes();
    const length = Number(answer.headers.get("inference-header-content-length"));
    const tensor = { datatype: "FP64", shape: [2] };
    assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes.subarray(0, length))), {
      model_name: "rf",
      model_version: version,
      outputs: [
        { name: "upper_80", ...tensor, data: upper },
        { name: "prediction", ...tensor, parameters: { binary_data_size: 16 } },
      ],
    });
    assert.deepEqual([...new Float64Array(bytes.slice(length).buffer)], predictions);

    const [storeInput, ...rest] = inputs;
    const sized = (binary_data_size: unknown) => ({
      ...storeInput,
      parameters: { binary_data_size },
    });
    const bad: [error: RegExp, ...Parameters<typeof send>][] = [
      [/^Expected 8 bytes of Store behind the JSON, but found 0\.$/, { inputs }, []],
      [/^Expected \d+ bytes behind the JSON, .* but found \d+\.$/, { inputs }, [
        ...parts,
        parts[0]!,
      ]],
      [/binary_data_size of Store, but found -1/, { inputs: [sized(-1), ...rest] }, parts],
      [/binary_data_size of Store, but found "8"/, { inputs: [sized("8"), ...rest] }, parts],
      [/binary_data_size of Store, but found 1\.5/, { inputs: [sized(1.5), ...rest] }, parts],
      [/^Expected 8 bytes for 2 values of Store in FP32/, { inputs: [sized(7), ...rest] }, parts],
      [
        /^Record 0: Expected .* for Store, but found nothing \(and 1 more\)\.$/,
        { inputs },
        [new Uint8Array(8).fill(255), ...parts.slice(1)],
      ],
    ];
    for (const length of ["x", "-1", "1e3", "0x10", "1, 2", "99999999999999999999"]) {
      const headers = { "inference-header-content-length": length };
      bad.push([/for Inference-Header-Content-Length, but found/, { inputs }, parts, headers]);
    }
    for (const [length, error] of [["999999", /bytes of JSON/], ["9", /cannot be read/]] as const) {
      const headers = { "inference-header-content-length": length };
      bad.push([error, { inputs }, parts, headers]);
    }
    bad.push([/it is empty/, { inputs }, parts, { "inference-header-content-length": "0" }]);
    for (const [error, ...request] of bad) {
      const response = await send(...request);
      const answer = await response.json();
      assert.equal(response.status, 400, JSON.stringify(answer));
      assert.deepEqual(Object.keys(answer), ["error"]);
      assert.match(answer.error, error);
    }
    const statuses: [status: number, ...Parameters<typeof send>][] = [
      [415, { inputs }, parts, { "content-encoding": "gzip" }],
      [415, { inputs }, parts, { "content-type": "text/csv" }],
      [413, { inputs }, [...parts, new Uint8Array(20_000)]],
      [413, { inputs: [{ ...storeInput, shape: [4] }, ...rest] }, parts],
      [200, { inputs }, parts, { "content-type": "application/json" }],
    ];
    for (const [status, ...request] of statuses) {
      assert.equal((await send(...request)).status, status);
    }
  }, { MAX_RECORDS: "3", MAX_BODY_BYTES: "8000" }));

Deno.test("GET /v2 and /v2/models/{name} describe the server and the model", () =>
  inApi(["rf"], async ({ app, store }) => {
    const get = async (path: string) => await (await app.request(path)).json();
    const { version } = store.current.served.get("rf")!;
    const { extensions, name } = await get("/v2");
    assert.deepEqual([name, extensions], ["retail-demand", ["binary_tensor_data"]]);
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

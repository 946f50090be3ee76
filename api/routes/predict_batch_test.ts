import assert from "node:assert/strict";
import { FEATURES } from "../../lib/features/table.ts";
import { inApi, modelText, type TestApi, testRecord } from "../testing.ts";

const HEADER = FEATURES.map(({ name }) => name).join() + "\n";

async function csvLine(): Promise<string> {
  return Object.values(await testRecord()).map((value) => value ?? "").join() + "\n";
}

function send(
  { app }: TestApi,
  body: BodyInit | null,
  { query = "", type = "text/csv" } = {},
): Promise<Response> {
  const headers = { "content-type": type };
  return Promise.resolve(app.request(`/predict/batch${query}`, { method: "POST", headers, body }));
}

/** A body that has begun and does not end. */
async function openBody(): Promise<ReadableStream<Uint8Array>> {
  const text = HEADER + await csvLine();
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
  });
}

Deno.test("POST /predict/batch answers CSV with CSV and JSON lines with JSON lines", () =>
  inApi(["rf", "gbr"], async (api) => {
    const { post, store } = api;
    const record = await testRecord();
    const { predictions: [prediction] } =
      await (await post("/predict", { model_name: "rf", records: [record] })).json();
    const csv = await send(api, HEADER + await csvLine(), { query: "?model_name=rf&intervals=90" });
    assert.equal(csv.headers.get("content-type"), "text/csv");
    assert.equal(csv.headers.get("x-model-version"), store.current.served.get("rf")!.version);
    const [header, cells] = (await csv.text()).trimEnd().split("\n").map((line) => line.split(","));
    assert.deepEqual(header!.slice(-4), ["prediction", "lower_90", "upper_90", "error"]);
    assert.equal(cells!.at(-4), String(prediction));
    const lines = await send(api, JSON.stringify(record), {
      query: "?model_name=rf",
      type: "application/x-ndjson; charset=utf-8",
    });
    assert.equal(lines.headers.get("content-type"), "application/x-ndjson");
    assert.equal(JSON.parse(await lines.text()).prediction, prediction);
  }));

Deno.test("POST /predict/batch refuses what it cannot forecast before it answers", () =>
  inApi(["rf"], async (api) => {
    const text = HEADER + await csvLine();
    const cases: [
      status: number,
      ...Parameters<typeof send> extends [unknown, ...infer Rest] ? Rest : never,
    ][] = [
      [415, text, { type: "application/json" }],
      [415, text, { type: "text/csv; charset=latin1" }],
      [404, text, { query: "?model_name=none" }],
      [422, text, { query: "?intervals=95" }],
      [422, text, { query: "?intervals=80,80" }],
      [422, text, { query: "?intervals=80,,90" }],
      [422, "a,b\n", {}],
      [400, "", {}],
      [400, null, {}],
      [400, "\n", { type: "application/x-ndjson" }],
    ];
    for (const [status, ...args] of cases) {
      const response = await send(api, ...args);
      assert.equal(response.status, status, JSON.stringify(args));
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      assert.equal(response.headers.get("x-model-version"), null);
      await response.body?.cancel();
    }
    // None of these holds a place.
    for (let i = 0; i < 20; i++) await (await send(api, "a,b\n")).body!.cancel();
    assert.equal((await send(api, text)).status, 200);
  }));

Deno.test("POST /predict/batch answers 429 to more streams than it has places for", () =>
  inApi(["rf"], async (api) => {
    const open: Response[] = [];
    for (;;) {
      const response = await send(api, await openBody());
      if (response.status !== 200) {
        assert.equal(response.status, 429);
        assert.equal(response.headers.get("retry-after"), "5");
        await response.body!.cancel();
        break;
      }
      open.push(response);
    }
    assert.equal(open.length, 8);
    // A client that goes frees its place, and one that has read all.
    await open[0]!.body!.cancel();
    const finite = await send(api, HEADER + await csvLine());
    assert.equal(finite.status, 200);
    assert.equal((await send(api, HEADER)).status, 429);
    await finite.text();
    assert.equal((await send(api, HEADER)).status, 200);
    for (const { body } of open.slice(1)) await body!.cancel();
  }));

Deno.test("POST /predict/batch ends on the model with which it began", () =>
  inApi(["rf"], async (api) => {
    const { store, write } = api;
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
    });
    const line = await csvLine();
    controller.enqueue(new TextEncoder().encode(HEADER + line));
    const response = await send(api, body);
    await write("rf.json", await modelText("gbr"));
    await store.refresh();
    controller.enqueue(new TextEncoder().encode(line));
    controller.close();
    const rows = (await response.text()).trimEnd().split("\n").slice(1);
    assert.equal(rows.length, 2);
    assert.equal(rows[0], rows[1]);
    const after = await (await send(api, HEADER + line)).text();
    assert.notEqual(after.trimEnd().split("\n")[1], rows[0]);
  }));

Deno.test("POST /predict/batch is logged and timed until its last row", () =>
  inApi(["rf"], async (api) => {
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
    });
    controller.enqueue(new TextEncoder().encode(HEADER + await csvLine()));
    const response = await send(api, body);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const metricsText = async () => await (await api.app.request("/metrics")).text();
    assert.deepEqual(api.lines, []);
    assert.ok((await metricsText()).includes("\nretail_demand_requests_in_flight 2\n"));
    controller.close();
    await response.text();
    const [{ path, status, ms }] = api.lines.slice(-1).map((line) => JSON.parse(line));
    assert.deepEqual([path, status], ["/predict/batch", 200]);
    assert.ok(ms >= 60, `${ms} ms`);
    const metrics = await metricsText();
    const seconds = /duration_seconds_sum\{route="\/predict\/batch"\} (.*)/.exec(metrics)![1];
    assert.ok(Number(seconds) >= 0.06, `${seconds} s`);
    assert.ok(metrics.includes("\nretail_demand_requests_in_flight 1\n"));
  }));

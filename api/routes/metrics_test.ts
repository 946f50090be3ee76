import assert from "node:assert/strict";
import { inApi, testRecord } from "../testing.ts";

Deno.test("GET /metrics counts what was answered, by routes and not by paths", () =>
  inApi(["rf"], async ({ app, post, store }) => {
    for (const path of ["/models/rf", "/models/none", "/no/such", "/no/other", "/predict"]) {
      await app.request(path);
    }
    const record = await testRecord();
    await post("/predict", { records: [record, record] });
    const lines = [JSON.stringify(record), "{", JSON.stringify(record)].join("\n");
    const batch = await app.request("/predict/batch", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: lines,
    });
    await batch.text();
    const response = await app.request("/metrics");
    assert.match(response.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const requests = text.match(/^retail_demand_requests_total.*$/gm)!.map((line) =>
      line.slice(28)
    );
    assert.deepEqual(requests.sort(), [
      '{method="GET",route="/models/:name",status="200"} 1',
      '{method="GET",route="/models/:name",status="404"} 1',
      '{method="GET",route="/predict",status="405"} 1',
      '{method="GET",route="none",status="404"} 2',
      '{method="POST",route="/predict",status="200"} 1',
      '{method="POST",route="/predict/batch",status="200"} 1',
    ]);
    const { version } = store.current.served.get("rf")!;
    assert.ok(text.includes(`predictions_total{model="rf",version="${version}"} 4\n`));
    // Two requests with two forecasts each; this one is under way.
    assert.ok(text.includes("\nretail_demand_request_records_count 2\n"));
    assert.ok(text.includes("\nretail_demand_requests_in_flight 1\n"));
  }));

import assert from "node:assert/strict";
import { FEATURES } from "../lib/features/table.ts";
import { type Call, createApi } from "./api.ts";
import { createApp } from "./app.tsx";
import type { Manifest } from "./manifest.ts";

const ENTRY = { file: "x.js", imports: [] };
const MANIFEST: Manifest = {
  hash: "",
  inputs: [],
  entries: { batch: ENTRY, batch_worker: ENTRY, chart: ENTRY, forecast: ENTRY, style: ENTRY },
};

const EXAMPLE = Object.fromEntries(FEATURES.map((feature) => [
  feature.name,
  "values" in feature ? feature.values[0] : feature.kind === "flag" ? false : 1,
]));

const MODEL = {
  name: "gbr",
  origin: "2012-10-26",
  metrics: { validation: { wmae: 80 } },
  baseline: { name: "seasonal_naive", validation: { wmae: 100 } },
  example: EXAMPLE,
};

/** The pages over an API that answers with these bodies by path; all else is not found. */
function open(answers: Record<string, unknown>) {
  const calls: [string, Call | undefined][] = [];
  const app = createApp((path, call) => {
    calls.push([path, call]);
    const body = answers[path.split("?")[0]!];
    return Promise.resolve(
      body === undefined
        ? Response.json({ detail: "There is none." }, { status: 404 })
        : body instanceof Response
        ? body
        : Response.json(body),
    );
  }, MANIFEST);
  return { app, calls };
}

const MODELS = { "/models": { default_model: "gbr", models: [MODEL] } };

Deno.test("createApp() serves pages of the models that there are, whatever else the API lacks", async () => {
  const { app } = open(MODELS);
  for (const path of ["/", "/batch", "/models"]) {
    const response = await app.request(path);
    assert.equal(response.status, 200, path);
    assert.match(await response.text(), /gbr/);
    assert.match(response.headers.get("content-security-policy")!, /style-src 'self';/);
  }
});

Deno.test("createApp() has a field for each feature, with the example in it", async () => {
  const html = await (await open(MODELS).app.request("/")).text();
  for (const { name } of FEATURES) assert.match(html, new RegExp(`id="field-${name}"`));
});

Deno.test("createApp() says that there is no model yet", async () => {
  const { app } = open({ "/models": { default_model: null, models: [] } });
  for (const path of ["/", "/batch", "/models"]) {
    assert.match(await (await app.request(path)).text(), /There is no model yet/);
  }
});

Deno.test("createApp() says in words what an API that is down or answers nonsense means", async () => {
  const api = createApi({
    apiUrl: "http://127.0.0.1:1",
    apiKey: undefined,
    timeout: 999,
    retries: 0,
  });
  for (const app of [createApp(api, MANIFEST), open({ "/models": "nonsense" }).app]) {
    for (const path of ["/", "/batch", "/models"]) {
      const response = await app.request(path);
      assert.equal(response.status, 502);
      const html = await response.text();
      assert.match(html, /out of reach/);
      assert.match(html, /Try again/);
    }
  }
});

Deno.test("createApp() refuses posts from other sites", async () => {
  const { app, calls } = open(MODELS);
  for (
    const headers of [{}, { origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }, {
      "sec-fetch-site": "same-site",
    }, { origin: "null" }]
  ) {
    for (const path of ["/", "/api/predict", "/api/batch?model=gbr&intervals="]) {
      const init = { method: "POST", body: "x=1", headers: headers as Record<string, string> };
      assert.equal((await app.request(path, init)).status, 403);
    }
  }
  assert.deepEqual(calls, []);
});

Deno.test("createApp() passes on only what it knows, to addresses of its own making", async () => {
  const { app, calls } = open(MODELS);
  const headers = { "sec-fetch-site": "same-origin" };
  for (const path of ["/api/metrics", "/api/models", "/api/http://elsewhere", "/api/../metrics"]) {
    assert.equal((await app.request(path)).status, 404, path);
  }
  assert.deepEqual(calls, []);
  await app.request("/api/series?model=../../metrics%3F&store=1&dept=2");
  assert.equal(calls[0]![0], "/models/..%2F..%2Fmetrics%3F/series?store=1&dept=2");
  const bad = await app.request("/api/batch?model=gbr&intervals=80%26x=1", {
    method: "POST",
    headers,
  });
  assert.equal(bad.status, 400);
});

Deno.test("createApp() leads a post to the address of its answer, here and nowhere else", async () => {
  const { app } = open(MODELS);
  const body = new URLSearchParams({ model: "//evil.example", Store: "7", date: "2012-11-20" });
  body.set("was", JSON.stringify({ Year: "1", Month: "1", Week: "1", IsHoliday: "false" }));
  const headers = { "sec-fetch-site": "same-origin" };
  const response = await app.request("/", { method: "POST", body, headers });
  assert.equal(response.status, 303);
  const location = response.headers.get("location")!;
  assert.match(location, /^\/\?model=gbr&Store=7&/);
  assert.match(location, /IsHoliday=true.*Year=2012&Month=11&Week=47/);
});

Deno.test("createApp() escapes what an address carries", async () => {
  const { app } = open(MODELS);
  const html = await (await app.request("/?Store=%3Cscript%3Ealert(1)%3C/script%3E")).text();
  assert.doesNotMatch(html, /<script>alert/);
});

Deno.test("createApp() serves no file that is not of the bundle", async () => {
  const { app } = open(MODELS);
  for (const path of ["/assets/..%2Fmain.tsx", "/assets/manifest.json", "/assets/none.js"]) {
    assert.equal((await app.request(path)).status, 404, path);
  }
});

Deno.test("createApp() reads no more than it needs of a form or a question, whatever its length says", async () => {
  const { app, calls } = open(MODELS);
  for (const path of ["/", "/api/predict"]) {
    // A stream has no Content-Length.
    const chunk = new Uint8Array(2 ** 20);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length;
        controller.enqueue(chunk);
      },
    });
    const headers = {
      "sec-fetch-site": "same-origin",
      "content-type": "application/x-www-form-urlencoded",
    };
    const request = new Request(`http://localhost${path}`, { method: "POST", body, headers });
    assert.equal((await app.request(request)).status, 413, path);
    assert.ok(sent < 2 ** 23, `${sent} bytes read`);
  }
  assert.deepEqual(calls, []);
});

Deno.test("createApp() refuses names of models that would lead to other addresses", async () => {
  const { app, calls } = open(MODELS);
  const headers = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
  for (const model of [".", ".."]) {
    assert.equal((await app.request(`/api/series?model=${model}&store=1&dept=2`)).status, 400);
    const body = JSON.stringify({ model, records: [], intervals: false, contributions: false });
    assert.equal(
      (await app.request("/api/predict", { method: "POST", body, headers })).status,
      400,
    );
  }
  assert.deepEqual(calls, []);
});

Deno.test("createApp() passes on neither headers nor types of an API that is not what it should be", async () => {
  const headers = { "content-type": "text/html", "set-cookie": "a=b", location: "//evil.example" };
  const answers = { "/predict/batch": new Response("<script>", { headers }) };
  const response = await open(answers).app.request("/api/batch?model=gbr&intervals=", {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
  });
  assert.equal(response.headers.get("content-type"), "text/csv");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.deepEqual([response.headers.get("set-cookie"), response.headers.get("location")], [
    null,
    null,
  ]);
});

Deno.test("createApp() takes what a model says of itself as text, in pages and in files", async () => {
  const evil = `"><script>alert(1)</script>`;
  const model = {
    ...MODEL,
    name: evil,
    version: evil,
    algorithm: evil,
    registry: { alias: evil, version: evil, git_commit: evil, run: "javascript:alert(1)" },
    training: { parameters: { [evil]: evil } },
    importance: { [evil]: 1, ["__proto__"]: 1 },
    example: { ...EXAMPLE, Type: "=cmd|' /C calc'!A0,\n" },
  };
  const { app } = open({
    "/models": { default_model: evil, models: [model] },
    "/health": { failed: [{ file: evil, problem: evil }] },
    [`/models/${encodeURIComponent(evil)}/evaluation`]: {
      slices: { [evil]: { [evil]: { n: 1, mae: 1 }, constructor: { n: 1, mae: 1 } } },
      total_by_week: [{ date: evil, actual: 1, forecast: 1, baseline: 1 }],
    },
  });
  for (const path of ["/", "/batch", "/models"]) {
    const html = await (await app.request(path)).text();
    assert.match(html, /alert\(1\)/);
    assert.doesNotMatch(html, /<script>|href="javascript/, path);
  }
  const [, row] = (await (await app.request("/batch/sample.csv")).text()).split("\r\n");
  assert.match(row!, /,"'=cmd\|' \/C calc'!A0,\n",/);
});

Deno.test("createApp() tells what the service could not read, with models and without", async () => {
  const health = { status: "degraded", failed: [{ file: "rf.json", problem: "rf.json is torn." }] };
  const none = { "/models": { default_model: null, models: [] } };
  for (const models of [MODELS, none]) {
    const answers = { ...models, "/health": Response.json(health, { status: 503 }) };
    assert.match(await (await open(answers).app.request("/models")).text(), /rf\.json is torn\./);
  }
});

Deno.test("createApp() keeps what a form sent where the API is out of reach, and answers it later", async () => {
  const sent = {
    model: "gbr",
    Store: "7",
    date: "2012-11-20",
    was: JSON.stringify({ Store: "1" }),
  };
  const post = {
    method: "POST",
    body: new URLSearchParams(sent),
    headers: { "sec-fetch-site": "same-origin" },
  };
  const location = (await open({}).app.request("/", post)).headers.get("location")!;
  assert.deepEqual(Object.fromEntries(new URLSearchParams(location.slice(2))), sent);
  const html = await (await open({}).app.request(location)).text();
  assert.match(html, /href="\/\?model=gbr&amp;Store=7&amp;date=2012-11-20[^"]*">Try again/);
  const later = await open(MODELS).app.request(location);
  assert.match(later.headers.get("location")!, /^\/\?model=gbr&Store=7&.*Week=/);
});

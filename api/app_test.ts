import assert from "node:assert/strict";
import { inApi, testRecord } from "./testing.ts";

const JSON_TYPE = { "content-type": "application/json" };

Deno.test("every answer has a request id, and headers that keep browsers from guessing", () =>
  inApi(["rf"], async ({ app }) => {
    for (const path of ["/health", "/models", "/no/such", "/stores?model=none", "/metrics"]) {
      const { headers } = await app.request(path);
      assert.match(headers.get("x-request-id")!, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-z]+$/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.match(headers.get("content-security-policy")!, /^default-src 'none'/);
      assert.equal(headers.get("cache-control"), path === "/models" ? "no-cache" : "no-store");
    }
  }));

Deno.test("an answer with forecasts has its request's id, its model's version, and nothing to guess", () =>
  inApi(["rf"], async ({ post, store }) => {
    const { headers } = await post("/predict", { records: [await testRecord()] }, {
      "x-request-id": "mine",
    });
    assert.deepEqual(Object.fromEntries(headers), {
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
      "x-model-version": store.current.fallback!.version,
      "x-request-id": "mine",
    });
  }));

Deno.test("a request goes on when all have come that came with it", () =>
  inApi(["rf"], async ({ app }) => {
    let isAnswered = false;
    const answer = Promise.resolve(app.request("/health/live")).then(() => isAnswered = true);
    // More than an answer that waits for nothing takes.
    for (let i = 0; i < 100; i++) await null;
    assert.equal(isAnswered, false);
    await answer;
  }));

Deno.test("request ids are told back where they are plain, and made anew where not", () =>
  inApi(["rf"], async ({ app, lines }) => {
    const idFor = async (id: string) =>
      (await app.request("/health", { headers: { "x-request-id": id } })).headers.get(
        "x-request-id",
      );
    for (const id of ["1", "a.b:c_d-e", "x".repeat(64)]) assert.equal(await idFor(id), id);
    for (
      const id of [
        "",
        " ",
        "a b",
        "x".repeat(65),
        "é",
        "<b>",
        '"',
        "a,b",
        "a\tb",
        "x".repeat(10_000),
      ]
    ) {
      assert.match((await idFor(id))!, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-z]+$/, id);
    }
    assert.deepEqual(lines.slice(0, 2).map((line) => JSON.parse(line).request_id), [
      "1",
      "a.b:c_d-e",
    ]);
    const body = await (await app.request("/x", { headers: { "x-request-id": "mine" } })).json();
    assert.equal(body.request_id, "mine");
  }));

Deno.test("a request is a line of plain JSON in the log, with no body, query or header", () =>
  inApi(["rf"], async ({ app, lines, post }) => {
    await post("/predict?token=secret1", { records: [await testRecord()], model_name: "secret2" }, {
      authorization: "Bearer secret3",
      "user-agent": "secret4",
    });
    const odd = "/a%0Ab%0D%1B%5B31m%C2%9B31m%E2%80%A8%E2%80%AE%F0%9F%8D%8E%22%5C%00%7F";
    await app.request(odd);
    await app.request(`/${"x".repeat(10_000)}`);
    assert.equal(lines.length, 3);
    for (const line of lines) assert.match(line, /^[ -~]{1,1000}$/);
    const [first, second, third] = lines.map((line) => JSON.parse(line));
    assert.deepEqual(Object.keys(first), ["time", "request_id", "method", "path", "status", "ms"]);
    assert.deepEqual([first.method, first.path, first.status], ["POST", "/predict", 404]);
    assert.ok(first.ms > 0 && Math.abs(Date.parse(first.time) - Date.now()) < 60_000);
    assert.ok(second.path.startsWith("/a\nb"));
    assert.equal(third.path.length, 200);
    assert.doesNotMatch(lines.join(), /secret/);
  }));

Deno.test("errors are problem+json with their request's id", () =>
  inApi(["rf"], async ({ app }) => {
    const requests: [path: string, status: number, init?: RequestInit][] = [
      ["/no/such", 404],
      ["/models/none", 404],
      ["/models/", 404],
      ["//", 404],
      ["/predict", 405],
      ["/predict", 415, { method: "POST", body: "1" }],
      ["/predict", 400, { method: "POST", body: "{", headers: JSON_TYPE }],
      ["/predict", 422, { method: "POST", body: "{}", headers: JSON_TYPE }],
      ["/calendar?weeks=0", 422],
    ];
    for (const [path, status, init] of requests) {
      const response = await app.request(path, { ...init });
      assert.equal(response.status, status, path);
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      const body = await response.json();
      assert.deepEqual([body.type, body.status], ["about:blank", status]);
      assert.equal(body.request_id, response.headers.get("x-request-id"));
      assert.match(body.detail, /^\S.+\.$/);
    }
  }));

Deno.test("methods that a route does not know are answered 405 with those it does", () =>
  inApi(["rf"], async ({ app }) => {
    const cases: [path: string, allow: string, methods: string[]][] = [
      ["/health", "GET, HEAD", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO"]],
      ["/health/ready", "GET, HEAD", ["POST"]],
      ["/models", "GET, HEAD", ["POST"]],
      ["/models/rf", "GET, HEAD", ["DELETE"]],
      ["/models/none/series", "GET, HEAD", ["DELETE"]],
      ["/stores", "GET, HEAD", ["POST"]],
      ["/calendar", "GET, HEAD", ["POST"]],
      ["/metrics", "GET, HEAD", ["POST"]],
      ["/predict", "POST", ["GET", "HEAD", "PUT", "OPTIONS"]],
      ["/predict/batch", "POST", ["GET", "HEAD", "PUT"]],
    ];
    for (const [path, allow, methods] of cases) {
      for (const method of methods) {
        const response = await app.request(path, { method });
        assert.equal(response.status, 405, `${method} ${path}`);
        assert.equal(response.headers.get("allow"), allow);
        if (method !== "HEAD") {
          assert.match(
            (await response.json()).detail,
            new RegExp(`^Expected ${allow} for ${path}, but`),
          );
        }
      }
    }
  }));

Deno.test("HEAD is answered as GET, without a body", () =>
  inApi(["rf"], async ({ app, lines }) => {
    for (const path of ["/health", "/models", "/models/rf", "/stores", "/metrics", "/no/such"]) {
      const [get, head] = await Promise.all(
        ["GET", "HEAD"].map((method) => app.request(path, { method })),
      );
      assert.equal(head!.status, get!.status);
      assert.equal(await head!.text(), "");
      assert.equal(head!.headers.get("content-type"), get!.headers.get("content-type"));
    }
    assert.equal(JSON.parse(lines.at(-1)!).method, "HEAD");
  }));

Deno.test("CORS is closed unless origins are configured, and open to these alone", async () => {
  const ask = { headers: { origin: "https://plan.example" } };
  const preflight = {
    method: "OPTIONS",
    headers: {
      origin: "https://plan.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-api-key",
    },
  };
  const allowed = (response: Response) => response.headers.get("access-control-allow-origin");
  await inApi(["rf"], async ({ app }) => {
    assert.equal(allowed(await app.request("/models", ask)), null);
    const response = await app.request("/predict", preflight);
    assert.deepEqual([response.status, allowed(response)], [405, null]);
  });
  await inApi(["rf"], async ({ app }) => {
    for (const path of ["/models", "/models/none", "/no/such", "/predict"]) {
      const response = await app.request(path, ask);
      assert.equal(allowed(response), "https://plan.example", path);
      assert.match(response.headers.get("access-control-expose-headers")!, /x-model-version/);
      assert.match(response.headers.get("vary")!, /origin/i);
    }
    for (const origin of ["https://evil.example", "null", "https://plan.example.evil.example"]) {
      assert.equal(allowed(await app.request("/models", { headers: { origin } })), null, origin);
    }
    // Asked by browsers without the key.
    const response = await app.request("/predict", preflight);
    assert.equal(response.status, 204);
    assert.equal(allowed(response), "https://plan.example");
    assert.match(response.headers.get("access-control-allow-methods")!, /POST/);
    assert.match(response.headers.get("access-control-allow-headers")!, /x-api-key/);
  }, { CORS_ORIGINS: "https://other.example,https://plan.example", API_KEY_HASHES: "" });
});

Deno.test("a server that is stopping answers 503, and goes on telling how it is", () =>
  inApi(["rf"], async ({ app, post, close }) => {
    close();
    for (const response of [await post("/predict", {}), await app.request("/models")]) {
      assert.equal(response.status, 503);
      assert.equal(response.headers.get("retry-after"), "5");
      assert.match((await response.json()).detail, /^The server is stopping\./);
    }
    assert.equal((await app.request("/health/live")).status, 200);
  }));

Deno.test("a mistake of ours is answered 500 without its trace, which the log has", () =>
  inApi(["rf"], async ({ app, store, lines }) => {
    const { error } = console;
    const logged: unknown[] = [];
    console.error = (value) => logged.push(value);
    try {
      Object.defineProperty(store, "current", {
        get: () => {
          throw new TypeError("inner secret");
        },
      });
      const response = await app.request("/models/rf");
      assert.equal(response.status, 500);
      const text = await response.text();
      assert.match(text, /Its log has more under [0-9a-z-]+\./);
      assert.doesNotMatch(text, /secret/);
      assert.equal((logged[0] as Error).message, "inner secret");
      assert.equal(JSON.parse(lines[0]!).status, 500);
    } finally {
      console.error = error;
    }
  }));

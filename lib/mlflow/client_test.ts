import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { MlflowClient } from "./client.ts";
import type { Run } from "./entities.ts";

/** A server that answers every request in the same way; what MLflow does is tested on a real one. */
async function withAnswer(
  answer: (request: Request) => Response | Promise<Response>,
  check: (url: string) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
    signal: stop.signal,
  }, answer);
  try {
    await check(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    stop.abort();
    await server.finished;
  }
}

async function failure(client: MlflowClient): Promise<string> {
  try {
    await client.ensureExperiment("retail-demand");
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  assert.fail("Expected an error");
}

const run: Run = {
  runId: "0c8f",
  experimentId: "1",
  status: "RUNNING",
  startTime: 0,
  artifactUri: "mlflow-artifacts:/1/0c8f/artifacts",
};

Deno.test("MlflowClient names the host and what to do where nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const message = await failure(new MlflowClient({ url }));
  assert.ok(message.startsWith(`MLflow at ${url} cannot be reached (connection refused).`));
  assert.match(message, /then run the command again\.$/);
});

Deno.test("MlflowClient names the host where a name cannot be resolved", async () => {
  const message = await failure(new MlflowClient({ url: "http://mlflow.invalid:5000" }));
  assert.match(message, /^MLflow at http:\/\/mlflow\.invalid:5000 cannot be reached/);
});

Deno.test("MlflowClient gives up when a server does not answer in time", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  await withAnswer(() => promise, async (url) => {
    const message = await failure(new MlflowClient({ url, timeout: 0.05 }));
    assert.ok(message.startsWith(`MLflow at ${url} did not answer within 0.05 s.`));
    resolve(new Response());
  });
});

Deno.test("MlflowClient explains refused logins, and repeats no token", async () => {
  const authorization = "Bearer s3cret";
  const cases = [
    [401, /wants a valid login \(HTTP 401\).*MLFLOW_TRACKING_TOKEN/],
    [403, /does not allow GET .*\(HTTP 403\)/],
    [404, /\(HTTP 404\).*tracking URI/],
    [302, /redirects to http:\/\/login\.example \(HTTP 302\)/],
    [500, /\(HTTP 500\).*server's log/],
    [200, /not as MLflow does/],
  ] as const;
  for (const [status, expected] of cases) {
    const headers = { location: "http://login.example/?next=s3cret" };
    // Some servers send back what they were sent.
    await withAnswer(() => new Response("s3cret", { status, headers }), async (url) => {
      const message = await failure(new MlflowClient({ url, authorization }));
      assert.match(message, expected);
      assert.ok(message.includes(url));
      assert.ok(!message.includes("s3cret"), message);
    });
  }
});

Deno.test("MlflowClient says in a sentence that the server's store is read-only", async () => {
  const answer = {
    error_code: "TEMPORARILY_UNAVAILABLE",
    message: "(raised as a result of Query-invoked autoflush)\n" +
      "(sqlite3.OperationalError) attempt to write a readonly database",
  };
  await withAnswer(() => Response.json(answer, { status: 503 }), async (url) => {
    assert.equal(
      await failure(new MlflowClient({ url })),
      `MLflow at ${url} cannot write its store, which is read-only: make the store writable for ` +
        "the server, then run the command again.",
    );
  });
});

Deno.test("MlflowClient sends the login with every request", async () => {
  const seen: (string | null)[] = [];
  await withAnswer((request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json({});
  }, async (url) => {
    const client = new MlflowClient({ url, authorization: "Bearer s3cret" });
    await client.logBatch(run, { tags: { a: "b" } });
    await client.uploadArtifact(run, "a.txt", new Uint8Array());
  });
  assert.deepEqual(seen, ["Bearer s3cret", "Bearer s3cret"]);
});

Deno.test("MlflowClient.uploadArtifact() refuses to leave the run's folder", async () => {
  const seen: string[] = [];
  await withAnswer((request) => {
    seen.push(new URL(request.url).pathname);
    return Response.json({});
  }, async (url) => {
    const client = new MlflowClient({ url });
    const upload = (path: string, artifactUri = run.artifactUri) =>
      client.uploadArtifact({ ...run, artifactUri }, path, new Uint8Array());
    await assert.rejects(upload("../other/model.json"), UserError);
    await assert.rejects(upload("a/../../b"), UserError);
    await assert.rejects(upload("a", "mlflow-artifacts:/1/../artifacts"), UserError);
    await assert.rejects(upload("a", "mlflow-artifacts://elsewhere/1/artifacts"), UserError);
    await assert.rejects(upload("a", "s3://bucket/1/artifacts"), /--experiment/);
    await upload("model/rf 1.json");
  });
  assert.deepEqual(seen, [
    "/api/2.0/mlflow-artifacts/artifacts/1/0c8f/artifacts/model/rf%201.json",
  ]);
});

Deno.test("MlflowClient.failRun() never throws", async () => {
  await withAnswer(() => new Response(null, { status: 500 }), async (url) => {
    await new MlflowClient({ url }).failRun(run, 0);
  });
});

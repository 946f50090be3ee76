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

/** Waits for nothing. */
const sleep = () => Promise.resolve();

Deno.test("MlflowClient tries again after 429, 5xx and a cut connection, and takes the answer", async () => {
  for (const status of [429, 500, 502, 503, 504]) {
    let tries = 0;
    const waits: number[] = [];
    await withAnswer(
      () => ++tries < 3 ? new Response(null, { status }) : Response.json({}),
      async (url) => {
        const client = new MlflowClient({
          url,
          sleep: (milliseconds) => {
            waits.push(milliseconds);
            return Promise.resolve();
          },
        });
        await client.setRunTag(run, "a", "b");
      },
    );
    assert.equal(tries, 3, String(status));
    // Full jitter below 0.5 s, then below 1 s.
    assert.ok(waits[0]! < 500 && waits[1]! < 1000, String(waits));
  }
});

Deno.test("MlflowClient waits as long as the server asks for", async () => {
  let tries = 0;
  const waits: number[] = [];
  const headers = { "retry-after": "7" };
  await withAnswer(
    () => ++tries < 2 ? new Response(null, { status: 429, headers }) : Response.json({}),
    async (url) => {
      const client = new MlflowClient({
        url,
        sleep: (milliseconds) => {
          waits.push(milliseconds);
          return Promise.resolve();
        },
      });
      await client.setRunTag(run, "a", "b");
    },
  );
  assert.ok(waits.length === 1 && waits[0]! >= 7000 && waits[0]! < 7500, String(waits));
});

Deno.test("MlflowClient does not try again what was refused", async () => {
  for (const status of [400, 401, 403, 404]) {
    let tries = 0;
    await withAnswer(() => {
      tries++;
      return Response.json({ error_code: "INVALID_PARAMETER_VALUE" }, { status });
    }, async (url) => {
      await assert.rejects(new MlflowClient({ url, sleep }).setRunTag(run, "a", "b"), UserError);
    });
    assert.equal(tries, 1, String(status));
  }
});

Deno.test("MlflowClient sends no creation twice once it may have reached the server", async () => {
  const created: string[] = [];
  await withAnswer((request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST" && /create|logged-models$/.test(pathname)) created.push(pathname);
    // A registered model that is missing, so that it is made.
    return pathname.endsWith("registered-models/get")
      ? Response.json({ error_code: "RESOURCE_DOES_NOT_EXIST" }, { status: 404 })
      : new Response(null, { status: 500 });
  }, async (url) => {
    const client = new MlflowClient({ url, sleep });
    const model = { experimentId: "1", name: "m", sourceRunId: "0c8f", params: {}, tags: {} };
    const version = { source: "models:/m-1", modelId: "m-1", runId: "0c8f", description: "" };
    for (
      const create of [
        () => client.createRun("1", "name", {}, 0),
        () => client.createLoggedModel(model),
        () => client.createModelVersion("m", { ...version, tags: {} }),
        () => client.ensureRegisteredModel("m", ""),
      ]
    ) {
      await assert.rejects(create(), UserError);
    }
  });
  assert.deepEqual(created.map((path) => path.replace("/api/2.0/mlflow/", "")), [
    "runs/create",
    "logged-models",
    "model-versions/create",
    "registered-models/create",
  ]);
});

Deno.test("MlflowClient has at most eight requests under way", async () => {
  let open = 0, most = 0;
  await withAnswer(async () => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 20));
    open--;
    return Response.json({});
  }, async (url) => {
    const client = new MlflowClient({ url });
    await Promise.all(Array.from({ length: 40 }, (_, i) => client.setRunTag(run, `k${i}`, "v")));
  });
  assert.equal(most, 8);
});

Deno.test("MlflowClient shows no login, whatever the server sends back", async () => {
  const authorizations = ["Bearer s3cret-token", `Basic ${btoa("anna:s3cret-word")}`];
  for (const authorization of authorizations) {
    for (const status of [400, 401, 403, 404, 500, 503]) {
      await withAnswer((request) => {
        const echo = `${request.headers.get("authorization")} anna:s3cret-word s3cret-word`;
        return Response.json({ error_code: "BAD_REQUEST", message: echo }, { status });
      }, async (url) => {
        const message = await failure(new MlflowClient({ url, authorization, sleep }));
        assert.doesNotMatch(message, /s3cret/);
        assert.ok(!message.includes(authorization.split(" ")[1]!), message);
      });
    }
  }
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const url = `http://anna:s3cret@127.0.0.1:${port}`;
  assert.doesNotMatch(await failure(new MlflowClient({ url, sleep })), /s3cret/);
});

Deno.test("MlflowClient says that the server's disk is full", async () => {
  const answer = {
    error_code: "INTERNAL_ERROR",
    message: "[Errno 28] No space left on device: '/srv/mlartifacts/1/model.onnx'",
  };
  await withAnswer(() => Response.json(answer, { status: 500 }), async (url) => {
    const client = new MlflowClient({ url, sleep });
    await assert.rejects(
      client.uploadArtifact(run, "a.txt", new Uint8Array(1)),
      (error) => error instanceof UserError && /full|space/i.test(error.message),
    );
  });
});

Deno.test("MlflowClient lists and downloads nothing that leads elsewhere, and leaves no half file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await withAnswer((request) => {
      const isList = new URL(request.url).searchParams.has("path");
      return isList
        ? Response.json({ files: [{ path: "../x", is_dir: false }] })
        : new Response("12345");
    }, async (url) => {
      const client = new MlflowClient({ url, sleep });
      await assert.rejects(client.listArtifacts(run), /leads elsewhere/);
      await assert.rejects(client.downloadArtifact(run, "../x", `${folder}/x`), UserError);
      const limit = { maxBytes: 4 };
      await assert.rejects(
        client.downloadArtifact(run, "x", `${folder}/x`, limit),
        /at most 4 bytes/,
      );
      assert.deepEqual([...Deno.readDirSync(folder)], []);
      await assert.rejects(client.readArtifact(run, "x", limit), /at most 4 bytes/);
      await client.downloadArtifact(run, "x", `${folder}/x`, { maxBytes: 5 });
      assert.equal(await Deno.readTextFile(`${folder}/x`), "12345");
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("MlflowClient.getRun() says in a sentence that the answer is not MLflow's", async () => {
  const answers = [{}, { run: {} }, { run: { info: { run_id: "0c8f" }, data: { params: 1 } } }];
  for (const answer of answers) {
    await withAnswer(() => Response.json(answer), async (url) => {
      const client = new MlflowClient({ url, sleep });
      await assert.rejects(
        client.getRun("0c8f"),
        (error) => error instanceof UserError && /but not as MLflow does/.test(error.message),
      );
    });
  }
});

Deno.test("MlflowClient.transitionStage() takes a server that has no stages any more", async () => {
  const move = (url: string) =>
    new MlflowClient({ url, sleep }).transitionStage("retail-demand-rf", "1", "Staging", false);
  const gone = { error_code: "ENDPOINT_NOT_FOUND", message: "No such endpoint" };
  await withAnswer(() => new Response("Not found", { status: 404 }), move);
  await withAnswer(() => Response.json(gone, { status: 404 }), move);
  const missing = { error_code: "RESOURCE_DOES_NOT_EXIST", message: "No such version" };
  await withAnswer(
    () => Response.json(missing, { status: 404 }),
    async (url) => await assert.rejects(move(url), /No such version/),
  );
});

Deno.test("MlflowClient.failRun() never throws", async () => {
  await withAnswer(() => new Response(null, { status: 500 }), async (url) => {
    await new MlflowClient({ url }).failRun(run, 0);
  });
});

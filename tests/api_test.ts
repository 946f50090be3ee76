import assert from "node:assert/strict";
import { VARIABLES } from "../api/config.ts";
import { modelText, testModel, testRecord } from "../api/testing.ts";
import { readRecords } from "../lib/features/read_records.ts";
import { FEATURES } from "../lib/features/table.ts";
import { forecast } from "../lib/model/predict.ts";
import { inFolder } from "../lib/testing.ts";
import { type ApiServer, startApi } from "./api_server.ts";
import { delay } from "./processes.ts";

// Windows has neither SIGTERM nor ps.
const ignore = Deno.build.os === "windows";
const HEADER = FEATURES.map(({ name }) => name).join() + "\n";
const JSON_TYPE = { "content-type": "application/json" };
const CSV_TYPE = { "content-type": "text/csv" };

/** Runs a test with a server over a folder in which `rf.json` is a small model. */
function inServer(
  test: (api: ApiServer, folder: string) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  return inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/rf.json`, await modelText("rf"));
    await using api = await startApi({ MODELS_DIR: folder, ...env });
    await test(api, folder);
  });
}

async function csvLine(values: Record<string, unknown> = {}): Promise<string> {
  return Object.values(await testRecord(values)).map((value) => value ?? "").join() + "\n";
}

/** A body that is sent by hand. */
function openBody() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    body,
    send: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    close: () => controller.close(),
  };
}

/** What a server answers to bytes of ours, until it closes or a while after. */
async function talk({ port }: ApiServer, text: string, until: RegExp): Promise<string> {
  using connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  await connection.write(new TextEncoder().encode(text));
  const decoder = new TextDecoder(), buffer = new Uint8Array(65_536);
  let answer = "";
  while (!until.test(answer)) {
    const count = await connection.read(buffer);
    if (count === null) break;
    answer += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return answer;
}

/** Memory of a process, in MiB. */
async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", `${pid}`] })
    .output();
  return Number(new TextDecoder().decode(stdout)) / 1024;
}

Deno.test({
  name: "deno task api serves a folder on a port, with the rights for these and no others",
  ignore,
  fn: () =>
    inServer(async ({ url, command, said }, folder) => {
      const response = await fetch(`${url}/predict`, {
        method: "POST",
        headers: JSON_TYPE,
        // These come from a thread, which needs a right of its own.
        body: JSON.stringify({ records: [await testRecord()], contributions: true }),
      });
      const { predictions, contributions: [{ terms }] } = await response.json();
      const sum = terms.reduce(
        (sum: number, term: { contribution: number }) => sum + term.contribution,
        0,
      );
      assert.ok(Math.abs(sum - predictions[0]) < 1e-6);
      const { columns } = readRecords([await testRecord()]);
      assert.deepEqual(predictions, [...forecast(await testModel("rf"), columns).predictions]);
      const rights = command.match(/--(allow|deny|no)-\S+/g);
      assert.deepEqual(rights, [
        "--no-prompt",
        "--no-remote",
        "--allow-net=127.0.0.1:0",
        // The program of the thread that takes forecasts apart.
        `--allow-read=${folder},lib/trees`,
        `--allow-env=${Object.keys(VARIABLES)}`,
      ]);
      assert.match(said(), /^Serving .+ at http:\/\/127\.0\.0\.1:\d+\n$/);
    }),
});

Deno.test({
  name: "deno task api serves one file, and says at once what is wrong with it or its evaluation",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/gbr.json`;
      await Deno.writeTextFile(path, await modelText("gbr"));
      await Deno.writeTextFile(`${folder}/rf.json`, await modelText("rf"));
      await Deno.writeTextFile(`${folder}/gbr.card.json`, "{");
      await using api = await startApi({ MODEL_PATH: path, MODELS_DIR: "no/such" });
      while (!(await (await fetch(`${api.url}/health`)).json()).models.length) await delay(20);
      const { status, models, failed } = await (await fetch(`${api.url}/health`)).json();
      assert.equal(status, "degraded");
      assert.deepEqual(models.map(({ name }: { name: string }) => name), ["gbr"]);
      assert.equal(failed[0].file, `${folder}/gbr.card.json`);
      while (!api.said().includes("warning")) await delay(20);
      assert.match(api.said(), /\nwarning: .*gbr\.card\.json is no whole evaluation card: .+\.\n$/);
    }),
});

Deno.test({
  name: "deno task api says that its folder holds no model yet, and serves the first that comes",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await using api = await startApi({ MODELS_DIR: folder });
      while (!api.said().includes("warning")) await delay(20);
      assert.ok(
        api.said().endsWith(
          `\nwarning: The folder ${folder} holds no model yet. Run \`deno task repro\` to train ` +
            "models, or set MODELS_DIR to the folder that holds them.\n",
        ),
      );
      await Deno.writeTextFile(`${folder}/rf.json`, await modelText("rf"));
      while (!(await (await fetch(`${api.url}/health`)).json()).models.length) await delay(20);
    }),
});

Deno.test({
  name:
    "deno task api ends with a sentence on a wrong variable, a taken port and a foreign address",
  ignore,
  async fn() {
    const run = async (env: Record<string, string>, ...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "--quiet", "api", ...args],
        env: { NO_COLOR: "1", MODELS_DIR: "no/such", ...env },
        stdin: "null",
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { code, out: out!, err: err! };
    };
    using taken = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const cases: [env: Record<string, string>, message: RegExp][] = [
      [{ PORT: "http" }, /Expected a port from 0 to 65535 for PORT, but found "http"\./],
      [{ API_KEY_HASHES: "sesame" }, /Expected .+ for API_KEY_HASHES, but found something else\./],
      [{ PORT: `${(taken.addr as Deno.NetAddr).port}` }, /Port \d+ of 127\.0\.0\.1 is taken/],
      [{ HOST: "203.0.113.7" }, /Cannot listen on 203\.0\.113\.7:8000: .+\. Set HOST and PORT/],
      [{ HOST: "no-such-host.invalid" }, /Cannot listen on no-such-host\.invalid:8000: /],
    ];
    for (const [env, message] of cases) {
      const { code, out, err } = await run(env);
      assert.equal(code, 1, err);
      assert.equal(out, "");
      assert.match(err, new RegExp(`^error: ${message.source}.*\\n$`));
    }
    const help = await run({ PORT: "http" }, "--help");
    assert.equal(help.code, 0);
    for (const name of Object.keys(VARIABLES)) assert.ok(help.out.includes(`  ${name} `));
    const foreign = await run({}, "--port", "1");
    assert.equal(foreign.code, 1);
    assert.match(foreign.err, /^error: Unknown option '--port'/);
  },
});

Deno.test({
  name: "deno task api ends what it has begun when it is stopped, and takes nothing new",
  ignore,
  fn: () =>
    inServer(async (api) => {
      const { body, send, close } = openBody();
      send(HEADER + await csvLine());
      const running = await fetch(`${api.url}/predict/batch`, {
        method: "POST",
        headers: CSV_TYPE,
        body,
      });
      const whole = openBody();
      whole.send('{"records": [');
      const single = fetch(`${api.url}/predict`, {
        method: "POST",
        headers: JSON_TYPE,
        body: whole.body,
      });
      await delay(100);
      api.stop();
      // Until it knows that it is stopping.
      for (let status = 200; status !== 503; await delay(20)) {
        const response = await fetch(`${api.url}/health/ready`);
        await response.body!.cancel();
        status = response.status;
      }
      const refused = await fetch(`${api.url}/models`);
      assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "5"]);
      await refused.body!.cancel();
      whole.send(JSON.stringify(await testRecord()) + "]}");
      whole.close();
      send(await csvLine({ Week: 10 }));
      close();
      const rows = (await running.text()).trimEnd().split("\n");
      assert.match(rows.at(-1)!, /,\d+\.\d+,$/);
      assert.equal(rows.length, 3);
      assert.equal((await (await single).json()).predictions.length, 1);
      await api.ended;
      const paths = api.logged().map((line) => JSON.parse(line).path);
      assert.deepEqual(paths.slice(-2).sort(), ["/predict", "/predict/batch"]);
      await assert.rejects(fetch(`${api.url}/health`));
    }),
});

Deno.test({
  name: "deno task api does not wait for ever for a request that does not end",
  ignore,
  fn: () =>
    inServer(async (api) => {
      const { body, send } = openBody();
      send(HEADER + await csvLine());
      const running = await fetch(`${api.url}/predict/batch`, {
        method: "POST",
        headers: CSV_TYPE,
        body,
      });
      api.stop();
      await api.ended;
      await assert.rejects(running.text());
    }, { SHUTDOWN_SECONDS: "1" }),
});

Deno.test({
  name: "slow, stuck and foreign clients are turned away, and hold no others",
  ignore,
  fn: () =>
    inServer(async (api) => {
      const post = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
      const batch = "POST /predict/batch HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n";
      const statusOf = async (...args: Parameters<typeof talk>) =>
        Number(/^HTTP\/1\.1 (\d+)/.exec(await talk(...args))?.[1]);
      const late = Promise.all([
        ...Array.from({ length: 50 }, () => `${post}Content-Length: 100\r\n\r\n{`),
        `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
        `${batch}Content-Length: 100\r\n\r\nStore`,
      ].map((text) => statusOf(api, text, /\}$/)));
      let isLate = false;
      late.then(() => isLate = true);
      using _half = await Deno.connect({ port: api.port });
      await _half.write(new TextEncoder().encode(post));
      let answered = 0;
      while (!isLate) {
        const response = await fetch(`${api.url}/health`);
        await response.body!.cancel();
        if (!isLate) answered++;
      }
      assert.ok(answered > 20);
      assert.deepEqual(new Set(await late), new Set([408]));

      const refused: [text: string, status: number][] = [
        [`${post}Content-Length: 100000000\r\n\r\n{`, 413],
        [`${post}Transfer-Encoding: chunked\r\n\r\n${chunk("x".repeat(1001))}`, 413],
        [
          `${post}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk("{}")}0\r\n\r\n`,
          400,
        ],
        [`${post}Content-Length: x\r\n\r\n`, 400],
        [`${batch}Content-Length: 0\r\n\r\n`, 400],
        ["\x16\x03\x01\r\n\r\n", 400],
        ["TRACE /health HTTP/1.1\r\nHost: x\r\n\r\n", 405],
        ["CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 404],
        ["OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404],
        ["GET http://other/health HTTP/1.1\r\nHost: x\r\n\r\n", 200],
      ];
      for (const [text, status] of refused) {
        assert.equal(await statusOf(api, text, /\r\n\r\n/), status, text);
      }
      // Bodies that come with their head, which Deno's server reads in a way of its own.
      const answerOf = (body: string) => {
        const { length } = new TextEncoder().encode(body);
        return talk(api, `${post}Content-Length: ${length}\r\n\r\n${body}`, /\}$/);
      };
      const empty = await answerOf("");
      assert.match(
        empty,
        / 400 [^]+"Expected JSON as the body, but it is empty or ends too early\."/,
      );
      assert.match(
        await answerOf('\ufeff{"records":[]}'),
        / 400 [^]+it begins with a byte order mark/,
      );
      assert.match(await answerOf('{"records":[]}'), / 422 [^]+Expected at least one record/);
      // Clients that go, in the middle of their request and of the answer, leave their places.
      for (let i = 0; i < 20; i++) {
        for (
          const text of [`${post}Content-Length: 9\r\n\r\n{`, `${batch}Content-Length: 9\r\n\r\nx`]
        ) {
          using gone = await Deno.connect({ port: api.port });
          await gone.write(new TextEncoder().encode(text));
        }
        await talk(
          api,
          `${batch}Content-Length: 100000\r\n\r\n${HEADER}${await csvLine()}`,
          /prediction,error/,
        );
      }
      const open = async () => {
        const body = HEADER + await csvLine();
        const response = await fetch(`${api.url}/predict/batch`, {
          method: "POST",
          headers: CSV_TYPE,
          body,
        });
        await response.text();
        return response.status;
      };
      while (await open() === 429) await delay(50);
      assert.match(api.said(), /^Serving .+\n$/);
    }, { REQUEST_TIMEOUT: "1", MAX_BODY_BYTES: "1000" }),
});

Deno.test({
  name: "bodies that come byte by byte hold no others",
  ignore,
  fn: () =>
    inServer(async (api) => {
      const drops = new TextEncoder().encode("1\r\n \r\n".repeat(300_000));
      const drip = async (path: string, type: string) => {
        using connection = await Deno.connect({ port: api.port, hostname: "127.0.0.1" });
        const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\n` +
          "Transfer-Encoding: chunked\r\n\r\n";
        await connection.write(new TextEncoder().encode(head));
        const sending = (async () => {
          for (let sent = 0; sent < drops.length;) {
            sent += await connection.write(drops.subarray(sent));
          }
        })().catch(() => {});
        const answer = new Uint8Array(12);
        await connection.read(answer);
        connection.close();
        await sending;
        return new TextDecoder().decode(answer);
      };
      const lines = drip("/predict/batch", "application/x-ndjson");
      const refused = await Promise.all([1, 2, 3].map(() => drip("/predict", "application/json")));
      assert.deepEqual(refused, Array(3).fill("HTTP/1.1 400"));
      // What was refused is not read on, and what is read on leaves others their turn.
      for (let i = 0; i < 10; i++) {
        const signal = AbortSignal.timeout(3_000);
        assert.equal((await (await fetch(`${api.url}/health`, { signal })).json()).status, "ok");
      }
      api.stop();
      await Promise.all([lines.catch(() => {}), api.ended]);
    }, { SHUTDOWN_SECONDS: "0" }),
});

Deno.test({
  name: "memory stays flat for long streams, and for a client that does not read",
  ignore,
  fn: () =>
    inServer(async (api) => {
      const lines = (await csvLine()).repeat(1_000);
      const stream = async (thousands: number) => {
        let sent = 0;
        const body = new ReadableStream<Uint8Array>({
          pull(controller) {
            if (sent === 0) controller.enqueue(new TextEncoder().encode(HEADER));
            if (sent++ === thousands) controller.close();
            else controller.enqueue(new TextEncoder().encode(lines));
          },
        });
        const response = await fetch(`${api.url}/predict/batch`, {
          method: "POST",
          headers: CSV_TYPE,
          body,
        });
        let count = 0, most = 0, parts = 0;
        for await (const part of response.body!) {
          for (const byte of part) if (byte === 10) count++;
          if (parts++ % 100 === 0) most = Math.max(most, await memoryOf(api.pid));
        }
        assert.equal(count, 1 + 1_000 * thousands);
        return most;
      };
      const short = await stream(50);
      const long = await stream(400);
      assert.ok(long < short + 80 && long < 300, `${short} MiB, then ${long} MiB`);

      const silent = await Deno.connect({ port: api.port });
      const text = new TextEncoder().encode(chunk(lines));
      await silent.write(new TextEncoder().encode(
        "POST /predict/batch HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n" +
          `Transfer-Encoding: chunked\r\n\r\n${chunk(HEADER)}`,
      ));
      const forecasts = async () => {
        const metrics = await (await fetch(`${api.url}/metrics`)).text();
        return Number(/predictions_total\{.*\} (\d+)/.exec(metrics)![1]);
      };
      const before = await forecasts();
      const sending = (async () => {
        for (;;) await silent.write(text);
      })().catch(() => {});
      // The server takes what 16 MiB of answer need, and then gives up.
      while (await forecasts() === before) await delay(100);
      const taken = await forecasts() - before;
      assert.ok(taken < 500_000, `${taken} rows`);
      const most = await memoryOf(api.pid);
      assert.ok(most < 300, `${most} MiB`);
      silent.close();
      await sending;
      assert.equal((await (await fetch(`${api.url}/health`)).json()).status, "ok");
    }, { REQUEST_TIMEOUT: "1" }),
});

Deno.test({
  name: "ten thousand mixed requests are answered rightly while models are swapped",
  ignore,
  fn: () =>
    inServer(async (api, folder) => {
      const records = await Promise.all(
        Array.from({ length: 50 }, (_, i) => testRecord({ Week: 1 + i, Store: 1 + i % 7 })),
      );
      const versions = new Map<string, { predictions: Float64Array; requests: number }>();
      for (const name of ["rf", "gbr"] as const) {
        const model = await testModel(name);
        const { predictions } = forecast(model, readRecords(records).columns);
        versions.set(model.checksum.slice(7, 19), { predictions, requests: 0 });
      }
      const lines = records.map((record) =>
        Object.values(record).map((value) => value ?? "").join()
      );
      const post = (path: string, type: string, body: string) =>
        fetch(api.url + path, { method: "POST", headers: { "content-type": type }, body });
      const predictionsOf = (response: Response) => {
        assert.equal(response.status, 200);
        const version = versions.get(response.headers.get("x-model-version")!)!;
        version.requests++;
        return version.predictions;
      };
      const kinds: ((i: number) => Promise<void>)[] = [
        async (i) => {
          const response = await post(
            "/predict",
            "application/json",
            JSON.stringify({
              records: [records[i % 50]],
            }),
          );
          const { predictions, model_version } = await response.json();
          assert.deepEqual(predictions, [predictionsOf(response)[i % 50]]);
          assert.equal(model_version, response.headers.get("x-model-version"));
        },
        async (i) => {
          const body = { model_name: "rf", records: records.slice(i % 50) };
          const response = await post("/predict", "application/json", JSON.stringify(body));
          const { predictions } = await response.json();
          assert.deepEqual(predictions, [...predictionsOf(response).slice(i % 50)]);
        },
        async (i) => {
          const some = lines.slice(i % 50);
          const text = `${HEADER}${some.join("\nbad\n")}\n`;
          const response = await post("/predict/batch", "text/csv", text);
          const rows = (await response.text()).trimEnd().split("\n").slice(1);
          const wanted = predictionsOf(response).slice(i % 50);
          assert.equal(rows.length, 2 * some.length - 1);
          for (const [row, line] of rows.entries()) {
            const cells = line.split(",");
            if (row % 2 === 0) assert.equal(Number(cells.at(-2)), wanted[row / 2]);
            else assert.match(line, /^bad,+"Expected 17 cells/);
          }
        },
        async (i) => {
          const record = { ...records[i % 50], Dept: 0 };
          const body = JSON.stringify({ records: [records[0], record] });
          const response = await post("/predict", "application/json", body);
          assert.equal(response.status, 422);
          const { errors } = await response.json();
          assert.deepEqual([errors.length, errors[0].record, errors[0].field], [1, 1, "Dept"]);
        },
        async (i) => {
          const bad: [status: number, ...Parameters<typeof post>][] = [
            [400, "/predict", "application/json", '{"records": [{'],
            [404, "/predict", "application/json", '{"model_name": "no", "records": [{}]}'],
            [405, "/models", "application/json", "{}"],
            [415, "/predict", "text/plain", "{}"],
            [422, "/predict/batch", "text/csv", "a,b\n1,2\n"],
          ];
          const [status, ...request] = bad[i % bad.length]!;
          const response = await post(...request);
          assert.equal(response.status, status);
          assert.equal((await response.json()).status, status);
        },
        async () => {
          const { models } = await (await fetch(`${api.url}/health`)).json();
          assert.equal(models.length, 1);
          assert.ok(versions.has(models[0].version));
        },
      ];
      let next = 0, swaps = 0, isOver = false;
      const swapping = (async () => {
        const texts = [await modelText("gbr"), "{", await modelText("rf"), ""];
        while (!isOver) {
          await Deno.writeTextFile(`${folder}/new`, texts[swaps++ % texts.length]!);
          await Deno.rename(`${folder}/new`, `${folder}/rf.json`);
          await delay(300);
        }
      })();
      const count = 10_000;
      await Promise.all(Array.from({ length: 32 }, async () => {
        while (next < count || [...versions.values()].some(({ requests }) => requests === 0)) {
          const i = next++;
          await kinds[i % kinds.length]!(Math.floor(i / kinds.length));
        }
      }));
      isOver = true;
      await swapping;
      await delay(300);
      const { length } = api.logged();
      assert.ok(length >= count);
      const metrics = await (await fetch(`${api.url}/metrics`)).text();
      const counted = metrics.match(/^retail_demand_requests_total.* \d+$/gm)!
        .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
      assert.equal(counted, next);
      assert.ok(metrics.includes("\nretail_demand_requests_in_flight 1\n"));
      assert.match(api.said(), /^Serving .+\n$/);
    }, { MODELS_POLL_SECONDS: "1" }),
});

Deno.test("api/main.ts answers through its fetch with the rights of Deno Deploy", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/rf.json`, await modelText("rf"));
    const script = `${folder}/edge.ts`;
    const entry = new URL("../api/main.ts", import.meta.url).href;
    const body = JSON.stringify({ records: [await testRecord()] });
    await Deno.writeTextFile(
      script,
      `import main from ${JSON.stringify(entry)};
      const ask = async (path: string, init?: RequestInit) => {
        const response = await main.fetch(new Request("http://edge" + path, init));
        return await response.text();
      };
      // The first requests come before the models are read.
      const [models, answer] = await Promise.all([
        ask("/models"),
        ask("/predict", { method: "POST", headers: { "content-type": "application/json" },
          body: ${JSON.stringify(body)} }),
      ]);
      console.error(JSON.stringify([JSON.parse(models).models.length, JSON.parse(answer)]));`,
    );
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "--no-prompt", "--config", "deno.json", "--no-check"],
        ...["--allow-read", "--allow-env", "--allow-net", script],
      ],
      env: { MODELS_DIR: folder, NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 0, text);
    const [count, { predictions }] = JSON.parse(text);
    assert.equal(count, 1);
    const { columns } = readRecords([await testRecord()]);
    assert.deepEqual(predictions, [...forecast(await testModel("rf"), columns).predictions]);
  }));

/** Text as a chunk of HTTP's chunked encoding. */
function chunk(text: string): string {
  return `${new TextEncoder().encode(text).length.toString(16)}\r\n${text}\r\n`;
}

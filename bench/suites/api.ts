import { readConfig } from "../../api/config.ts";
import { sha256 } from "../../lib/hash.ts";
import { apiArguments } from "../../tasks/api.ts";
import { type ExtraEnvironment, extraTool, installExtra } from "../../tasks/extra_environment.ts";
import { installLoadGenerator, type LoadGenerator, type LoadOutcome, runLoad } from "../load.ts";
import { fieldsOfPeer } from "../records.ts";
import type { ApiFigures, ServerFigures } from "../results.ts";
import type { AnswerOutcome, AnswerRequest } from "../runs/answer.ts";
import type { ServedOutcome, ServedRequest } from "../runs/fit_served.ts";
import type { WriteRequest } from "../runs/write_requests.ts";
import { freePort, type Server, type ServerProgram, startServer } from "../server.ts";
import { ratio, type Spread, spread } from "../statistics.ts";
import { type StreamOutcome, streamRows } from "../stream.ts";
import type { Bench, Suite } from "../suite.ts";
import { CACHE, randomTable, tablePath } from "../table.ts";

const CONNECTIONS = [1, 8, 64];
const ONE_BODIES = 2000, BATCH_BODIES = 4, BATCH_RECORDS = 10_000, CSV_ROWS = 1_000_000;

/** A load that nobody measures comes first: compilers are at work then. */
const WARM_UP = { connections: 8, seconds: 2 };

/** The peer's slowest model answers a batch in some seconds. */
const LEAST_BATCH_SECONDS = 10;

/** What the peer's models learn from at most, so that training takes about a minute. */
const PEER_ROWS = 100_000;

/** What our model `boosting` has other than `gbr` of params.yaml. */
const BOOSTING = { n_estimators: 100, max_leaf_nodes: 31 };

const FASTAPI: ExtraEnvironment = { folder: "bench/fastapi", content: "FastAPI and scikit-learn" };

const PATHS = {
  one: `${CACHE}/one.txt`,
  batch: `${CACHE}/batch.txt`,
  csv: `${CACHE}/rows.csv`,
  ours: `${CACHE}/served`,
  peer: { gbr: `${CACHE}/fastapi-gbr.joblib`, rf: `${CACHE}/fastapi-rf.joblib` },
  peerStamp: `${CACHE}/fastapi.stamp`,
};

type Contender = Pick<ServerFigures, "side" | "model">;

/** In the order of their turns: what is compared stands side by side. */
const CONTENDERS: Contender[] = [
  { side: "empty" },
  { side: "bare", model: "boosting" },
  { side: "ours", model: "boosting" },
  { side: "ours", model: "gbr" },
  { side: "peer", model: "gbr" },
  { side: "ours", model: "rf" },
  { side: "peer", model: "rf" },
  { side: "ours", model: "blend" },
];

const OURS = CONTENDERS.filter(({ side }) => side === "ours").length;

/** What one run of a server gave. */
interface Turn {
  startMs: number;
  one: LoadOutcome[];
  oneMb: number | undefined;
  batch?: LoadOutcome;
  batchMb?: number | undefined;
  csv?: StreamOutcome;
  inside?: AnswerOutcome;
}

/** The prediction API, against FastAPI with scikit-learn, and against what it is made of. */
export const api: Suite = {
  about: "the prediction API against FastAPI with scikit-learn, under the same load",
  async install() {
    await installExtra(FASTAPI);
    const { version } = await installLoadGenerator();
    return { wrk: version, ...await peerVersions() };
  },
  processes: ({ runs }) => 3 + runs * (CONTENDERS.length + OURS),
  async measure(bench): Promise<ApiFigures> {
    const wrk = await installLoadGenerator();
    const served = await prepare(bench);
    const [body] = (await Deno.readTextFile(PATHS.one)).split("\n", 1) as [string];
    const turns = CONTENDERS.map((): Turn[] => []);
    for (let run = 0; run < bench.runs; run++) {
      for (const [index, contender] of CONTENDERS.entries()) {
        const turn = await bench.counted(takeTurn(bench, contender, wrk, body));
        if (contender.side === "ours") {
          const request: AnswerRequest = { model: ourPath(contender.model!), bodies: PATHS.one };
          turn.inside = await bench.ours<AnswerOutcome>("answer", request);
        }
        turns[index]!.push(turn);
        bench.say(describeTurn(contender, turn));
      }
    }
    return summarize(bench, turns, served);
  },
};

function ourPath(model: string): string {
  return `${PATHS.ours}/${model}.json`;
}

/** Writes requests and trains the models of both sides; the peer's only where something is new. */
async function prepare(bench: Bench): Promise<ServedOutcome> {
  const requests: WriteRequest = {
    one: { path: PATHS.one, bodies: ONE_BODIES },
    batch: { path: PATHS.batch, bodies: BATCH_BODIES, records: BATCH_RECORDS },
    csv: { path: PATHS.csv, rows: CSV_ROWS },
  };
  await bench.ours("write_requests", requests);
  bench.say("Training our models ...");
  const { params } = bench;
  const served: ServedRequest = { params, boosting: BOOSTING, folder: PATHS.ours };
  const outcome = await bench.ours<ServedOutcome>("fit_served", served);
  await bench.counted(trainPeer(bench));
  return outcome;
}

async function trainPeer(bench: Bench): Promise<void> {
  const table = tablePath(randomTable(0));
  const request = { table, fields: fieldsOfPeer(), rows: PEER_ROWS, models: PATHS.peer };
  const due = await sha256(
    (await Promise.all(
      ["bench/fastapi/train.py", "bench/fastapi/requirements.txt", `${table}.f64`].map(
        async (path) => await sha256(await Deno.readFile(path)),
      ),
    )).join() + JSON.stringify(request),
  );
  if (await Deno.readTextFile(PATHS.peerStamp).catch(() => "") === due) return;
  bench.say("Training scikit-learn's models ...");
  await runPython(["bench/fastapi/train.py", JSON.stringify(request)]);
  await Deno.writeTextFile(PATHS.peerStamp, due);
}

async function peerVersions(): Promise<Record<string, string>> {
  const code = "import json, platform; from importlib.metadata import version; " +
    "print(json.dumps({'python': platform.python_version()} | {name: version(name) for name in " +
    "['fastapi', 'uvicorn', 'pydantic', 'pandas', 'scikit-learn']}))";
  return JSON.parse(await runPython(["-c", code]));
}

async function runPython(args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(extraTool(FASTAPI, "python"), {
    args,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Python failed (${args[0]}):\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

function programOf({ side, model }: Contender, port: number): ServerProgram {
  switch (side) {
    case "empty":
      return handler("The empty handler", "bench/runs/serve_empty.ts", `${port}`);
    case "bare":
      return handler("The bare handler", "bench/runs/serve_bare.ts", `${port}`, ourPath(model!));
    case "ours": {
      const env = {
        PORT: `${port}`,
        HOST: "127.0.0.1",
        MODELS_DIR: PATHS.ours,
        DEFAULT_MODEL_NAME: model!,
      };
      return {
        name: `The API with ${model}`,
        command: Deno.execPath(),
        // What `deno task api` starts.
        args: apiArguments(readConfig((name) => env[name as keyof typeof env]), true),
        env,
      };
    }
    case "peer":
      return {
        name: `FastAPI with ${model}`,
        command: extraTool(FASTAPI, "python"),
        args: [
          ...["-m", "uvicorn", "service:app", "--app-dir", "bench/fastapi"],
          ...["--host", "127.0.0.1", "--port", `${port}`, "--no-access-log"],
        ],
        env: { MODEL: PATHS.peer[model as keyof typeof PATHS.peer] },
      };
  }
}

/** A server beside which ours is put. */
function handler(name: string, ...args: string[]): ServerProgram {
  return {
    name,
    command: Deno.execPath(),
    args: ["run", "-q", "--no-check", "-P=bench_server", ...args],
    env: {},
  };
}

async function takeTurn(
  bench: Bench,
  contender: Contender,
  wrk: LoadGenerator,
  body: string,
): Promise<Turn> {
  const start = () => {
    const port = freePort();
    return startServer(programOf(contender, port), port, body);
  };
  // First: of the starts, the second is measured, when Deno has kept the code that it compiled.
  const csv = contender.side === "ours" ? await streamCsv(await start()) : undefined;
  const turn = await putUnderLoad(bench, contender, wrk, await start());
  return { ...turn, ...csv && { csv } };
}

/** On a server of its own, so that its memory tells of nothing else. */
async function streamCsv(started: Server): Promise<StreamOutcome> {
  await using server = started;
  return await streamRows(`${server.url}/batch`, PATHS.csv, CSV_ROWS, server.peakMb);
}

async function putUnderLoad(
  { seconds }: Bench,
  { side }: Contender,
  wrk: LoadGenerator,
  started: Server,
): Promise<Turn> {
  await using server = started;
  const { url, startMs } = server;
  await runLoad(wrk, { url, bodies: PATHS.one, ...WARM_UP });
  const one: LoadOutcome[] = [];
  for (const connections of CONNECTIONS) {
    one.push(await runLoad(wrk, { url, bodies: PATHS.one, connections, seconds }));
  }
  const turn: Turn = { startMs, one, oneMb: await server.peakMb() };
  if (side === "empty" || side === "bare") return turn;
  const batch = await runLoad(wrk, {
    url,
    bodies: PATHS.batch,
    connections: 1,
    seconds: Math.max(seconds, LEAST_BATCH_SECONDS),
  });
  return { ...turn, batch, batchMb: await server.peakMb() };
}

function describeTurn({ side, model }: Contender, { startMs, one, batch, csv }: Turn): string {
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  const loads = one.map(({ rate, p99 }, i) =>
    `${CONNECTIONS[i]}: ${whole(rate)} requests/s, p99 ${p99.toFixed(2)} ms`
  );
  return [
    `${[side, model].filter(Boolean).join(" ")}: start ${whole(startMs)} ms`,
    ...loads,
    ...batch ? [`batch ${whole(batch.rate * BATCH_RECORDS)} records/s`] : [],
    ...csv ? [`csv ${whole(csv.rowsASecond)} rows/s`] : [],
  ].join("; ");
}

function summarize(bench: Bench, turns: Turn[][], served: ServedOutcome): ApiFigures {
  const rates = (side: Contender["side"], model: string | undefined, load: number) =>
    turns[CONTENDERS.findIndex((each) => each.side === side && each.model === model)]!
      .map(({ one }) => one[load]!.rate);
  const modelsOf = (side: Contender["side"]) =>
    CONTENDERS.filter((each) => each.side === side).map(({ model }) => model!);
  const compare = (side: "bare" | "ours", models: string[], other: "peer" | "empty") =>
    models.flatMap((model) =>
      CONNECTIONS.map((connections, load) => {
        const theirs = rates(other, other === "peer" ? model : undefined, load);
        return { side, model, connections, spread: ratio(rates(side, model, load), theirs) };
      })
    );
  const shares = (["bare", "ours"] as const).flatMap((side) =>
    compare(side, modelsOf(side), "empty")
  );
  return {
    kind: "api",
    seconds: bench.seconds,
    batch_records: BATCH_RECORDS,
    csv_rows: CSV_ROWS,
    peer_rows: Math.min(PEER_ROWS, bench.tables.random.trainRows),
    servers: CONTENDERS.map((contender, i) => summarizeServer(contender, turns[i]!, served)),
    times: compare("ours", modelsOf("peer"), "peer").map(({ model, connections, spread }) => (
      { model, connections, times: spread }
    )),
    shares: shares.map(({ spread, ...at }) => ({ ...at, share: spread })),
  };
}

function summarizeServer(
  { side, model }: Contender,
  turns: Turn[],
  served: ServedOutcome,
): ServerFigures {
  const over = (pick: (turn: Turn) => number) => spread(turns.map(pick));
  const memory = (pick: (turn: Turn) => number | undefined): Spread | undefined => {
    const values = turns.map(pick).filter((value) => value !== undefined);
    return values.length > 0 ? spread(values) : undefined;
  };
  const one = CONNECTIONS.map((connections, load) => ({
    connections,
    rate: over(({ one }) => one[load]!.rate),
    p50: over(({ one }) => one[load]!.p50),
    p90: over(({ one }) => one[load]!.p90),
    p99: over(({ one }) => one[load]!.p99),
  }));
  const oneMb = memory(({ oneMb }) => oneMb);
  const figures: ServerFigures = {
    side,
    ...model && { model },
    start_ms: over(({ startMs }) => startMs),
    one,
    ...oneMb && { one_mb: oneMb },
  };
  if (side === "empty" || side === "bare") return figures;
  const batchMb = memory(({ batchMb }) => batchMb);
  figures.batch = {
    records_a_second: over(({ batch }) => batch!.rate * BATCH_RECORDS),
    p50: over(({ batch }) => batch!.p50),
    ...batchMb && { peak_mb: batchMb },
  };
  if (side === "peer") return figures;
  const { trees, leaves, bytes } = served[model!]!;
  const tenthMb = memory(({ csv }) => csv!.tenthMb), peakMb = memory(({ csv }) => csv!.peakMb);
  return {
    ...figures,
    size: { trees, leaves, file_mb: bytes / 1e6 },
    csv: {
      rows_a_second: over(({ csv }) => csv!.rowsASecond),
      ...tenthMb && { tenth_mb: tenthMb },
      ...peakMb && { peak_mb: peakMb },
    },
    inside: {
      parse: over(({ inside }) => inside!.parse),
      check: over(({ inside }) => inside!.check),
      forecast: over(({ inside }) => inside!.forecast),
      trees: over(({ inside }) => inside!.trees),
      write: over(({ inside }) => inside!.write),
      all: over(({ inside }) => inside!.all),
    },
  };
}

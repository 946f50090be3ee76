import type { ApiFigures, ServerFigures } from "../results.ts";
import type { Spread } from "../statistics.ts";
import { digits, spreadText, table, verdict, verdictOfLeast, whole } from "./table.ts";

/** Of the API; what a load must not fall behind, and what must not be more. */
const TARGETS = {
  times: 100,
  p99_ms: 10,
  /** Of the empty handler's rate, for `boosting`. */
  share: 0.4,
  /** Records or rows a second, for `boosting`. */
  batch: 80_000,
  /** For `rf`. */
  start_ms: 150,
  memory_mb: 200,
};

const MOST_CONNECTIONS = 64;

/** Paragraphs for the suite `api`. */
export function renderApi(figures: ApiFigures): string[] {
  const { seconds, servers } = figures;
  const ours = servers.filter(({ side }) => side === "ours");
  return [
    "Here a ratio is one rate divided by another: **above 1, ours is faster**. Servers take turns: " +
    "each run starts every server anew, lets it warm up, puts it under each load for " +
    `${seconds} s and stops it. wrk sends real records, another one each time, on one thread; a ` +
    "request on a connection follows the answer to the one before. Every server has one process, " +
    "and wrk's thread the other core. _empty_: a handler that does nothing, in Hono on Deno as the " +
    "API is. _bare_: the least of one that forecasts: reads JSON, asks the same model, and names a " +
    "version, without checks of more than the records, limits, metrics and log. _ours_: `deno task " +
    "api` with the models of params.yaml, and with _boosting_, 100 trees of 31 leaves. _FastAPI_: uvicorn with uvloop and httptools, pydantic, a DataFrame, and a " +
    "pipeline of scikit-learn with one-hot categories: GradientBoostingRegressor (_gbr_) and " +
    "RandomForestRegressor (_rf_, predicting on one thread, which is fastest for one record), both " +
    `with their defaults, fitted on ${whole(figures.peer_rows)} rows.`,
    renderLoads(servers),
    "Requests a second as a multiple of FastAPI's with the same kind of model, and as a share of " +
    "the empty handler's.",
    renderRatios(figures),
    `Batches: requests of ${
      whole(figures.batch_records)
    } records in JSON on one connection, and a ` +
    `stream of ${
      whole(figures.csv_rows)
    } rows of CSV. MB is the most memory in use at once since ` +
    "the server's start (batches come after the loads above; a stream has a server of its own), for " +
    "a stream also when a tenth of its rows was answered: flat memory does not grow after that.",
    renderBatches(servers),
    "From starting the process to its first prediction, where compiled code is kept from a start " +
    "before (Python's too), and the most memory in use under the loads of one record.",
    renderStarts(servers),
    "What one record costs, in microseconds: in a process without a server, step by step, then " +
    `served (one second divided by the requests a second at ${MOST_CONNECTIONS} connections). ` +
    "_trees_ are part of _forecast_, whose rest are the features made from past sales. _HTTP and " +
    "rest_ is what serving takes beyond all of it; the empty handler's is the floor. _ceiling_: " +
    "what a process could answer a second if HTTP were free.",
    renderCosts(ours, servers.find(({ side }) => side === "empty")),
  ];
}

function nameOf({ side, model }: Pick<ServerFigures, "side" | "model">): string {
  if (side === "empty") return "empty";
  return `${side === "peer" ? "FastAPI" : side}, ${model}`;
}

function renderLoads(servers: ServerFigures[]): string {
  return table(
    ["server", "connections:", "requests/s:", "p50 ms:", "p90 ms:", "p99 ms:", "target"],
    servers.flatMap((server) =>
      server.one.map(({ connections, rate, p50, p90, p99 }) => [
        nameOf(server),
        whole(connections),
        spreadText(rate, whole),
        spreadText(p50),
        spreadText(p90),
        spreadText(p99),
        server.side === "ours" && connections === MOST_CONNECTIONS
          ? verdict(p99.median, TARGETS.p99_ms)
          : "",
      ])
    ),
  );
}

function renderRatios({ times, shares }: ApiFigures): string {
  return table(
    ["server", "connections:", "times FastAPI's:", "target", "share of empty:", "target"],
    shares.map(({ side, model, connections, share }) => {
      const isSame = (other: { model: string; connections: number }) =>
        side === "ours" && other.model === model && other.connections === connections;
      const multiple = times.find(isSame)?.times;
      const hasTarget = side === "ours" && model === "boosting" && connections === MOST_CONNECTIONS;
      return [
        nameOf({ side, model }),
        whole(connections),
        multiple ? spreadText(multiple) : "",
        multiple ? verdictOfLeast(multiple.median, TARGETS.times) : "",
        spreadText(share),
        hasTarget ? verdictOfLeast(share.median, TARGETS.share) : "",
      ];
    }),
  );
}

function renderBatches(servers: ServerFigures[]): string {
  const target = ({ model, side }: ServerFigures, rate: Spread) =>
    side === "ours" && model === "boosting" ? verdictOfLeast(rate.median, TARGETS.batch) : "";
  const rows = servers.flatMap((server) => {
    const { batch, csv } = server;
    if (!batch) return [];
    return [[
      nameOf(server),
      spreadText(batch.records_a_second, whole),
      target(server, batch.records_a_second),
      spreadText(batch.p50),
      memoryText(batch.peak_mb),
      csv ? spreadText(csv.rows_a_second, whole) : "",
      csv ? target(server, csv.rows_a_second) : "",
      memoryText(csv?.tenth_mb),
      memoryText(csv?.peak_mb),
    ]];
  });
  return table(
    [
      ...["server", "JSON records/s:", "target", "p50 ms:", "MB:"],
      ...["CSV rows/s:", "target", "MB at a tenth:", "MB:"],
    ],
    rows,
  );
}

function renderStarts(servers: ServerFigures[]): string {
  return table(
    ["server", "trees:", "leaves:", "file MB:", "start ms:", "target", "MB:", "target"],
    servers.map((server) => {
      const { side, model, size, start_ms, one_mb } = server;
      return [
        nameOf(server),
        size ? whole(size.trees) : "",
        size ? whole(size.leaves) : "",
        size ? digits(size.file_mb) : "",
        spreadText(start_ms, whole),
        side === "ours" && model === "rf" ? verdict(start_ms.median, TARGETS.start_ms) : "",
        memoryText(one_mb),
        side === "ours" && one_mb ? verdict(one_mb.median, TARGETS.memory_mb) : "",
      ];
    }),
  );
}

function renderCosts(ours: ServerFigures[], empty: ServerFigures | undefined): string {
  const rate = ({ one }: ServerFigures) =>
    one.find(({ connections }) => connections === MOST_CONNECTIONS)!.rate.median;
  const emptyRows = empty
    ? [["empty", ...Array(6).fill(""), digits(1e6 / rate(empty)), digits(1e6 / rate(empty)), ""]]
    : [];
  return table(
    [
      ...["server", "JSON in:", "check:", "forecast:", "trees:", "JSON out:", "all in-process:"],
      ...["served:", "HTTP and rest:", "ceiling, requests/s:"],
    ],
    [
      ...ours.map((server) => {
        const { parse, check, forecast, trees, write, all } = server.inside!;
        const served = 1e6 / rate(server);
        return [
          nameOf(server),
          ...[parse, check, forecast, trees, write, all].map(({ median }) => digits(median)),
          digits(served),
          digits(served - all.median),
          whole(1e6 / all.median),
        ];
      }),
      ...emptyRows,
    ],
  );
}

function memoryText(mb: Spread | undefined): string {
  return mb ? spreadText(mb, whole) : "";
}

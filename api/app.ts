import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { routePath } from "hono/route";
import { completeAnswer, requestId, setRequestId } from "./answer.ts";
import { isHealth, requireKey } from "./api_keys.ts";
import { BodyRoom } from "./body_room.ts";
import type { Config } from "./config.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelStore } from "./models.ts";
import { Problem } from "./problem.ts";
import { bodyLimits } from "./read_body.ts";
import { addCalendar } from "./routes/calendar.ts";
import { addDocs } from "./routes/docs.ts";
import { addHealth } from "./routes/health.ts";
import { addInference } from "./routes/inference.ts";
import { addMetrics } from "./routes/metrics.ts";
import { addModels } from "./routes/models.ts";
import { addPredict } from "./routes/predict.ts";
import { addPredictBatch } from "./routes/predict_batch.ts";
import { addSeries } from "./routes/series.ts";
import { addStores } from "./routes/stores.ts";
import { sendingOf } from "./sending.ts";

/** What the API is made of. */
export interface ApiOptions {
  store: ModelStore;
  config: Config;
  metrics: Metrics;
  /** Takes a line for each request, as JSON, without the newline. */
  log: (line: string) => void;
  /** Whether the server is shutting down. */
  isClosing: () => boolean;
}

/** What may be the id of a request, to be told back and logged. */
const REQUEST_ID = /^[\w.:-]{1,64}$/;

const STOPPING = new Problem(
  503,
  "The server is stopping. Send this again, to another or later.",
  { retryAfter: 5 },
);

/** Of this process, so that ids of several differ. */
const PROCESS_ID = crypto.randomUUID().slice(0, 13);
let requests = 0;

/** An id that no other request has; drawing each by chance would take longer. */
function nextId(): string {
  return `${PROCESS_ID}-${(++requests).toString(36)}`;
}

/**
 * Bodies of the greatest length that there is room for at once; each of 16 MiB takes some 80 MB while
 * it is answered.
 */
const BODIES_AT_ONCE = 2;

/**
 * The prediction API.
 *
 * @example
 * ```ts
 * import { createApp } from "./app.ts";
 * import { readConfig } from "./config.ts";
 * import { createMetrics } from "./metrics.ts";
 * import { ModelStore } from "./models.ts";
 * const config = readConfig(() => undefined);
 * const app = createApp({
 *   config,
 *   store: new ModelStore(config),
 *   metrics: createMetrics(),
 *   log: console.log,
 *   isClosing: () => false,
 * });
 * console.log((await app.request("/health/live")).status); // 200
 * ```
 */
export function createApp(options: ApiOptions): Hono {
  const { config, metrics, log, isClosing } = options;
  const app = new Hono();
  const room = new BodyRoom(BODIES_AT_ONCE * config.MAX_BODY_BYTES);
  const limits = bodyLimits(config, room);

  app.use(async (context, next) => {
    const start = performance.now();
    const given = context.req.header("x-request-id");
    const id = given !== undefined && REQUEST_ID.test(given) ? given : nextId();
    setRequestId(context, id);
    metrics.begin();
    if (isClosing() && !isHealth(context.req.path)) context.res = answer(context, STOPPING);
    else await next();
    completeAnswer(context);
    room.free(context.req.raw);
    const sending = sendingOf(context);
    if (sending) void sending.then(() => end(context, id, start));
    else end(context, id, start);
  });
  if (config.CORS_ORIGINS.length > 0) {
    app.use(cors({
      origin: config.CORS_ORIGINS,
      exposeHeaders: ["x-request-id", "x-model-version"],
    }));
  }
  if (config.API_KEY_HASHES.length > 0) app.use(requireKey(config.API_KEY_HASHES));

  addHealth(app, options);
  addModels(app, options);
  addSeries(app, options);
  addStores(app, options);
  addCalendar(app, options);
  addPredict(app, options, limits);
  addPredictBatch(app, options);
  addInference(app, options, limits);
  addMetrics(app, options);
  addDocs(app, options);
  refuseOtherMethods(app);

  // Returned, since what is thrown here passes the log by.
  app.notFound((context) =>
    answer(
      context,
      new Problem(404, `There is nothing at ${context.req.path.slice(0, 200)}. See /docs.`),
    )
  );
  app.onError((error, context) => {
    if (error instanceof Problem) return answer(context, error);
    // Ours: the trace is for the log, not for the client.
    console.error(error);
    const id = requestId(context);
    return answer(
      context,
      new Problem(500, `The server has made a mistake. Its log has more under ${id}.`),
    );
  });
  return app;

  /** A request is over: counts and logs it. */
  function end(context: Context, id: string, start: number): void {
    const { method } = context.req;
    const { status } = context.res;
    const milliseconds = performance.now() - start;
    const path = routePath(context, -1);
    // What no route has taken; each name of its own would be one more line of the metrics.
    const route = path === "/*" ? "none" : path;
    metrics.end(method, route, status, milliseconds / 1000);
    // A route without parameters is a path that is safe to show.
    const shown = context.req.path === route ? `"${route}"` : showPath(context.req.path);
    log(
      `{"time":"${new Date().toISOString()}","request_id":"${id}","method":"${method}",` +
        `"path":${shown},"status":${status},"ms":${milliseconds.toFixed(3)}}`,
    );
  }
}

/** A path as JSON; among others there are characters that break lines or command terminals. */
function showPath(path: string): string {
  return JSON.stringify(path.slice(0, 200)).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function answer(context: Context, problem: Problem): Response {
  // The Open Inference Protocol has a form of its own.
  if (/^\/v2(\/|$)/.test(context.req.path)) {
    const headers = { ...problem.headers, "content-type": "application/json" };
    return context.body(JSON.stringify({ error: problem.message }), problem.status, headers);
  }
  const body = JSON.stringify(problem.body(requestId(context)));
  return context.body(body, problem.status, problem.headers);
}

/** Answers 405 on the paths of all routes to methods that none of them takes. */
function refuseOtherMethods(app: Hono): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(method));
  }
  for (const [path, known] of methods) {
    // Hono answers HEAD by GET, and cors() OPTIONS where it is configured.
    const allow = [...known, ...known.has("GET") ? ["HEAD"] : []].join(", ");
    app.all(path, (context) => {
      throw new Problem(
        405,
        `Expected ${allow} for ${context.req.path.slice(0, 200)}, but found ${context.req.method}.`,
        { allow },
      );
    });
  }
}

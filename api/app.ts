import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { getPath } from "hono/utils/url";
import { completeAnswer, problemParts } from "./answer.ts";
import { isHealth, requireKey } from "./api_keys.ts";
import { BodyRoom } from "./body_room.ts";
import type { Config } from "./config.ts";
import { type Exchange, exchangeOf } from "./exchange.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelStore } from "./models.ts";
import { Problem } from "./problem.ts";
import { bodyLimits } from "./read_body.ts";
import { requestLine } from "./request_log.ts";
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
import { together } from "./turns.ts";

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
  // Found once, for the log too.
  const app = new Hono({ getPath: (_, { env } = {}) => (env as Exchange).path });
  const room = new BodyRoom(BODIES_AT_ONCE * config.MAX_BODY_BYTES);
  const limits = bodyLimits(config, room);

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

  app.notFound((context) => {
    const { path, method } = context.req;
    const shown = path.slice(0, 200);
    const known = METHODS.filter((each) => findRoute(app, path, [each]) !== undefined);
    if (known.length === 0) {
      return answer(context, new Problem(404, `There is nothing at ${shown}. See /docs.`));
    }
    // Hono answers HEAD by GET, and cors() OPTIONS where it is configured.
    const allow = [...known, ...known.includes("GET") ? ["HEAD"] : []].join(", ");
    return answer(
      context,
      new Problem(405, `Expected ${allow} for ${shown}, but found ${method}.`, { allow }),
    );
  });
  app.onError((error, context) => {
    if (error instanceof Problem) return answer(context, error);
    // Ours: the trace is for the log, not for the client.
    console.error(error);
    const { id } = exchangeOf(context);
    return answer(
      context,
      new Problem(500, `The server has made a mistake. Its log has more under ${id}.`),
    );
  });

  // Round Hono, not a middleware in it: a route that is the only one asked is called directly.
  const dispatch = app.fetch;
  app.fetch = async (request) => {
    const start = performance.now();
    metrics.begin();
    await together();
    const { headers } = request;
    // has() first: it lists all headers once, where each get() without a list asks the server.
    const given = headers.has("x-request-id") ? headers.get("x-request-id") : null;
    const exchange: Exchange = {
      id: given !== null && REQUEST_ID.test(given) ? given : nextId(),
      path: getPath(request),
      isWhole: false,
      sending: undefined,
    };
    const response = isClosing() && !isHealth(exchange.path)
      ? stopping(exchange)
      : await dispatch(request, exchange);
    completeAnswer(response, exchange);
    room.free(request);
    const { method } = request, { status } = response, { sending } = exchange;
    if (sending) void sending.then(() => end(method, exchange, status, start));
    else end(method, exchange, status, start);
    return response;
  };
  return app;

  /** A request is over: counts and logs it. */
  function end(method: string, { id, path }: Exchange, status: number, start: number): void {
    const milliseconds = performance.now() - start;
    // Of a path that no route has taken, each name of its own would be one more line of the metrics.
    const methods = METHODS.includes(method) ? [method, ...METHODS] : METHODS;
    const route = findRoute(app, path, methods) ?? "none";
    metrics.end(method, route, status, milliseconds / 1000);
    log(requestLine({ id, method, path, status, milliseconds }));
  }
}

/** By the context, which adds the headers that a route has prepared. */
function answer(context: Context, problem: Problem): Response {
  const { body, status, headers } = problemParts(exchangeOf(context), problem);
  return context.body(body, status, headers);
}

function stopping(exchange: Exchange): Response {
  const { body, ...init } = problemParts(exchange, STOPPING);
  return new Response(body, init);
}

/** Methods of routes. */
const METHODS = ["GET", "POST"];

/** The route of a path, such as `/models/:name`, for the first of these methods that it knows. */
function findRoute(
  { router }: Hono,
  path: string,
  methods: readonly string[],
): string | undefined {
  for (const method of methods) {
    const [found] = router.match(method, path);
    const [, route] = found.at(-1)?.[0] ?? [];
    if (route?.method === method) return route.path;
  }
  return undefined;
}

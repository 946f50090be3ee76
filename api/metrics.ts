/** Upper bounds of the latency histogram's buckets, in seconds. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Upper bounds of the histogram of records in a request. */
const RECORDS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Counters of the API, in the text format of Prometheus (version 0.0.4). */
export interface Metrics {
  /** A request has come. */
  begin(): void;
  /** Requests that are being answered. */
  inFlight(): number;
  /**
   * It was answered.
   *
   * @param route As the program names it, such as `/models/:name`.
   */
  end(method: string, route: string, status: number, seconds: number): void;
  /** A request was answered with so many forecasts. */
  countPredictions(model: string, version: string, count: number): void;
  /** What `GET /metrics` answers. */
  text(): string;
}

/** Of one route. */
interface RouteCounts {
  /** By method, then by status. */
  requests: Map<string, Map<number, number>>;
  latency: Histogram;
}

interface Histogram {
  buckets: number[];
  sum: number;
  count: number;
}

/**
 * Makes counters that start at 0.
 *
 * @example
 * ```ts
 * import { createMetrics } from "./metrics.ts";
 * const metrics = createMetrics();
 * metrics.countPredictions("rf", "1234", 2);
 * console.log(metrics.text().includes('predictions_total{model="rf",version="1234"} 2')); // true
 * ```
 */
export function createMetrics(): Metrics {
  const routes = new Map<string, RouteCounts>();
  /** By model, then by version. */
  const predictions = new Map<string, Map<string, number>>();
  const records = createHistogram(RECORDS);
  let inFlight = 0;
  return {
    begin() {
      inFlight++;
    },
    inFlight: () => inFlight,
    end(method, route, status, seconds) {
      inFlight--;
      // Clients make up methods; each would be a line for ever.
      const known = METHODS.includes(method) ? method : "other";
      const { requests, latency } = getOrMake(routes, route, createRouteCounts);
      add(getOrMake(requests, known, createCounts), status, 1);
      observe(latency, SECONDS, seconds);
    },
    countPredictions(model, version, count) {
      add(getOrMake(predictions, model, createCounts), version, count);
      observe(records, RECORDS, count);
    },
    text() {
      return [
        ...head("requests_total", "counter", "Requests answered."),
        ...[...routes].flatMap(([route, { requests }]) =>
          [...requests].flatMap(([method, counts]) =>
            Array.from(
              counts,
              ([status, count]) =>
                `${PREFIX}requests_total{method="${method}",route="${route}",status="${status}"} ` +
                count,
            )
          )
        ),
        ...head(
          "request_duration_seconds",
          "histogram",
          "Seconds until all of an answer was made.",
        ),
        ...[...routes].flatMap(([route, { latency }]) =>
          histogramLines("request_duration_seconds", `route="${route}"`, latency, SECONDS)
        ),
        ...head("requests_in_flight", "gauge", "Requests that are being answered."),
        `${PREFIX}requests_in_flight ${inFlight}`,
        ...head("predictions_total", "counter", "Forecasts made."),
        ...[...predictions].flatMap(([model, counts]) =>
          Array.from(
            counts,
            ([version, count]) =>
              `${PREFIX}predictions_total{model="${escape(model)}",version="${version}"} ${count}`,
          )
        ),
        ...head("request_records", "histogram", "Records of a request that was forecast."),
        ...histogramLines("request_records", "", records, RECORDS),
      ].join("\n") + "\n";
    },
  };
}

/** Counts by label; labels that are put together to one key would take longer than counting. */
function createCounts<K>(): Map<K, number> {
  return new Map();
}

function createRouteCounts(): RouteCounts {
  return { requests: new Map(), latency: createHistogram(SECONDS) };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}

function add<K>(counts: Map<K, number>, key: K, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** As the text format has it: files have any names. */
function escape(value: string): string {
  return value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
}

const PREFIX = "retail_demand_";

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`];
}

function createHistogram(bounds: number[]): Histogram {
  return { buckets: bounds.map(() => 0), sum: 0, count: 0 };
}

function observe(histogram: Histogram, bounds: number[], value: number): void {
  histogram.sum += value;
  histogram.count++;
  let bucket = 0;
  while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
  if (bucket < bounds.length) histogram.buckets[bucket]!++;
}

function histogramLines(
  name: string,
  labels: string,
  { buckets, sum, count }: Histogram,
  bounds: number[],
): string[] {
  const all = labels === "" ? "" : `{${labels}}`;
  const before = labels === "" ? "" : `${labels},`;
  let below = 0;
  return [
    ...bounds.map((bound, i) => {
      below += buckets[i]!;
      return `${PREFIX}${name}_bucket{${before}le="${bound}"} ${below}`;
    }),
    `${PREFIX}${name}_bucket{${before}le="+Inf"} ${count}`,
    `${PREFIX}${name}_sum${all} ${sum}`,
    `${PREFIX}${name}_count${all} ${count}`,
  ];
}

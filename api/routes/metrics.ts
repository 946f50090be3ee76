import type { Hono } from "hono";
import type { ApiOptions } from "../app.ts";

/** `GET /metrics`: counters for Prometheus. */
export function addMetrics(app: Hono, { metrics }: ApiOptions): void {
  app.get(
    "/metrics",
    (context) => context.body(metrics.text(), 200, { "content-type": "text/plain; version=0.0.4" }),
  );
}

import type { Hono } from "hono";
import type { ApiOptions } from "../app.ts";
import { VERSION } from "../version.ts";

/** `GET /health`, `/health/live` and `/health/ready`: for whoever watches the server. */
export function addHealth(app: Hono, { store, isClosing }: ApiOptions): void {
  app.get("/health", (context) => {
    const { served, failed, fallback } = store.current;
    const ready = isReady();
    return context.json({
      status: !ready ? "unavailable" : failed.size > 0 ? "degraded" : "ok",
      version: VERSION,
      default_model: fallback?.name ?? null,
      models: [...served.values()].map(({ name, version }) => ({ name, version })),
      failed: [...failed].map(([file, problem]) => ({ file, problem })),
    }, ready ? 200 : 503);
  });
  app.get("/health/live", (context) => context.json({ status: "ok" }));
  app.get("/health/ready", (context) => {
    const ready = isReady();
    return context.json({ status: ready ? "ok" : "unavailable" }, ready ? 200 : 503);
  });

  function isReady(): boolean {
    return store.current.fallback !== undefined && !isClosing();
  }
}

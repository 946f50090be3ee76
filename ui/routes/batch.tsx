import { Hono } from "hono";
import type { Services } from "../app.tsx";
export function batchRoutes(_services: Services): Hono {
  return new Hono();
}

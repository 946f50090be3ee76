import { Hono } from "hono";
import type { Services } from "../app.tsx";
export function modelsRoutes(_services: Services): Hono {
  return new Hono();
}

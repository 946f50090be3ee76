/**
 * The pages as a host such as Deno Deploy runs them: `fetch` is all that it needs. The bundle has to
 * be built before, by `ui/build.ts`.
 *
 * @module
 */

import type { Hono } from "hono";
import { UserError } from "../lib/errors.ts";
import { createApi } from "./api.ts";
import { createApp } from "./app.tsx";
import { readManifest } from "./assets.ts";
import { type Config, readConfig } from "./config.ts";

/**
 * The application by a configuration.
 *
 * @throws {UserError} where the bundle is not built.
 */
export async function openApp(config: Config): Promise<Hono> {
  const manifest = await readManifest();
  if (!manifest) {
    throw new UserError(
      "ui/_bundle is missing. Build it with `deno run -P=ui_build ui/build.ts`, or start with `deno task ui`.",
    );
  }
  return createApp(createApi(config), manifest, { reload: config.reload });
}

let app: Promise<Hono> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    app ??= openApp(readConfig((name) => Deno.env.get(name)));
    return (await app).fetch(request);
  },
};

import type { Hono } from "hono";
import { sha256 } from "../../lib/hash.ts";
import type { ApiOptions } from "../app.ts";
import { describeModel } from "../describe_model.ts";
import { findModel } from "../find_model.ts";
import type { Models } from "../models.ts";
import { Problem } from "../problem.ts";

/** `GET /models`, `/models/{name}` and `/models/{name}/evaluation`: what the models are. */
export function addModels(app: Hono, { store }: ApiOptions): void {
  /** The answer for the models that are served, until others are. */
  let answer: { models: Models; body: string; etag: string } | undefined;

  app.get("/models", async (context) => {
    await store.ready();
    const models = store.current;
    if (answer?.models !== models) {
      const { served, fallback } = models;
      const body = JSON.stringify({
        default_model: fallback?.name ?? null,
        models: [...served.values()].map((each) => describeModel(each, each === fallback)),
      });
      answer = { models, body, etag: `"${(await sha256(body)).slice(0, 32)}"` };
    }
    const { body, etag } = answer;
    context.header("etag", etag);
    context.header("cache-control", "no-cache");
    const known = context.req.header("if-none-match")?.split(",").map((tag) => tag.trim());
    if (known?.some((tag) => tag === "*" || tag.replace(/^W\//, "") === etag)) {
      return context.body(null, 304);
    }
    return context.body(body, 200, { "content-type": "application/json" });
  });
  app.get("/models/:name", async (context) => {
    // What stands beside a model is read after it.
    await store.ready();
    const served = await findModel(store, context.req.param("name"));
    context.header("x-model-version", served.version);
    return context.json(describeModel(served, served === store.current.fallback));
  });
  app.get("/models/:name/evaluation", async (context) => {
    await store.ready();
    const { name, version, card } = await findModel(store, context.req.param("name"));
    if (!card) {
      throw new Problem(
        404,
        `There is no evaluation of ${name}: ${name}.card.json is not beside its file, or belongs ` +
          "to another version. `deno task repro` writes it.",
      );
    }
    context.header("x-model-version", version);
    return context.json(card);
  });
}

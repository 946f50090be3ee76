import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Question, Read } from "../answers.ts";
import type { Services } from "../app.tsx";
import { problemResponse } from "../failures.ts";

/** Not of dots alone, which in an address lead to another folder of it. */
const ModelName = z.string().max(200).regex(/^(?!\.+$)/);

const Question: z.ZodType<Question> = z.object({
  model: ModelName,
  records: z.array(z.unknown()).max(1000),
  intervals: z.boolean(),
  contributions: z.boolean(),
});

const Whole = z.coerce.number().int().min(0).max(1e9);

const SeriesQuery = z.object({ model: ModelName, store: Whole, dept: Whole });

const BatchQuery = z.object({
  model: ModelName,
  intervals: z.string().regex(/^(\d{1,2}(,\d{1,2}){0,9})?$/),
});

/**
 * What the browser may ask: each route makes one call of the API, to an address of its own making.
 */
export function proxyRoutes({ api, reader }: Services): Hono {
  const app = new Hono();

  app.post("/predict", async (context) => {
    const question = Question.safeParse(await context.req.json().catch(() => undefined));
    if (!question.success) return misunderstood();
    return answer(context, await reader.predict(question.data));
  });

  app.get("/series", async (context) => {
    const query = SeriesQuery.safeParse(context.req.query());
    if (!query.success) return misunderstood();
    const { model, store, dept } = query.data;
    return answer(context, await reader.series(model, store, dept));
  });

  app.post("/batch", async (context) => {
    const query = BatchQuery.safeParse(context.req.query());
    if (!query.success) return misunderstood();
    const { model, intervals } = query.data;
    const search = new URLSearchParams({ model_name: model });
    if (intervals) search.set("intervals", intervals);
    const { body, signal } = context.req.raw;
    const found = await api(`/predict/batch?${search}`, {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body,
      signal,
    });
    // None of the API's own headers goes on, such as cookies or a type that browsers would show.
    return new Response(found.body, {
      status: found.status,
      headers: { "content-type": found.ok ? "text/csv" : "application/problem+json" },
    });
  });

  app.all("*", () => problemResponse(404, "There is nothing of that name to ask for."));
  return app;
}

function answer<T>(context: Context, { value, failure }: Read<T>): Response {
  if (!failure) return context.json(value as object);
  const { status, message, errors } = failure;
  return Response.json({ status, title: "Not done", detail: message, errors }, {
    status: status || 502,
    headers: { "content-type": "application/problem+json" },
  });
}

function misunderstood(): Response {
  return problemResponse(400, "This page and its server do not fit together. Load the page again.");
}

import type { Context, Hono } from "hono";
import type { Level } from "../../lib/intervals/conformal.ts";
import type { ApiOptions } from "../app.ts";
import { batchStream } from "../batch/batch_stream.ts";
import { csvBatch } from "../batch/csv.ts";
import { ndjsonBatch } from "../batch/ndjson.ts";
import { exchangeOf } from "../exchange.ts";
import { findModel } from "../find_model.ts";
import { levelOf, PERCENTS } from "../predict_request.ts";
import { Problem } from "../problem.ts";
import { requireType } from "../read_body.ts";

/**
 * Streams that are forecast at once: more would each get little of one processor, and each may hold
 * 16 MiB for a client that does not read.
 */
const MOST_STREAMS = 8;

/** `POST /predict/batch`: forecasts of a stream of CSV or of JSON lines, row by row. */
export function addPredictBatch(app: Hono, { store, config, metrics }: ApiOptions): void {
  let streams = 0;
  app.post("/predict/batch", async (context) => {
    const type = requireType(context, "text/csv", "application/x-ndjson");
    const levels = readLevels(context);
    const { name, version, model } = await findModel(store, context.req.query("model_name"));
    const { body } = context.req.raw;
    if (!body) throw new Problem(400, "Expected records as the body, but it is empty.");
    if (streams >= MOST_STREAMS) {
      throw new Problem(429, `Expected at most ${MOST_STREAMS} batches at once. Try again later.`, {
        retryAfter: 5,
      });
    }
    const format = (type === "text/csv" ? csvBatch : ndjsonBatch)({ model, levels });
    streams++;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stream = await batchStream(body, format, {
      timeout: config.REQUEST_TIMEOUT,
      onEnd: (predicted) => {
        streams--;
        metrics.countPredictions(name, version, predicted);
        resolve();
      },
    });
    exchangeOf(context).sending = promise;
    return context.body(stream, 200, {
      "content-type": format.type,
      "x-model-version": version,
    });
  });
}

/** @throws {Problem} 422 on levels that there are not. */
function readLevels(context: Context): Level[] {
  const text = context.req.query("intervals");
  if (text === undefined || text === "") return [];
  const levels = text.split(",").map((part) => levelOf(Number(part)));
  if (levels.includes(undefined) || new Set(levels).size < levels.length) {
    throw new Problem(
      422,
      `Expected some of ${PERCENTS.join(",")} for intervals, but found ${
        JSON.stringify(text.slice(0, 60))
      }.`,
    );
  }
  return levels as Level[];
}

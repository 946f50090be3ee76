import type { Context } from "hono";
import { Problem } from "./problem.ts";
import {
  type BodyLimits,
  parseJson,
  readBytes,
  readJson,
  refuseCompression,
  requireType,
} from "./read_body.ts";

/** Tells, of a request and of an answer, how many bytes of JSON stand before those of tensors. */
export const JSON_LENGTH = "inference-header-content-length";

/** A body of the Open Inference Protocol. */
export interface InferenceBody {
  json: unknown;
  /** Of all tensors that are not in the JSON, one behind the other. */
  binary: Uint8Array;
}

/**
 * Reads a body of the Open Inference Protocol: JSON, behind which bytes may stand where a header says
 * how long the JSON is. Clients may leave out the content type.
 *
 * @throws {Problem} As `readJson()`, and 400 where that header is wrong.
 */
export async function readInferenceBody(
  context: Context,
  limits: BodyLimits,
): Promise<InferenceBody> {
  const header = context.req.header(JSON_LENGTH);
  if (header === undefined) {
    return {
      json: await readJson(context, limits, { needsType: false }),
      binary: new Uint8Array(0),
    };
  }
  if (context.req.header("content-type") !== undefined) {
    requireType(context, "application/octet-stream", "application/json");
  } else refuseCompression(context);
  if (!/^\d{1,15}$/.test(header)) {
    throw new Problem(
      400,
      `Expected a number of bytes for Inference-Header-Content-Length, but found ${
        JSON.stringify(header.slice(0, 60))
      }.`,
    );
  }
  const bytes = new Uint8Array(await readBytes(context, limits));
  const length = Number(header);
  if (length > bytes.length) {
    throw new Problem(
      400,
      `Expected ${length} bytes of JSON, as Inference-Header-Content-Length says, but found a body ` +
        `of ${bytes.length}.`,
    );
  }
  return { json: parseJson(bytes.subarray(0, length), limits), binary: bytes.subarray(length) };
}

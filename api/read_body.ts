import type { Context } from "hono";
import type { BodyRoom } from "./body_room.ts";
import type { Config } from "./config.ts";
import { createDeadline } from "./deadline.ts";
import { Problem } from "./problem.ts";
import { createTurns } from "./turns.ts";

/** How much of a body is taken, and how long it may take to arrive. */
export interface BodyLimits {
  maxBytes: number;
  /** Most records that the body is to hold. */
  maxRecords: number;
  /** Of `createDeadline()`. */
  within: <T>(promise: Promise<T>) => Promise<T>;
  /** Of all bodies at once; the caller frees what a request has taken. */
  room: BodyRoom;
}

/** The limits that a configuration sets. */
export function bodyLimits(
  { MAX_BODY_BYTES, MAX_RECORDS, REQUEST_TIMEOUT }: Pick<
    Config,
    "MAX_BODY_BYTES" | "MAX_RECORDS" | "REQUEST_TIMEOUT"
  >,
  room: BodyRoom,
): BodyLimits {
  return {
    room,
    maxBytes: MAX_BODY_BYTES,
    maxRecords: MAX_RECORDS,
    within: createDeadline(
      REQUEST_TIMEOUT,
      `Expected the whole body within ${REQUEST_TIMEOUT} s, but it did not arrive.`,
    ),
  };
}

/** How {@linkcode readJson} takes a body. */
export interface JsonOptions {
  /** Whether the headers have to say that it is JSON; where they say another type, it is refused. */
  needsType?: boolean;
}

/**
 * The JSON value of a request's body. Of a key that stands twice in an object, the last counts, as
 * in `JSON.parse()`.
 *
 * @throws {Problem} 415 where it is no JSON by its headers, 413 where it is too long, 408 where it
 *   does not arrive, 400 where it is not JSON; bytes that are not UTF-8 are read as U+FFFD.
 */
export async function readJson(
  context: Context,
  limits: BodyLimits,
  { needsType = true }: JsonOptions = {},
): Promise<unknown> {
  if (needsType || context.req.header("content-type") !== undefined) {
    requireType(context, "application/json");
  } else refuseCompression(context);
  if (!isSmall(context, limits)) return parseJson(await readBytes(context, limits), limits);
  return await readSmall(context.req.raw, limits);
}

/**
 * The value by `Request.json()`, which Deno's server answers at once where all of the body is there:
 * its text or its bytes would take longer by as much as a tenth of the whole answer.
 */
async function readSmall(request: Request, { within }: BodyLimits): Promise<unknown> {
  let value: unknown;
  const reading = request.json();
  reading.then((json) => value = json, () => {});
  await null;
  // To watch over a body takes as long as a forecast.
  if (value !== undefined) return value;
  return await within(reading.catch((error) => {
    if (error instanceof SyntaxError) throw noJson(error);
    breakOff();
  }));
}

/** Whether a body says that it is small, and so may be read at once. */
function isSmall(context: Context, { maxBytes }: BodyLimits): boolean {
  const length = context.req.header("content-length");
  if (Number(length) > maxBytes) throw tooLong(maxBytes);
  return length !== undefined && Number(length) <= SMALL_BODY;
}

/**
 * The JSON value that bytes hold.
 *
 * @throws {Problem} As {@linkcode readJson}.
 */
export function parseJson(
  bytes: Uint8Array | ArrayBuffer,
  limits: Pick<BodyLimits, "maxRecords">,
): unknown {
  if (bytes.byteLength > SMALL && countValues(bytes) > VALUES_PER_RECORD * limits.maxRecords) {
    throw new Problem(
      413,
      `Expected at most ${limits.maxRecords} records in a request, but found more values than ` +
        "these have. Send fewer at a time, or stream them to /predict/batch.",
    );
  }
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw noJson(error as SyntaxError);
  }
}

function noJson({ message }: SyntaxError): Problem {
  const found = message === "Unexpected end of JSON input"
    ? "it is empty or ends too early"
    : /^Unexpected token '\ufeff', "\ufeff/.test(message)
    ? "it begins with a byte order mark, which JSON does not have"
    : `it cannot be read: ${message}`;
  return new Problem(400, `Expected JSON as the body, but ${found}.`);
}

/** Bytes of a body that makes few values, whatever is in it. */
const SMALL = 2 ** 20;

/** A record has 17 fields; some more are told one by one. */
const VALUES_PER_RECORD = 32;

/**
 * How many values JSON has at most, counted before they are made: those of 16 MiB of `{},{},` would
 * take half a gigabyte.
 */
function countValues(body: Uint8Array | ArrayBuffer): number {
  const bytes = new Uint8Array(body);
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === COMMA || byte === BRACKET || byte === BRACE) count++;
  }
  return count;
}

const COMMA = 0x2c, BRACKET = 0x5b, BRACE = 0x7b;

/**
 * Complains where the body is not of a media type in UTF-8, without compression.
 *
 * @throws {Problem} 415.
 */
export function requireType(context: Context, ...types: string[]): string {
  const header = context.req.header("content-type");
  // As nearly all requests have it.
  const isPlain = header !== undefined && types.includes(header);
  const type = isPlain ? header : readType(header, types);
  refuseCompression(context);
  return type;
}

/** @throws {Problem} 415 where a header names none of the types, or text that is not UTF-8. */
function readType(header: string | undefined, types: string[]): string {
  const expected = `Expected a body of content-type ${types.join(" or ")}`;
  if (header === undefined) throw new Problem(415, `${expected}, but found none.`);
  const [type = "", ...parameters] = header.toLowerCase().split(";").map((part) => part.trim());
  if (!types.includes(type)) {
    throw new Problem(415, `${expected}, but found ${JSON.stringify(type.slice(0, 60))}.`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  if (charset !== undefined && !/^charset="?(utf-?8|us-ascii)"?$/.test(charset)) {
    throw new Problem(415, `Expected text in UTF-8, but found ${charset.slice(0, 60)}.`);
  }
  return type;
}

/** @throws {Problem} 415 where a body is compressed. */
export function refuseCompression(context: Context): void {
  const encoding = context.req.header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") {
    throw new Problem(
      415,
      `Expected a body without compression, but found the content-encoding ${
        JSON.stringify(encoding.slice(0, 60))
      }.`,
    );
  }
}

/** Ends the reading of a body that ends before its end; nobody may be left to know. */
export function breakOff(): never {
  throw new Problem(400, "Expected the whole body, but it broke off.");
}

/** So many bytes cost no more than their connection: they take no room. */
const SMALL_BODY = 2 ** 16;

/**
 * In how many parts a body may come, beside one for each so many bytes. Each costs as much as a
 * forecast, and HTTP lets a client send every byte as one.
 */
const MOST_PARTS = 1_000, LEAST_PART = 500;

/**
 * The bytes of a request's body.
 *
 * @throws {Problem} 413 where it is too long, 429 where there is no room for it, 408 where it does not
 *   arrive, 400 where it breaks off or comes in too many parts.
 */
export async function readBytes(
  context: Context,
  limits: BodyLimits,
): Promise<Uint8Array<ArrayBuffer> | ArrayBuffer> {
  const { raw } = context.req;
  if (!isSmall(context, limits)) {
    return raw.body === null ? new Uint8Array(0) : await readParts(raw, limits);
  }
  // Faster than in parts; the server holds a body to the length that its headers say.
  return await limits.within(raw.arrayBuffer().catch(breakOff));
}

async function readParts(
  request: Request,
  { maxBytes, within, room }: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  // Not a list of parts: a client may send each byte as one.
  let bytes = new Uint8Array(SMALL_BODY), total = 0, parts = 0;
  const reader = request.body!.getReader();
  const takeTurns = createTurns();
  let isOver = false, refusal: unknown;
  const readAll = async () => {
    for (;;) {
      const { value, done } = await reader.read().catch(breakOff);
      if (done && refusal) throw refusal;
      if (done) return bytes.subarray(0, total);
      await takeTurns();
      // Asked here, after others had their turn: room taken after the answer is never given back.
      if (isOver) return bytes;
      const before = total;
      total += value.length;
      if (++parts > MOST_PARTS + total / LEAST_PART) {
        throw new Problem(
          400,
          `Expected a body in parts of at least ${LEAST_PART} bytes, but found ${total} bytes in ` +
            `${parts}. Send it in one.`,
        );
      }
      if (total > maxBytes) throw tooLong(maxBytes);
      if (refusal) continue;
      try {
        // What has come, not what was announced: who sends nothing is to hold nothing.
        room.take(request, value.length);
      } catch (error) {
        // Told at the end of the body: a connection that is closed before may lose it.
        refusal = error;
        room.free(request);
        bytes = new Uint8Array(0);
        continue;
      }
      if (total > bytes.length) {
        const longer = new Uint8Array(Math.max(total, Math.min(2 * bytes.length, maxBytes)));
        longer.set(bytes.subarray(0, before));
        bytes = longer;
      }
      bytes.set(value, before);
    }
  };
  try {
    return await within(readAll());
  } finally {
    // What is late is not read on. Not cancelled either: Deno 2.9 would read on what has many small
    // parts, and answer nobody until its end.
    isOver = true;
  }
}

function tooLong(maxBytes: number): Problem {
  return new Problem(
    413,
    `Expected a body of at most ${maxBytes} bytes, but found more. Send fewer records at a ` +
      "time, or stream them to /predict/batch.",
  );
}

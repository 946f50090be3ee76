import { Problem } from "../problem.ts";
import { breakOff } from "../read_body.ts";
import { createTurns } from "../turns.ts";
import type { BatchFormat } from "./batch.ts";

/**
 * Bytes that wait for a client that does not read yet: many send everything before they read
 * anything.
 */
const MOST_WAITING = 16 * 2 ** 20;

/** So many bytes of the input have to come in a time: a few clients could hold all streams else. */
const LEAST_PART = 1024;

/** What a stream of forecasts is told beside its input. */
export interface StreamOptions {
  /** Seconds until the next kilobyte of the input has to come, or the client has to read on. */
  timeout: number;
  /** Told once when the stream is over, however it ends, how many forecasts were made. */
  onEnd: (predicted: number) => void;
}

/**
 * Forecasts a stream of records, piece by piece: whatever its length, a few pieces of it are in
 * memory.
 *
 * @returns A stream of bytes, once its beginning was found good.
 * @throws {Problem} where the input's beginning is no text or cannot be forecast, or does not come.
 */
export async function batchStream(
  body: ReadableStream<Uint8Array>,
  format: BatchFormat,
  { timeout, onEnd }: StreamOptions,
): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const read = createPartReader(reader, timeout);
  const decoder = new TextDecoder();
  let begun = false, isLast = false, ended = false, predicted = 0;
  let stuck: ReturnType<typeof setTimeout> | undefined;
  let waiting: string | undefined;
  try {
    waiting = await next();
    if (waiting === undefined) {
      throw new Problem(400, "Expected records as the body, but it is empty.");
    }
  } catch (error) {
    end();
    throw error;
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(stuck);
      try {
        const text = waiting ?? await next();
        waiting = undefined;
        if (text !== undefined) controller.enqueue(encoder.encode(text));
        else if (controller.desiredSize === MOST_WAITING) {
          // Not before all was read: who does not read holds its place.
          controller.close();
          return end();
        }
      } catch (error) {
        controller.error(error);
        return end();
      }
      if (ended) return;
      stuck = setTimeout(() => {
        controller.error(new Error("The client has stopped reading."));
        end();
      }, 1000 * timeout);
    },
    cancel: end,
  }, { highWaterMark: MOST_WAITING, size: (chunk) => chunk!.byteLength });

  /** What goes out next; `undefined` at the end. */
  async function next(): Promise<string | undefined> {
    while (!isLast) {
      let text: string;
      try {
        const piece = await read();
        isLast = piece === undefined;
        const made = format.next(decoder.decode(piece, { stream: !isLast }), isLast);
        predicted += made.predicted;
        text = made.text;
      } catch (error) {
        if (!begun || !(error instanceof Problem)) throw error;
        isLast = true;
        text = format.fail(error.message);
      }
      if (text === "") continue;
      begun = true;
      return text;
    }
    return undefined;
  }

  function end(): void {
    if (ended) return;
    ended = true;
    clearTimeout(stuck);
    // The input is left alone, not cancelled: Deno 2.9 would read on what has many small parts, and
    // answer nobody until its end.
    onEnd(predicted);
  }
}

const encoder = new TextEncoder();

/**
 * Makes a function that waits for the next piece of a body, `undefined` at its end.
 *
 * @param timeout In seconds, of waiting alone, for each {@linkcode LEAST_PART}.
 */
function createPartReader(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  timeout: number,
): () => Promise<Uint8Array | undefined> {
  let left = 1000 * timeout, bytes = 0;
  const takeTurns = createTurns();
  return async () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `Expected the next part of the body within ${timeout} s, but none came.`;
        reject(new Problem(408, message));
      }, left);
    });
    const start = performance.now();
    try {
      const { value } = await Promise.race([reader.read().catch(breakOff), late]);
      left -= performance.now() - start;
      // Many small parts that are there already would keep others from theirs.
      if (value && value.length < LEAST_PART) await takeTurns();
      bytes += value?.length ?? 0;
      if (bytes >= LEAST_PART) [left, bytes] = [1000 * timeout, 0];
      return value;
    } finally {
      clearTimeout(timer);
    }
  };
}

import { Problem } from "../problem.ts";
import { othersTurn } from "../turns.ts";
import type { BatchFormat } from "./batch.ts";
import { createBlockReader } from "./block_reader.ts";

/** Bytes of the answer that wait for a client that reads, beside the block that goes out next. */
const WAITING = 2 ** 16;

/**
 * Bytes that wait for a client that does not read yet: many send everything before they read
 * anything.
 */
const MOST_WAITING = 16 * 2 ** 20;

/** Milliseconds without reading after which a client is taken for one of those. */
const PATIENCE = 500;

/** What a stream of forecasts is told beside its input. */
export interface StreamOptions {
  /** Seconds until the next kilobyte of the input has to come, or the client has to read on. */
  timeout: number;
  /** Told once when the stream is over, however it ends, how many forecasts were made. */
  onEnd: (predicted: number) => void;
}

/**
 * Forecasts a stream of records, block by block: whatever its length, a few blocks of it are in
 * memory.
 *
 * @param body A stream of bytes, as the body of a request is.
 * @returns A stream of bytes, once its beginning was found good.
 * @throws {Problem} where the input's beginning is no text or cannot be forecast, or does not come.
 */
export async function batchStream(
  body: ReadableStream<Uint8Array>,
  format: BatchFormat,
  { timeout, onEnd }: StreamOptions,
): Promise<ReadableStream<Uint8Array>> {
  const read = createBlockReader(body, timeout);
  const decoder = new TextDecoder();
  let begun = false, isLast = false, ended = false, predicted = 0;
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  /** Bytes that waited when the client was last seen; whether it reads, and who wants to know. */
  let held = 0, isReading = true, onRead: (() => void) | undefined;
  let first: string | undefined;
  try {
    first = await next();
    if (first === undefined) {
      throw new Problem(400, "Expected records as the body, but it is empty.");
    }
  } catch (error) {
    end();
    throw error;
  }
  const stream = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    // Also called where something was added.
    pull() {
      if (waiting() >= held) return;
      held = waiting();
      isReading = true;
      onRead?.();
    },
    cancel: end,
  }, { highWaterMark: MOST_WAITING, size: (chunk) => chunk!.byteLength });
  send(first);
  return stream;

  async function send(text: string | undefined): Promise<void> {
    try {
      for (; text !== undefined && !ended; text = await next()) {
        const bytes = encoder.encode(text);
        held = waiting() + bytes.length;
        controller.enqueue(bytes);
        await room();
      }
      // Not before all was read: who does not read holds its place.
      while (!ended && waiting() > 0) await readOn();
      if (!ended) controller.close();
    } catch (error) {
      if (!ended) controller.error(error);
    }
    end();
  }

  /** What goes out next; `undefined` at the end. */
  async function next(): Promise<string | undefined> {
    while (!isLast) {
      let text: string;
      try {
        const block = await read();
        isLast = block === undefined;
        const made = format.next(decoder.decode(block, { stream: !isLast }), isLast);
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

  /** Bytes of the answer that the client has not read. */
  function waiting(): number {
    return MOST_WAITING - controller.desiredSize!;
  }

  /** Waits until there is room for another block of the answer. */
  async function room(): Promise<void> {
    while (!ended && waiting() > WAITING) {
      if (waiting() >= MOST_WAITING) await readOn();
      else if (isReading) isReading = await reads(PATIENCE);
      else return await othersTurn();
    }
  }

  /** @throws {Error} where the client does not read. */
  async function readOn(): Promise<void> {
    if (!(await reads(1000 * timeout))) throw new Error("The client has stopped reading.");
  }

  /** Waits until the client reads, and tells whether it does in a time, in milliseconds. */
  function reads(time: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time, false);
      onRead = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  function end(): void {
    if (ended) return;
    ended = true;
    onRead?.();
    // The input is left alone, not cancelled: Deno 2.9 would read on what has many small parts, and
    // answer nobody until its end.
    onEnd(predicted);
  }
}

const encoder = new TextEncoder();

import { Problem } from "../problem.ts";
import type { BatchFormat } from "./batch.ts";
import { createRecordCutter } from "./record_cutter.ts";

/** Most characters of a record. */
const LONGEST_RECORD = 2 ** 20;

/**
 * Bytes that wait for a client that does not read yet: many send everything before they read
 * anything.
 */
const MOST_WAITING = 16 * 2 ** 20;

/** What a stream of forecasts is told beside its input. */
export interface StreamOptions {
  /** Seconds until the next part of the input has to come, or the client has to read on. */
  timeout: number;
  /** Told of records as they are forecast. */
  onPredicted: (count: number) => void;
  /** Told once when the stream is over, however it ends. */
  onEnd: () => void;
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
  { timeout, onPredicted, onEnd }: StreamOptions,
): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const cutter = createRecordCutter({
    longest: LONGEST_RECORD,
    ...format.quote && { quote: format.quote },
  });
  const parts = outgoing();
  let ended = false, stuck: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(stuck);
    if (!ended) onEnd();
    ended = true;
    reader.cancel().catch(() => {});
  };
  let first: IteratorResult<string>;
  try {
    first = await parts.next();
  } catch (error) {
    end();
    throw error;
  }
  let waiting: IteratorResult<string> | undefined = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(stuck);
      try {
        const { value, done } = waiting ?? await parts.next();
        waiting = undefined;
        if (done) {
          controller.close();
          return end();
        }
        if (value !== "") controller.enqueue(encoder.encode(value));
        else return this.pull!(controller);
        stuck = setTimeout(() => {
          controller.error(new Error("The client has stopped reading."));
          end();
        }, 1000 * timeout);
      } catch (error) {
        controller.error(error);
        end();
      }
    },
    cancel: end,
  }, { highWaterMark: MOST_WAITING, size: (chunk) => chunk!.byteLength });

  async function* outgoing(): AsyncGenerator<string, void> {
    let begun = false;
    const forward = (text: string): string => {
      if (text === "") return "";
      let head = "", rest = text;
      if (!begun) {
        ({ head, rest } = format.begin(text));
        begun = true;
      }
      const { text: out, predicted } = format.next(rest);
      onPredicted(predicted);
      return head + out;
    };
    const decoder = new TextDecoder();
    for (;;) {
      let piece: Uint8Array | undefined;
      try {
        piece = await readWithin(reader, timeout);
      } catch (error) {
        if (!begun || !(error instanceof Problem)) throw error;
        yield format.fail(error.message);
        return;
      }
      const text = decoder.decode(piece, { stream: piece !== undefined });
      if (!begun) requireText(text);
      let whole: string;
      try {
        whole = cutter.cut(text);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        const message = `${error.message}. Look for a quotation mark that is not closed.`;
        if (!begun) throw new Problem(422, message);
        yield format.fail(message);
        return;
      }
      yield forward(whole);
      if (piece === undefined) break;
    }
    const rest = cutter.rest();
    yield forward(rest);
    if (!begun) throw new Problem(400, "Expected records as the body, but it is empty.");
  }
}

const encoder = new TextEncoder();

/** Complains of what is no text: zero bytes, or many that are no UTF-8. */
function requireText(text: string): void {
  if (!/[\0\ufffd]/.test(text)) return;
  throw new Problem(
    400,
    text.includes("\0")
      ? "Expected text in UTF-8, but found zero bytes: another encoding such as UTF-16, or no text."
      : "Expected text in UTF-8, but found bytes that are none. Save the file as UTF-8.",
  );
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  timeout: number,
): Promise<Uint8Array | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `Expected the next part of the body within ${timeout} s, but none came.`;
      reject(new Problem(408, message));
    }, 1000 * timeout);
  });
  try {
    return (await Promise.race([reader.read(), late])).value;
  } finally {
    clearTimeout(timer);
  }
}

import { Problem } from "../problem.ts";
import { breakOff } from "../read_body.ts";
import { createTurns, othersTurn } from "../turns.ts";

/** Most bytes of a block, some 900 rows: for so long, others do not have their turn. */
const BLOCK = 2 ** 16;

/**
 * Most bytes that are asked for at once. While an answer goes out, Deno 2.9 reads ahead a few times as
 * many in each turn, which it keeps without bound (denoland/deno#36869): asked for a whole block at
 * once, it is soon the whole input.
 */
const PART = 2 ** 12;

/** So many bytes of the input have to come in a time: a few clients could hold all streams else. */
const LEAST_PART = 1024;

/**
 * Makes a function that waits for the next block of a body: of what is there without waiting, a
 * bounded part.
 *
 * @param timeout In seconds, of waiting alone, for each kilobyte.
 * @returns The block, whose memory the next one takes; `undefined` at the body's end. It throws a
 *   {@linkcode Problem} where the body breaks off or nothing comes in time.
 *
 * @example
 * ```ts
 * import { createBlockReader } from "./block_reader.ts";
 * const read = createBlockReader(new Blob(["1,2\n"]).stream(), 10);
 * console.log((await read())!.length, await read()); // 4 undefined
 * ```
 */
export function createBlockReader(
  body: ReadableStream<Uint8Array>,
  timeout: number,
): () => Promise<Uint8Array | undefined> {
  const reader = readerOf(body);
  const block = new Uint8Array(BLOCK);
  let memory = new ArrayBuffer(PART);
  /** What was asked for last, unless it was taken. */
  let asked: Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> | undefined;
  const takeTurns = createTurns();
  let left = 1000 * timeout, bytes = 0;
  return async () => {
    let part: Awaited<ReturnType<typeof ask>> | void = await inTime(ask());
    const turn = othersTurn();
    let filled = 0;
    while (part && !part.done) {
      const { value } = part;
      block.set(value, filled);
      filled += value.length;
      memory = value.buffer;
      asked = undefined;
      // Many small parts that are there already would keep others from theirs.
      if (value.length < LEAST_PART) await takeTurns();
      if (filled > BLOCK - PART) break;
      // Where it fails, what came before is still good: the next call tells.
      part = await Promise.race([ask(), turn]).catch(() => {});
    }
    bytes += filled;
    if (bytes >= LEAST_PART) [left, bytes] = [1000 * timeout, 0];
    return filled === 0 ? undefined : block.subarray(0, filled);
  };

  function ask() {
    return asked ??= reader.read(new Uint8Array(memory)).catch(breakOff);
  }

  async function inTime<Value>(promise: Promise<Value>): Promise<Value> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `Expected the next part of the body within ${timeout} s, but none came.`;
        reject(new Problem(408, message));
      }, Math.max(left, 0));
    });
    const start = performance.now();
    try {
      return await Promise.race([promise, late]);
    } finally {
      left -= performance.now() - start;
      clearTimeout(timer);
    }
  }
}

/** Reads as many bytes as it is asked for. */
function readerOf(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    // Such as a body that was there in one piece before the request was handled.
    return byteStream(body).getReader({ mode: "byob" });
  }
}

function byteStream(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      let { value, done } = await reader.read();
      while (!done && value!.length === 0) ({ value, done } = await reader.read());
      if (value) return controller.enqueue(value as Uint8Array<ArrayBuffer>);
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}

/** Lines for whoever watches the server. */
export interface Log {
  /** @param line Without the newline. */
  write: (line: string) => void;
  /** Writes what has not been written yet. */
  flush: () => void;
}

/** Milliseconds that a line waits for others: one write for many requests costs each of them little. */
const WAIT = 100;

/** Bytes that wait at most. */
const MOST_WAITING = 2 ** 16;

const NEWLINE = 0x0a;

/**
 * Makes a log that writes several lines at a time.
 *
 * @param output Such as `Deno.stdout`.
 */
export function createLog(output: { writeSync(bytes: Uint8Array): number }): Log {
  const encoder = new TextEncoder();
  // Not strings, which the garbage collector would copy while they wait.
  const waiting = new Uint8Array(MOST_WAITING);
  let used = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const writeAll = (bytes: Uint8Array) => {
    try {
      while (bytes.length > 0) bytes = bytes.subarray(output.writeSync(bytes));
    } catch {
      // Whoever read the log is gone: no reason to stop serving.
    }
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    writeAll(waiting.subarray(0, used));
    used = 0;
  };
  return {
    write(line) {
      // A character takes three bytes at most.
      const most = 3 * line.length + 1;
      if (used + most > MOST_WAITING) flush();
      if (most > MOST_WAITING) return writeAll(encoder.encode(line + "\n"));
      used += encoder.encodeInto(line, waiting.subarray(used)).written;
      waiting[used++] = NEWLINE;
      timer ??= setTimeout(flush, WAIT);
    },
    flush,
  };
}

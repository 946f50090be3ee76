/** Lines for whoever watches the server. */
export interface Log {
  /** @param line Without the newline. */
  write: (line: string) => void;
  /** Writes what has not been written yet. */
  flush: () => void;
}

/** Milliseconds that a line waits for others: one write for many requests costs each of them little. */
const WAIT = 100;

/** Characters that wait at most. */
const MOST_WAITING = 2 ** 16;

/**
 * Makes a log that writes several lines at a time.
 *
 * @param output Such as `Deno.stdout`.
 */
export function createLog(output: { writeSync(bytes: Uint8Array): number }): Log {
  const encoder = new TextEncoder();
  let waiting = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    let bytes = encoder.encode(waiting);
    waiting = "";
    try {
      while (bytes.length > 0) bytes = bytes.subarray(output.writeSync(bytes));
    } catch {
      // Whoever read the log is gone: no reason to stop serving.
    }
  };
  return {
    write(line) {
      waiting += line + "\n";
      if (waiting.length >= MOST_WAITING) flush();
      else timer ??= setTimeout(flush, WAIT);
    },
    flush,
  };
}

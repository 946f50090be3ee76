/** A line on the terminal that says how far a long step has come. */
export interface Progress {
  /** Work done so far, in the unit of `total`. */
  update(done: number): void;
  /** Removes the line. Safe to call twice. */
  end(): void;
}

/**
 * A progress bar on stderr: label, bar, count, time left. Silent where stderr is not a terminal, so
 * that logs and pipes stay clean.
 *
 * @example
 * ```ts
 * import { startProgress } from "./progress.ts";
 * const progress = startProgress("rf", 100, "trees");
 * for (let tree = 1; tree <= 100; tree++) progress.update(tree);
 * progress.end();
 * ```
 */
export function startProgress(label: string, total: number, unit: string): Progress {
  if (!Deno.stderr.isTerminal()) return { update() {}, end() {} };
  const encoder = new TextEncoder();
  const write = (text: string) => Deno.stderr.writeSync(encoder.encode(text));
  const start = performance.now();
  let drawn = 0;
  return {
    update(done) {
      const now = performance.now();
      // Ten lines a second are enough for eyes, and cost nothing.
      if (done < total && now - drawn < 100) return;
      drawn = now;
      write(`\r\x1b[K${progressLine(label, done, total, unit, (now - start) / 1000)}`);
    },
    end() {
      write("\r\x1b[K");
    },
  };
}

/** What {@linkcode startProgress} draws; `elapsed` in seconds. */
export function progressLine(
  label: string,
  done: number,
  total: number,
  unit: string,
  elapsed: number,
): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const width = 24;
  const filled = Math.round(share * width);
  const bar = "█".repeat(filled) + "░".repeat(width - filled);
  const left = done > 0 && done < total
    ? `, ${Math.ceil(elapsed / done * (total - done))} s left`
    : "";
  return `${label} ${bar} ${done}/${total} ${unit}${left}`;
}

import process from "node:process";

declare const gc: () => void;

/**
 * Starts to watch how much memory this process takes; needs V8's `--expose-gc`.
 *
 * @returns Tells the most that was taken at once beyond what was in use at the start, in MB.
 *
 * @example
 * ```ts
 * import { watchMemory } from "./memory.ts";
 * const peak = watchMemory();
 * const columns = new Float64Array(1e6).fill(1);
 * console.log(peak(), columns.length); // about 8
 * ```
 */
export function watchMemory(): () => number {
  gc();
  // Arrays are given back on a thread of their own; the next collection waits for it.
  gc();
  // The system keeps only the highest mark since the process began. Ballast brings what is in use
  // now up to the mark, so that anything more raises it.
  const ballast: Uint8Array[] = [];
  for (let missing = 1; missing > 0;) {
    missing = highest() - Deno.memoryUsage().rss;
    if (missing > 0) ballast.push(new Uint8Array(missing).fill(1));
  }
  const start = highest();
  return () => {
    const peak = highest() - start;
    // Also keeps it from being collected before.
    ballast.length = 0;
    return peak / 1e6;
  };
}

/** The most memory this process ever had in use, in bytes. */
function highest(): number {
  return process.resourceUsage().maxRSS * 1024;
}

import { Problem } from "../problem.ts";

/** Cuts text that comes in pieces where a record ends. */
export interface RecordCutter {
  /**
   * @param piece What comes next.
   * @returns All whole records that were not returned before, ending in a line break, or "".
   * @throws {Problem} 422 where a record is longer than the cutter takes.
   */
  cut(piece: string): string;
  /** As `cut`, but one record at most. */
  cutOne(piece: string): string;
  /** What is left: the last record where no line break ends it, or "". */
  rest(): string;
}

/** What a {@linkcode RecordCutter} has to know. */
export interface CutterOptions {
  /** Most characters of a record: a quote that is never closed must not fill the memory. */
  longest: number;
  /** Characters that part cells, which may be quoted; none where there are no cells. */
  delimiters?: string;
}

/**
 * Makes a cutter for lines, or for the records of a CSV file, which may hold line breaks between
 * quotes. Lines end in LF, CRLF or CR. As `csvRows()` has it, a quote counts where a cell begins, and
 * within a cell that began with one.
 *
 * @example
 * ```ts
 * import { createRecordCutter } from "./record_cutter.ts";
 * const cutter = createRecordCutter({ longest: 1000, delimiters: "," });
 * console.log(JSON.stringify(cutter.cut('a,"x\ny"\nb,'))); // "a,\"x\ny\"\n"
 * console.log(cutter.rest()); // b,
 * ```
 */
export function createRecordCutter({ longest, delimiters }: CutterOptions): RecordCutter {
  let pending = "";
  /** Up to where `pending` was looked through, whether quotes are open there, where they closed. */
  let seen = 0, open = false, closed = -1;
  return {
    cut: (piece) => take(piece, false),
    cutOne: (piece) => take(piece, true),
    rest: () => pending,
  };

  function take(piece: string, one: boolean): string {
    if (pending.length > longest) {
      throw new Problem(
        422,
        `Expected records of at most ${longest} characters, but found more.` +
          (delimiters === undefined ? "" : " Look for a quotation mark that is not closed."),
      );
    }
    pending += piece;
    const hasQuotes = delimiters !== undefined && (open || pending.includes('"', seen));
    const end = one || hasQuotes ? scan(one) : lastBreak();
    const whole = pending.slice(0, end);
    pending = pending.slice(end);
    seen -= end;
    closed -= end;
    return whole;
  }

  /** Where the last line break ends, without quotes. */
  function lastBreak(): number {
    // A CR at the end may be the first half of a CRLF: it is looked at again.
    const bare = pending.length < 2 ? -1 : pending.lastIndexOf("\r", pending.length - 2);
    const end = Math.max(pending.lastIndexOf("\n"), bare);
    const start = seen;
    seen = pending.length - (pending.endsWith("\r") ? 1 : 0);
    return end < start ? 0 : end + 1;
  }

  /** Where the last whole record ends, or the first. */
  function scan(one: boolean): number {
    let end = 0, i = seen;
    for (; i < pending.length && !(one && end > 0); i++) {
      const code = pending.charCodeAt(i);
      if (open) {
        if (code !== QUOTE) continue;
        open = false;
        closed = i;
      } else if (code === QUOTE) {
        // One right behind another stands for itself.
        open = delimiters !== undefined && (i === end || i === closed + 1 || isParted(i));
      } else if (code === LF) end = i + 1;
      else if (code === CR) {
        if (i === pending.length - 1) break;
        if (pending.charCodeAt(i + 1) !== LF) end = i + 1;
      }
    }
    seen = i;
    return end;
  }

  function isParted(i: number): boolean {
    const before = pending[i - 1]!;
    return delimiters!.includes(before) || before === "\n" || before === "\r";
  }
}

const QUOTE = '"'.charCodeAt(0), LF = 10, CR = 13;

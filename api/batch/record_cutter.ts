/** Cuts text that comes in pieces where a record ends. */
export interface RecordCutter {
  /**
   * @param piece What comes next.
   * @returns All whole records that were not returned before, ending in a line break, or "".
   * @throws {RangeError} where a record is longer than the cutter takes.
   */
  cut(piece: string): string;
  /** What is left at the end: the last record where no line break ends it, or "". */
  rest(): string;
}

/**
 * Makes a cutter for lines, or for the records of a CSV file, which may hold line breaks between
 * quotes. Lines end in LF, CRLF or, where there is no LF, in a bare CR.
 *
 * @param quote The quotation mark; none for plain lines.
 * @param longest Most characters of a record: a quote that is never closed must not fill the memory.
 *
 * @example
 * ```ts
 * import { createRecordCutter } from "./record_cutter.ts";
 * const cutter = createRecordCutter({ quote: '"', longest: 1000 });
 * console.log(JSON.stringify(cutter.cut('a,"x\ny"\nb,'))); // "a,\"x\ny\"\n"
 * console.log(cutter.rest()); // b,
 * ```
 */
export function createRecordCutter(
  { quote, longest }: { quote?: '"'; longest: number },
): RecordCutter {
  let pending = "";
  /** Up to where `pending` was looked through, and whether quotes are open there. */
  let seen = 0, open = false;
  return {
    cut(piece) {
      pending += piece;
      let end = -1, bare = -1;
      if (quote !== undefined && (open || pending.includes(quote, seen))) {
        for (let i = seen; i < pending.length; i++) {
          const code = pending.charCodeAt(i);
          if (code === QUOTE) open = !open;
          else if (!open && code === LF) end = i;
          else if (!open && code === CR) bare = i;
        }
      } else {
        end = pending.lastIndexOf("\n");
        bare = pending.lastIndexOf("\r");
        // What was looked through before may have line breaks between quotes.
        if (end < seen) end = -1;
        if (bare < seen) bare = -1;
      }
      seen = pending.length;
      // A CR at the end may be the first half of a CRLF.
      if (end < 0 && bare >= 0 && bare < pending.length - 1) end = bare;
      const whole = pending.slice(0, end + 1);
      pending = pending.slice(end + 1);
      seen -= end + 1;
      if (pending.length > longest) {
        throw new RangeError(`Expected records of at most ${longest} characters, but found more`);
      }
      return whole;
    },
    rest: () => pending,
  };
}

const QUOTE = '"'.charCodeAt(0), LF = 10, CR = 13;

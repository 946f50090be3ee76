import { UserError } from "../errors.ts";

const LF = 10, CR = 13, COMMA = 44, QUOTE = 34, NUL = 0;

/**
 * Makes a CSV file as it comes in the wild plain: no byte order mark, LF line ends (from CRLF or bare
 * CR), no blank lines at the end, and the same number of fields in every line.
 *
 * @param path Named in messages.
 * @throws {UserError} for an empty file, one that is not UTF-8 text, an unclosed quote, or a line with
 *   more or fewer fields than the header.
 *
 * @example
 * ```ts
 * import { normalizeCsv } from "./csv_text.ts";
 * const bytes = new TextEncoder().encode("\uFEFFStore,Type\r1,A\r\r");
 * console.log(new TextDecoder().decode(normalizeCsv(bytes, "stores.csv"))); // "Store,Type\n1,A\n"
 * ```
 */
export function normalizeCsv(bytes: Uint8Array, path: string): Uint8Array {
  if (bytes[0] === 0xff && bytes[1] === 0xfe || bytes[0] === 0xfe && bytes[1] === 0xff) {
    throw new UserError(`${path} is UTF-16 text. Save it as CSV in UTF-8 and run again.`);
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const result = new Uint8Array(bytes.length - start + 1);
  let length = 0;
  let line = 1, fields = 1, expected = 0, quoted = false, quoteLine = 0, blankFrom = -1;

  const endLine = (lineStart: number) => {
    if (length === lineStart) {
      // Blank lines may end the file; in the middle they are lines with too few fields.
      if (blankFrom < 0) blankFrom = line;
    } else {
      if (expected === 0) expected = fields;
      const wrong = blankFrom >= 0 && expected > 1 ? blankFrom : fields !== expected ? line : 0;
      if (wrong > 0) {
        const found = wrong === line ? fields : 0;
        throw new UserError(
          `${path}, line ${wrong}: expected ${expected} fields as in the header, but found ${found}. ` +
            "Correct the line and run again.",
        );
      }
      result[length++] = LF;
    }
    line++;
    fields = 1;
  };

  let lineStart = 0;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === NUL) {
      throw new UserError(`${path} is not text: it holds a zero byte in line ${line}.`);
    }
    if (!quoted && (byte === LF || byte === CR)) {
      if (byte === CR && bytes[i + 1] === LF) i++;
      endLine(lineStart);
      lineStart = length;
      continue;
    }
    if (byte === QUOTE) {
      quoted = !quoted;
      quoteLine = line;
    } else if (byte === COMMA && !quoted) fields++;
    result[length++] = byte;
  }
  if (quoted) {
    throw new UserError(`${path}, line ${quoteLine}: a quote (") is opened but never closed.`);
  }
  if (length > lineStart) endLine(lineStart);
  if (length === 0) {
    throw new UserError(`${path} is empty. Expected a header line and rows of data.`);
  }
  const text = result.subarray(0, length);
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch {
    throw new UserError(`${path} is not UTF-8 text. Save it as CSV in UTF-8 and run again.`);
  }
  return text;
}

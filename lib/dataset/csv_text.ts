import { UserError } from "../errors.ts";

const NUL = 0, LF = 10, CR = 13, SPACE = 32, QUOTE = 34, COMMA = 44;

/** A character that no normalized text holds: for readers that insist on a quote. */
export const NO_QUOTE = "\x01";

/**
 * Makes a CSV file as it comes in the wild plain: no byte order mark, LF line ends (from CRLF or bare
 * CR), no blank lines at the end, the same number of fields in every line, and no quoting: a quoted
 * field loses its quotes, and commas and line ends inside become blanks. None of our columns holds
 * such text; other columns are let through and left out later.
 *
 * @param path Named in messages.
 * @throws {UserError} for an empty file, one that is not UTF-8 text, a quoted field that does not end
 *   well, or a line with more or fewer fields than the header.
 *
 * @example
 * ```ts
 * import { normalizeCsv } from "./csv_text.ts";
 * const bytes = new TextEncoder().encode("\uFEFFStore,Type\r1,A\r\r");
 * console.log(new TextDecoder().decode(normalizeCsv(bytes, "stores.csv"))); // "Store,Type\n1,A\n"
 * ```
 */
export function normalizeCsv(bytes: Uint8Array, path: string): Uint8Array {
  checkEncoding(bytes, path);
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const result = new Uint8Array(bytes.length - start + 1);
  let length = 0, line = 1, lineStart = 0, fields = 1, expected = 0, blankLine = 0;
  // A quote opens a field only at its very start; anywhere else it is a character like others.
  let fieldStart = true, quoteLine = 0;

  const endLine = () => {
    if (length === lineStart && fields === 1) {
      // Blank lines may end the file; in the middle they are lines with too few fields.
      blankLine ||= line;
    } else {
      if (blankLine) throw wrongFields(path, blankLine, expected, 0);
      expected ||= fields;
      if (fields !== expected) throw wrongFields(path, line, expected, fields);
      result[length++] = LF;
    }
    lineStart = length;
    fields = 1;
    fieldStart = true;
  };

  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === NUL) {
      throw new UserError(
        `${path}, line ${line}: expected text, but found a zero byte. Save the table as CSV in UTF-8.`,
      );
    }
    const ends = byte === LF || byte === CR && bytes[i + 1] !== LF;
    if (quoteLine) {
      if (byte === QUOTE && bytes[i + 1] === QUOTE) result[length++] = bytes[i++]!;
      else if (byte === QUOTE) {
        quoteLine = 0;
        const next = bytes[i + 1];
        if (next !== undefined && next !== COMMA && next !== LF && next !== CR) {
          throw new UserError(
            `${path}, line ${line}: expected a comma or the line's end behind a closing quote ("), ` +
              "but found more text. Correct the line and run again.",
          );
        }
      } else result[length++] = byte === COMMA || byte === LF || byte === CR ? SPACE : byte;
      if (ends) line++;
    } else if (ends) {
      endLine();
      line++;
    } else if (byte === COMMA) {
      fields++;
      fieldStart = true;
      result[length++] = byte;
    } else if (byte === QUOTE && fieldStart) {
      quoteLine = line;
      fieldStart = false;
    } else if (byte !== CR) {
      fieldStart = false;
      result[length++] = byte === NO_QUOTE.charCodeAt(0) ? SPACE : byte;
    }
  }
  if (quoteLine) {
    throw new UserError(
      `${path}, line ${quoteLine}: a quote (") is opened but never closed. Close it and run again.`,
    );
  }
  if (length > lineStart || fields > 1) endLine();
  if (length === 0) {
    throw new UserError(`${path} is empty. Expected a header line and rows of data.`);
  }
  return result.subarray(0, length);
}

function checkEncoding(bytes: Uint8Array, path: string): void {
  let encoding = "";
  if (bytes[0] === 0xff && bytes[1] === 0xfe || bytes[0] === 0xfe && bytes[1] === 0xff) {
    encoding = "UTF-16";
  } else {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      encoding = "another encoding";
    }
  }
  if (encoding === "") return;
  throw new UserError(
    `${path}: expected text in UTF-8, but found ${encoding}. Save it as CSV in UTF-8 and run again.`,
  );
}

function wrongFields(path: string, line: number, expected: number, found: number): UserError {
  return new UserError(
    `${path}, line ${line}: expected ${expected} fields as in the header, but found ${found}. ` +
      "Correct the line and run again.",
  );
}

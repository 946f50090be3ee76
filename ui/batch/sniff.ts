/** How the text of a table is written. */
export interface TextFormat {
  encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  delimiter: string;
  newline: "\n" | "\r\n" | "\r";
}

/** What {@linkcode sniff} finds: a format, or why this is no table, in words. */
export type Sniffed = { format: TextFormat } | { problem: string };

/**
 * Finds out how a file is written, from its first bytes.
 *
 * @param head The beginning of the file, some ten thousand bytes or all of it.
 *
 * @example
 * ```ts
 * import { sniff } from "./sniff.ts";
 * const head = new TextEncoder().encode("Store;Dept\r\n1;2\r\n");
 * console.log(sniff(head));
 * // { format: { encoding: "utf-8", delimiter: ";", newline: "\r\n" } }
 * ```
 */
export function sniff(head: Uint8Array<ArrayBuffer>): Sniffed {
  if (head.length === 0) return { problem: "This file is empty. Choose one with a row in it." };
  if (head[0] === 0x50 && head[1] === 0x4b) {
    return {
      problem: "This is an Excel workbook or a ZIP archive. Save the sheet as CSV, or unpack the " +
        "archive, and choose the file that comes out.",
    };
  }
  const encoding = encodingOf(head);
  const text = new TextDecoder(encoding).decode(head, { stream: true });
  // Of what no text has: control characters other than tabs and line ends.
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x08\x0e-\x1a]/.test(text)) {
    return {
      problem: "This file holds something other than text, such as a picture or a program's own " +
        "format. Choose a CSV file.",
    };
  }
  return { format: { encoding, delimiter: delimiterOf(text), newline: newlineOf(text) } };
}

function encodingOf(head: Uint8Array<ArrayBuffer>): TextFormat["encoding"] {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** What stands most often between the names in the first line, quotes left out. */
function delimiterOf(text: string): string {
  const [line] = text.replace(/"[^"]*"/g, "").split(/\r|\n/, 1);
  const counts = [",", ";", "\t", "|"].map((each) => [each, line!.split(each).length] as const);
  return counts.reduce((best, each) => each[1] > best[1] ? each : best)[0];
}

function newlineOf(text: string): TextFormat["newline"] {
  const unquoted = text.replace(/"[^"]*"/g, "");
  if (unquoted.includes("\r\n")) return "\r\n";
  return unquoted.includes("\n") || !unquoted.includes("\r") ? "\n" : "\r";
}

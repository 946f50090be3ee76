const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;

/**
 * A cell as it can stand in a CSV file that is opened in a spreadsheet: one that would be taken for a
 * formula, in the wide letters of East Asia too, is made a text by an apostrophe, and quotes are put
 * where they are needed.
 *
 * @example
 * ```ts
 * import { safeCell } from "./safe_cell.ts";
 * console.log(safeCell("=1+1", ","), safeCell("-3", ","), safeCell("a,b", ","));
 * // '=1+1 -3 "a,b"
 * ```
 */
export function safeCell(cell: string, delimiter: string): string {
  const text = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) && !NUMBER.test(cell)
    ? `'${cell}`
    : cell;
  const needsQuotes = text.includes(delimiter) || /["\r\n]/.test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

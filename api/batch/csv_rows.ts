/**
 * The cells of whole CSV records (RFC 4180); empty lines are left out. Lines end in LF, CRLF or CR. A
 * quote counts where a cell begins, and within a cell that began with one; elsewhere it is a
 * character like others, as in Python and spreadsheets.
 *
 * @param delimiter One character that parts cells.
 *
 * @example
 * ```ts
 * import { csvRows } from "./csv_rows.ts";
 * console.log(csvRows('1;"a;b"\r\n2;5" pipe\n', ";")); // [ [ "1", "a;b" ], [ "2", '5" pipe' ] ]
 * ```
 */
export function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  if (!text.includes('"')) {
    const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    for (const line of lines.split("\n")) if (line !== "") rows.push(line.split(delimiter));
    return rows;
  }
  let row: string[] = [], at = 0;
  while (at <= text.length) {
    let cell = "";
    if (text[at] === '"') [cell, at] = readQuoted(text, at + 1);
    const start = at;
    while (at < text.length && !isEnd(text[at]!)) at++;
    row.push(cell + text.slice(start, at));
    if (text[at] !== delimiter) {
      if (row.length > 1 || row[0] !== "") rows.push(row);
      row = [];
      if (text[at] === "\r" && text[at + 1] === "\n") at++;
    }
    at++;
  }
  return rows;

  function isEnd(character: string): boolean {
    return character === delimiter || character === "\n" || character === "\r";
  }
}

/** What stands between quotes, and where the text goes on behind them. */
function readQuoted(text: string, start: number): [cell: string, at: number] {
  let cell = "";
  for (;;) {
    const end = text.indexOf('"', start);
    if (end < 0) return [cell + text.slice(start), text.length];
    cell += text.slice(start, end);
    if (text[end + 1] !== '"') return [cell, end + 1];
    cell += '"';
    start = end + 2;
  }
}

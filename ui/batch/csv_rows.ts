import Papa from "papaparse";
import type { TextFormat } from "./sniff.ts";

/** A row of a table, with the line of the file on which it begins, from 1. */
export interface Row {
  line: number;
  cells: string[];
}

/** What {@linkcode csvRows} gives at a time. */
export interface RowChunk {
  rows: Row[];
  /** Bytes of the file read so far. */
  bytes: number;
}

/**
 * The rows of a file, as many at a time as came in together; lines with nothing on them are left out.
 *
 * @param file The file; read as a stream, so that its size does not matter.
 */
export async function* csvRows(
  file: Blob,
  { encoding, delimiter, newline }: TextFormat,
): AsyncGenerator<RowChunk> {
  let rest = "", line = 1, bytes = 0;
  const decoder = new TextDecoder(encoding);
  const parse = (text: string, isLast: boolean): Row[] => {
    // With its last argument the parser leaves the last row, which may go on in the next part.
    const { data, meta } = new Parser({ delimiter, newline, quoteChar: '"' })
      .parse(text, 0, !isLast);
    rest = isLast ? "" : text.slice(meta.cursor);
    const rows: Row[] = [];
    for (const cells of data) {
      if (cells.length > 1 || cells[0]!.trim() !== "") rows.push({ line, cells });
      line++;
      for (const cell of cells) {
        // A line end within quotes.
        if (cell.includes(newline)) line += cell.split(newline).length - 1;
      }
    }
    return rows;
  };
  for await (const part of file.stream()) {
    bytes += part.length;
    const rows = parse(rest + decoder.decode(part, { stream: true }), false);
    if (rows.length > 0) yield { rows, bytes };
  }
  // Papa would take the nothing after the last line end for a row.
  const last = rest + decoder.decode();
  if (last !== "") yield { rows: parse(last, true), bytes };
}

/** Papa's parser of a text, which its types do not tell of. */
const Parser = (Papa as unknown as {
  Parser: new (config: { delimiter: string; newline: string; quoteChar: string }) => {
    parse(
      text: string,
      base: number,
      ignoreLastRow: boolean,
    ): { data: string[][]; meta: { cursor: number } };
  };
}).Parser;

import { escape } from "../escape.ts";

/** Text of a cell; `best` of those it is compared with is set off. */
export type Cell = string | { text: string; best: boolean };

/** A row: what it is of, and its cells. */
export interface Row {
  name: string;
  cells: readonly Cell[];
  /** Set off as a whole. */
  chosen?: boolean;
}

/** A table of figures or of words. */
export interface Table {
  /** One in the page, without blanks. */
  id: string;
  caption: string;
  /** Headers: of the rows' names, then of the cells. */
  columns: readonly string[];
  /** Rows, in groups that may have names. */
  groups: readonly { name?: string; rows: readonly Row[] }[];
  /** Cells hold words, which stand at the left, and not figures. */
  words?: boolean;
}

/**
 * A table as HTML, in a box of its own that scrolls where the screen is narrow, with the mouse, a
 * finger or the keyboard. All texts are escaped here.
 */
export function tableHtml({ id, caption, columns, groups, words = false }: Table): string {
  return `<div class="scroll" role="region" aria-labelledby="${escape(id)}" tabindex="0">
<table${words ? ' class="words"' : ""}>
<caption id="${escape(id)}">${escape(caption)}</caption>
<thead>
<tr>${columns.map((column) => `<th scope="col">${escape(column)}</th>`).join("")}</tr>
</thead>
${groups.map((group) => groupHtml(group, columns.length)).join("\n")}
</table>
</div>`;
}

function groupHtml({ name, rows }: Table["groups"][number], width: number): string {
  const head = name === undefined
    ? ""
    : `<tr><th class="group" scope="rowgroup" colspan="${width}">${escape(name)}</th></tr>\n`;
  return `<tbody>\n${head}${rows.map(rowHtml).join("\n")}\n</tbody>`;
}

function rowHtml({ name, cells, chosen = false }: Row): string {
  const start = chosen ? '<tr class="chosen">' : "<tr>";
  return `${start}<th scope="row">${escape(name)}</th>${cells.map(cellHtml).join("")}</tr>`;
}

function cellHtml(cell: Cell): string {
  if (typeof cell === "string") return `<td>${escape(cell)}</td>`;
  const text = escape(cell.text);
  return cell.best ? `<td><strong>${text}</strong></td>` : `<td>${text}</td>`;
}

/**
 * Cells of a column, or of a row, in which the least value is set off.
 *
 * @param values Compared as they are shown, so that all that look best are.
 */
export function leastCells(values: readonly number[], format: (value: number) => string): Cell[] {
  const least = format(values.reduce((a, b) => Math.min(a, b), Infinity));
  return values.map((value) => ({ text: format(value), best: format(value) === least }));
}

/**
 * Text as a cell of a Markdown table or a line has it: it stays text, whatever it holds.
 *
 * @example
 * ```ts
 * import { plain } from "./markdown.ts";
 * console.log(plain("a | <b>")); // "a \\| &lt;b&gt;"
 * ```
 */
export function plain(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*[\]|~]/g, "\\$&")
    .replace(/\s+/g, " ");
}

/** A name or a value in the letters of code, in a table too; as plain text where that cannot be. */
export function code(text: string): string {
  return /[`|\n]/.test(text) ? plain(text) : `\`${text}\``;
}

/**
 * A table in Markdown, its first column to the left and the others to the right.
 *
 * @param columns In Markdown, as the cells are.
 *
 * @example
 * ```ts
 * import { table } from "./markdown.ts";
 * console.log(table(["model", "WMAE"], [["rf", "1,344"]]));
 * // | model | WMAE |
 * // | :--- | ---: |
 * // | rf | 1,344 |
 * ```
 */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = columns.map((_, column) => column === 0 ? ":---" : "---:");
  return [columns, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Text as XML and HTML have it, between tags and within double quotes.
 *
 * @example
 * ```ts
 * import { escape } from "./escape.ts";
 * console.log(escape('1 < "2" & 3')); // "1 &lt; &quot;2&quot; &amp; 3"
 * ```
 */
export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

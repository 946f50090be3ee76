/**
 * An SVG file's text as part of an HTML page: its ids, and what refers to them, begin with a name of
 * the picture's own, since a page may hold each id once.
 *
 * @param svg As `renderSvg` of lib/charts makes it.
 * @param name One in the page: letters, digits and underscores.
 *
 * @example
 * ```ts
 * import { inlineSvg } from "./inline_svg.ts";
 * console.log(inlineSvg('<svg><g id="a"/><path fill="url(#a)"/></svg>', "sales"));
 * // <svg><g id="sales-a"/><path fill="url(#sales-a)"/></svg>
 * ```
 */
export function inlineSvg(svg: string, name: string): string {
  // Only within tags: texts between them may look alike.
  return svg.trimEnd().replaceAll(/<[^>]*>/g, (tag) =>
    tag
      .replace(/ id="([^"]*)"/, ` id="${name}-$1"`)
      .replace(/(href=")#/, `$1#${name}-`)
      .replaceAll("url(#", `url(#${name}-`));
}

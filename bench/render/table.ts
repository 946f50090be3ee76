import type { Spread } from "../statistics.ts";

/**
 * A table in Markdown.
 *
 * @param heads Headings; one that ends with `:` stands over numbers, and loses the colon.
 */
export function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(heads.map((head) => head.replace(/:$/, ""))),
    line(heads.map((head) => head.endsWith(":") ? "---:" : "---")),
    ...rows.map(line),
  ].join("\n");
}

/** A number with three significant digits, thousands apart. */
export function digits(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** A whole number, thousands apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Median, and in parentheses least and greatest where there was more than one run. */
export function spreadText({ median, min, max }: Spread, format = digits): string {
  return min === max ? format(median) : `${format(median)} (${format(min)}–${format(max)})`;
}

/** Whether a target is kept, as a word and the target. */
export function verdict(value: number, target: number): string {
  return value <= target ? `yes, ≤ ${digits(target)}` : `**no**, ≤ ${digits(target)}`;
}

/** As {@linkcode verdict}, for what must not be less than the target. */
export function verdictOfLeast(value: number, target: number): string {
  return value >= target ? `yes, ≥ ${digits(target)}` : `**no**, ≥ ${digits(target)}`;
}

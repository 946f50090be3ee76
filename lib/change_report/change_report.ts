import { championsSection } from "./champions_section.ts";
import { chartsSection } from "./charts_section.ts";
import { compare } from "./comparison.ts";
import { inputsSection } from "./inputs_section.ts";
import { type Links, linksSection } from "./links_section.ts";
import { metricsSection } from "./metrics_section.ts";
import type { ResultSet } from "./result_set.ts";
import { slicesSection } from "./slices_section.ts";
import { verdict } from "./verdict.ts";

/**
 * What a change does to the forecasts, as Markdown for GitHub: the verdict in the first line, then
 * figures, slices, causes, champions and charts. Ends in a newline.
 *
 * @param base Name of what it is compared with, such as `main`.
 * @param before Results of the base; `undefined` where it has none.
 * @param now Results of the change.
 */
export function changeReport(
  base: string,
  before: ResultSet | undefined,
  now: ResultSet,
  links: Links = {},
): string {
  const comparison = compare(base, before, now);
  return [
    verdict(comparison),
    metricsSection(comparison),
    slicesSection(comparison),
    inputsSection(comparison),
    championsSection(comparison),
    chartsSection(comparison),
    linksSection(comparison, links),
  ].filter((section) => section !== "").join("\n\n") + "\n";
}

import { formatChange, formatUsd } from "../evaluation/format.ts";
import { partTitle, slicingTitle } from "../report/slice_titles.ts";
import { arrow } from "./change.ts";
import { type Comparison, worseSlices } from "./comparison.ts";
import { plain, table } from "./markdown.ts";

/** More would not be read. */
const MOST = 8;

/** Parts of validation in which the chosen model got worse; nothing where none can be compared. */
export function slicesSection(comparison: Comparison): string {
  const { base, metric, margin, comparable } = comparison;
  if (!comparable) return "";
  const worse = worseSlices(comparison);
  const lines = ["### Slices that got worse", ""];
  if (worse.length === 0) return [...lines, `None by more than ${percent(margin)} %.`].join("\n");
  const measure = metric.toUpperCase();
  lines.push(table(
    ["Slice", `${measure} on ${plain(base)}`, `${measure} now`, "change", "against naive"],
    worse.slice(0, MOST).map(({ slicing, part, before, now, naive }) => [
      `${plain(slicingTitle(slicing))}: ${plain(partTitle(slicing, part))}`,
      formatUsd(before),
      formatUsd(now),
      `${arrow(now, before)} 🔴`,
      naive === undefined ? "" : formatChange(now, naive),
    ]),
  ));
  if (worse.length > MOST) lines.push("", `And ${worse.length - MOST} more, less so.`);
  return lines.join("\n");
}

/** A share in percent, without the digits that multiplying adds: 0.007 times 100 is not just 0.7. */
function percent(share: number): number {
  return Number((100 * share).toPrecision(12));
}

import { BASELINE } from "../evaluation/baseline.ts";
import { formatChange, formatUsd } from "../evaluation/format.ts";
import { direction, LIGHTS } from "./change.ts";
import { type Comparison, worseSlices } from "./comparison.ts";
import { code, plain } from "./markdown.ts";

/** The verdict in a line, as a heading, and below it what has to be known with it. */
export function verdict(comparison: Comparison): string {
  const { now } = comparison;
  const lines = [`## ${headline(comparison)}`, "", summary(comparison)];
  if (comparison.stale.length > 0) {
    lines.push(
      "",
      `The figures were made of other values of ${comparison.stale.map(code).join(", ")}. Run ` +
        "`deno task repro` and commit what it writes.",
    );
  }
  if (now.best.split === "random") {
    lines.push(
      "",
      "The split is random: the models have seen the neighbours of every validation row. These " +
        "figures tell nothing about forecasting; for that, set split.strategy to time.",
    );
  }
  return lines.join("\n");
}

function headline(comparison: Comparison): string {
  const { base, before, now, metric, margin, comparable, stale } = comparison;
  const measure = metric.toUpperCase();
  const value = now.figures[now.best.model]!.val[metric];
  const naive = now.figures[BASELINE]!.val[metric];
  if (stale.length > 0) return "🟡 Out of date: these figures are not of these parameters and data";
  if (value >= naive) {
    return `🔴 No better than last year's week: ${measure} ${formatUsd(value)}, ` +
      `the naive forecast has ${formatUsd(naive)}`;
  }
  if (!before) {
    return `⚪ First figures: ${measure} ${formatUsd(value)}; ${
      plain(base)
    } has none to compare with`;
  }
  if (!comparable) {
    return `🟡 Not comparable with ${plain(base)}: validation is over other rows. ` +
      `${measure} ${formatUsd(value)}`;
  }
  const old = before.figures[before.best.model]!.val[metric];
  const way = direction(value, old, margin);
  const worse = way === "worse" ? 0 : worseSlices(comparison).length;
  const but = worse === 0 ? "" : `, but worse in ${worse} slice${worse === 1 ? "" : "s"}`;
  return `${LIGHTS[way]} ${TITLES[way]}: ${measure} ${formatUsd(value)}, ` +
    `${inWords(formatChange(value, old))} ${plain(base)}${but}`;
}

const TITLES = { better: "Better", same: "No change that counts", worse: "Worse" };

function inWords(change: string): string {
  if (change === "0.0 %") return "as on";
  return `${change.replace(/^[+-]/, "")} ${change.startsWith("-") ? "less" : "more"} than on`;
}

function summary({ now, before, metric }: Comparison): string {
  const { model, validation } = now.best;
  const value = now.figures[model]!.val[metric];
  const naive = now.figures[BASELINE]!.val[metric];
  const chosen = before && before.best.model !== model
    ? `**${plain(model)}** is chosen now, ${plain(before.best.model)} was before`
    : `**${plain(model)}** is the chosen model`;
  return `${chosen}. On validation (${plain(validation)}) its ${metric.toUpperCase()} is ` +
    `${formatUsd(value)} USD a week; that of the same week of last year, the naive forecast, is ` +
    `${formatUsd(naive)} (${formatChange(value, naive)}).`;
}

import { type Comparison, type ComparisonFigures, RMSE_TOLERANCE } from "../results.ts";
import { growthExponent } from "../statistics.ts";
import { digits, spreadText, table, verdict, whole } from "./table.ts";

/** Paragraphs for suites that hold ours against others. */
export function renderComparisons({ table: size, comparisons }: ComparisonFigures): string[] {
  return [
    `${whole(size.train_rows)} random rows to train on, the other ${
      whole(size.test_rows)
    } to test ` +
    `on, ${size.columns} columns. Read a row as: on this many threads ours took this part of the ` +
    "peer's time, and its error on the test rows compares with the peer's like this. _categories_: " +
    "Store, Dept and Type go in as categories; _numbers_: all columns go in as numbers.",
    table([
      ...["workload", "threads:", "rows:", "peer", "input: ours / theirs", "ours s:", "theirs s:"],
      ...["ratio:", "target", "RMSE ours:", "RMSE theirs:", "RMSE"],
      ...["MB ours:", "MB theirs:"],
    ], comparisons.map(comparisonRow)),
    "RMSE, in USD, is that over the test rows of all runs, each of which draws its rows anew, the " +
    "same for both sides, so that chance evens out; ours must not be more than 1 % above the peer's. MB is the most memory " +
    "in use at once beyond the loaded table.",
    ...growthLines(comparisons),
  ];
}

function comparisonRow(
  { workload, threads, rows, ours, peer, ratio, target }: Comparison,
): string[] {
  return [
    workload,
    String(threads),
    whole(rows),
    peer.name,
    ours.input === peer.input ? ours.input : `${ours.input} / ${peer.input}`,
    spreadText(ours.seconds),
    spreadText(peer.seconds),
    spreadText(ratio),
    verdict(ratio.median, target),
    whole(ours.rmse),
    whole(peer.rmse),
    quality(ours.rmse, peer.rmse),
    ours.peak_mb ? whole(ours.peak_mb.median) : "",
    peer.peak_mb ? whole(peer.peak_mb.median) : "",
  ];
}

/** How our RMSE compares: better, within the tolerance, or worse. */
function quality(ours: number, theirs: number): string {
  const percent = `${ours < theirs ? "−" : "+"}${digits(Math.abs(ours / theirs - 1) * 100)} %`;
  if (ours <= theirs) return `better, ${percent}`;
  return ours <= RMSE_TOLERANCE * theirs ? `within 1 %, ${percent}` : `**worse**, ${percent}`;
}

/** Where the same was fitted on several numbers of rows: how time grows with them. */
function growthLines(comparisons: Comparison[]): string[] {
  if (new Set(comparisons.map(({ rows }) => rows)).size < 2) return [];
  const exponent = (side: "ours" | "peer") =>
    growthExponent(comparisons.map((each) => [each.rows, each[side].seconds.median])).toFixed(2);
  return [
    `Time grows with rows to the power of ${exponent("ours")} for ours and of ${
      exponent("peer")
    } ` +
    `for ${
      comparisons[0]!.peer.name
    }: 1 means that twice the rows take twice the time, 2 that they ` +
    "take four times as long.",
  ];
}

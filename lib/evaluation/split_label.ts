import type { SplitStrategy } from "./metrics.ts";

/**
 * The validation rows in words, for captions: `last 39 weeks`, or `random 20 % of the rows (not a
 * forecast)`.
 *
 * @param trainRows Number of training rows.
 * @param validationDays Day of each validation row; the number of different days is that of weeks.
 */
export function splitLabel(
  strategy: SplitStrategy,
  trainRows: number,
  validationDays: Int32Array,
): string {
  if (strategy === "time") {
    const weeks = new Set(validationDays).size;
    return weeks === 1 ? "last week" : `last ${weeks} weeks`;
  }
  const share = validationDays.length / (trainRows + validationDays.length);
  return `random ${Number((share * 100).toPrecision(2))} % of the rows (not a forecast)`;
}

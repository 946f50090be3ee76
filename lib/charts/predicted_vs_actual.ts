import type { TopLevelSpec } from "vega-lite";
import { AMOUNT_LABELS, chartFrame, formatCount, modelTitle } from "./theme.ts";

/** Cells along each side: some hundred to a thousand of them hold rows. */
const CELLS = 48;

/** Below about this amount the scale is straight, above it logarithmic. In USD. */
const SYMLOG_CONSTANT = 1000;

/**
 * How many rows have which actual and predicted sales: cells of a grid, coloured by the logarithm of
 * the number of rows, around the line of perfect predictions. Both axes are logarithmic on either
 * side of zero, since sales span five orders of magnitude and returns are negative.
 *
 * @param model Name of the model.
 * @param actual Sales, in USD.
 * @param predicted Predictions in the same order, in USD.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function predictedVsActual(
  model: string,
  actual: Float64Array,
  predicted: Float64Array,
  splitLabel: string,
): TopLevelSpec {
  const cells = countCells(actual, predicted);
  const domain = [cells.edges[0]!, cells.edges[CELLS]!];
  const most = Math.max(...cells.values.map(({ rows }) => rows));
  const axis = { values: powersOfTen(domain), ...AMOUNT_LABELS, labelFlush: false } as const;
  const scale = {
    type: "symlog",
    constant: SYMLOG_CONSTANT,
    domain,
    nice: false,
    zero: false,
  } as const;
  return {
    ...chartFrame(
      `Predicted against actual sales: ${modelTitle(model)}`,
      [
        `Validation: ${splitLabel}, ${formatCount(actual.length)} rows. ` +
        "Line: perfect predictions.",
      ],
      "Grid of actual against predicted weekly sales of a store's department, darker where there " +
        "are more rows; the closer to the diagonal, the better.",
    ),
    width: 480,
    height: 480,
    layer: [
      {
        data: { values: cells.values },
        mark: { type: "rect" },
        encoding: {
          x: {
            field: "x",
            type: "quantitative",
            title: "Actual sales (USD a week, logarithmic)",
            scale,
            axis,
          },
          x2: { field: "x2" },
          y: {
            field: "y",
            type: "quantitative",
            title: "Predicted sales (USD a week, logarithmic)",
            scale,
            axis,
          },
          y2: { field: "y2" },
          color: {
            field: "rows",
            type: "quantitative",
            scale: { type: "log", scheme: { name: "blues", extent: [0.2, 1] } },
            legend: {
              title: "Rows a cell",
              format: "~s",
              gradientLength: 200,
              values: [1, 10, 100, 1000, 10_000, 100_000].filter((rows) => rows <= most),
            },
          },
        },
      },
      {
        data: { values: domain.map((value) => ({ value })) },
        mark: { type: "line", color: "#d55e00", strokeWidth: 1.5, opacity: 0.8 },
        encoding: {
          x: { field: "value", type: "quantitative" },
          y: { field: "value", type: "quantitative" },
        },
      },
    ],
  };
}

/** Non-empty cells of a grid with equal steps on the symlog scale. */
function countCells(
  actual: Float64Array,
  predicted: Float64Array,
): { edges: number[]; values: { x: number; x2: number; y: number; y2: number; rows: number }[] } {
  let low = Infinity;
  let high = -Infinity;
  for (const values of [actual, predicted]) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  low = symlog(low);
  // Without any spread a grid still needs a width.
  high = Math.max(symlog(high), low + 0.1);
  const step = (high - low) / CELLS;
  const edges = Array.from({ length: CELLS + 1 }, (_, index) => inverseSymlog(low + index * step));
  const cellOf = (value: number) =>
    Math.max(0, Math.min(CELLS - 1, Math.floor((symlog(value) - low) / step)));

  const counts = new Uint32Array(CELLS * CELLS);
  for (let row = 0; row < actual.length; row++) {
    counts[cellOf(actual[row]!) * CELLS + cellOf(predicted[row]!)]!++;
  }
  const values = [];
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] === 0) continue;
    const x = Math.floor(cell / CELLS);
    const y = cell % CELLS;
    values.push({
      x: edges[x]!,
      x2: edges[x + 1]!,
      y: edges[y]!,
      y2: edges[y + 1]!,
      rows: counts[cell]!,
    });
  }
  return { edges, values };
}

function symlog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value) / SYMLOG_CONSTANT);
}

function inverseSymlog(value: number): number {
  return Math.sign(value) * Math.expm1(Math.abs(value)) * SYMLOG_CONSTANT;
}

function powersOfTen([low, high]: number[]): number[] {
  const powers = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
  return [...powers.map((power) => -power).reverse(), 0, ...powers]
    .filter((value) => value >= low! && value <= high!);
}

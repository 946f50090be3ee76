import type { TopLevelSpec } from "vega-lite";
import { type SalesGrid, SYMLOG_CONSTANT } from "../evaluation/sales_grid.ts";
import { AMOUNT_LABELS, chartFrame, formatCount, modelTitle } from "./theme.ts";

/**
 * How many rows have which actual and predicted sales: cells of a grid, coloured by the logarithm of
 * the number of rows, around the line of perfect predictions. Both axes have the grid's scale.
 *
 * @param model Name of the model.
 * @param grid Of actual and predicted sales.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function predictedVsActual(
  model: string,
  grid: SalesGrid,
  splitLabel: string,
): TopLevelSpec {
  const cells = filledCells(grid);
  const domain = [grid.edges[0]!, grid.edges.at(-1)!];
  const all = cells.reduce((sum, { rows }) => sum + rows, 0);
  const most = Math.max(...cells.map(({ rows }) => rows));
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
        `Validation: ${splitLabel}, ${formatCount(all)} rows. ` +
        "Line: perfect predictions.",
      ],
      "Grid of actual against predicted weekly sales of a store's department, darker where there " +
        "are more rows; the closer to the diagonal, the better.",
    ),
    width: 480,
    height: 480,
    layer: [
      {
        data: { values: cells },
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

/** The cells that hold rows. */
function filledCells({ edges, counts }: SalesGrid) {
  return counts.flatMap((ofActual, x) =>
    ofActual.flatMap((rows, y) =>
      rows > 0 ? [{ x: edges[x]!, x2: edges[x + 1]!, y: edges[y]!, y2: edges[y + 1]!, rows }] : []
    )
  );
}

function powersOfTen([low, high]: number[]): number[] {
  const powers = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
  return [...powers.map((power) => -power).reverse(), 0, ...powers]
    .filter((value) => value >= low! && value <= high!);
}

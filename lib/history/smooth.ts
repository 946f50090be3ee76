import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { SalesHistory } from "./sales_history.ts";

/**
 * Sales of each department, its stores by its weeks, as the matrix of least rank that comes nearest:
 * what stores have in common stays, what one store had in one week goes. Gaps are filled with the
 * series' mean times the department's course.
 *
 * @param rank At least 1; a department with no more stores keeps its sales as they are.
 * @returns In USD, series by series as {@linkcode SalesHistory.sales}; NaN in series never sold.
 *
 * @see Eckart and Young, The approximation of one matrix by another of lower rank, 1936. For these
 *   data: the winning entry of Kaggle's Walmart competition, 2014.
 *
 * @example
 * ```ts
 * import { historyOf } from "./sales_history.ts";
 * import { smooth } from "./smooth.ts";
 * const history = historyOf({
 *   length: 4,
 *   day: Int32Array.of(14645, 14652, 14645, 14652),
 *   sales: Float64Array.of(10, 20, 20, 44),
 *   features: { Store: Float64Array.of(1, 1, 2, 2), Dept: Float64Array.of(7, 7, 7, 7) },
 * });
 * console.log(smooth(history, 1)); // near 10, 20, 20, 44, and of one shape
 * ```
 */
export function smooth(history: SalesHistory, rank: number): Float64Array {
  const { weeks, stores, departments } = history;
  const smoothed = new Float64Array(stores.length * weeks).fill(NaN);
  const byDepartment = Map.groupBy(departments.keys(), (series) => departments[series]!);
  for (const series of byDepartment.values()) {
    const sold = fillGaps(history, series);
    const rows = sold.length > rank ? project(sold, rank) : sold;
    for (const [i, { number }] of sold.entries()) smoothed.set(rows[i]!.sales, number * weeks);
  }
  return smoothed;
}

interface SeriesSales {
  number: number;
  sales: Float64Array;
}

/** A course beyond this many times the usual is chance. */
const MOST_COURSE = 10;

/** Those of the series that have sold, without gaps. */
function fillGaps({ weeks, sales }: SalesHistory, series: number[]): SeriesSales[] {
  const course = new Float64Array(weeks), usual = new Float64Array(weeks);
  /** The same of means without their sign: returns may cancel sales. */
  const turnover = new Float64Array(weeks);
  const sold: (SeriesSales & { mean: number })[] = [];
  for (const number of series) {
    const own = sales.slice(number * weeks, (number + 1) * weeks);
    const known = own.filter((value) => !Number.isNaN(value));
    if (known.length === 0) continue;
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    sold.push({ number, sales: own, mean });
    for (const [week, value] of own.entries()) {
      if (Number.isNaN(value)) continue;
      course[week] = course[week]! + value;
      usual[week] = usual[week]! + mean;
      turnover[week] = turnover[week]! + Math.abs(mean);
    }
  }
  // A week that nobody sold in, or in which returns made up for sales, says nothing of the course.
  const courseOf = (week: number) =>
    usual[week]! > turnover[week]! / 2
      ? Math.max(0, Math.min(MOST_COURSE, course[week]! / usual[week]!))
      : 1;
  for (const { sales, mean } of sold) {
    for (const [week, value] of sales.entries()) {
      if (Number.isNaN(value)) sales[week] = mean * courseOf(week);
    }
  }
  return sold;
}

/** The rows' projection on the `rank` directions in which they are largest. */
function project(rows: SeriesSales[], rank: number): SeriesSales[] {
  const size = rows.length;
  const products = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      let sum = 0;
      for (const [week, value] of rows[i]!.sales.entries()) sum += value * rows[j]!.sales[week]!;
      products.set(i, j, sum);
      products.set(j, i, sum);
    }
  }
  // Eigenvalues of a symmetric matrix come in ascending order.
  const { eigenvectorMatrix } = new EigenvalueDecomposition(products, { assumeSymmetric: true });
  const directions = eigenvectorMatrix.subMatrix(0, size - 1, size - rank, size - 1);
  const projection = directions.mmul(directions.transpose());
  return rows.map(({ number, sales }, i) => {
    const projected = new Float64Array(sales.length);
    for (let j = 0; j < size; j++) {
      const share = projection.get(i, j);
      for (const [week, value] of rows[j]!.sales.entries()) projected[week]! += share * value;
    }
    return { number, sales: projected };
  });
}

/** Where to take an integrand from 0 to 1, and what each value counts. */
export interface Quadrature {
  points: Float64Array;
  /** 1 less each point, without the rounding of a subtraction. */
  rests: Float64Array;
  /** They sum to 1. */
  weights: Float64Array;
}

/**
 * Gauss-Legendre quadrature over 0 to 1: the weighted sum of a polynomial's values at `count` points
 * is its integral, exactly, up to degree `2 * count - 1`.
 *
 * @param count At least 1.
 *
 * @example
 * ```ts
 * import { gaussLegendre } from "./gauss_legendre.ts";
 * const { points, weights } = gaussLegendre(2);
 * console.log(points.reduce((sum, x, i) => sum + weights[i]! * x ** 3, 0)); // 0.25
 * ```
 */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count), rests = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // The points are the roots of the polynomial: near this cosine, then by Newton's method.
    let x = Math.cos(Math.PI * (i + 0.75) / (count + 0.5));
    for (let step = 0; step < 8; step++) {
      const { value, slope } = legendre(count, x);
      x -= value / slope;
    }
    const { slope } = legendre(count, x);
    points[i] = (1 - x) / 2;
    rests[count - 1 - i] = points[i]!;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, rests, weights };
}

/** The Legendre polynomial of a degree at `x`, between -1 and 1. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let before = 1, value = x;
  for (let n = 2; n <= degree; n++) {
    [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  }
  return { value, slope: degree * (x * value - before) / (x * x - 1) };
}

/** A line through points `[x, y]`, x rising. */
export type Curve = readonly (readonly [x: number, y: number])[];

/**
 * Height of a curve at `x`, by linear interpolation.
 *
 * @param outside Height left of the first and right of the last point; without it the curve goes on
 * level.
 */
export function heightAt(curve: Curve, x: number, outside?: number): number {
  const first = curve[0]!;
  const last = curve[curve.length - 1]!;
  if (x < first[0]) return outside ?? first[1];
  if (x > last[0]) return outside ?? last[1];
  for (let index = 1; index < curve.length; index++) {
    const [right, top] = curve[index]!;
    if (x > right) continue;
    const [left, bottom] = curve[index - 1]!;
    return bottom + (top - bottom) * ((x - left) / (right - left));
  }
  return last[1];
}

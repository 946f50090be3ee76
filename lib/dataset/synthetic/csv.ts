/**
 * A number with a fixed count of decimals, by integers: `fixed(-150, 2)` is "-1.50".
 *
 * @param units The number as a whole count of its last decimal, for example cents.
 * @param decimals 1 to 9.
 */
export function fixed(units: number, decimals: number): string {
  const digits = String(Math.abs(units)).padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  return `${units < 0 ? "-" : ""}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** A value rounded to `decimals`; NA where it is NaN. */
export function cell(value: number, decimals: number): string {
  if (Number.isNaN(value)) return "NA";
  let scale = 1;
  for (let decimal = 0; decimal < decimals; decimal++) scale *= 10;
  return fixed(Math.round(value * scale), decimals);
}

/** A flag as the data have it. */
export function flag(value: boolean): string {
  return value ? "TRUE" : "FALSE";
}

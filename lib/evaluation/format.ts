/** An amount for people, with thousands separators: whole dollars from 100 on, else cents. */
export function formatUsd(value: number): string {
  const digits = Math.abs(value) < 100 ? 2 : 0;
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Change against a reference in per cent, with its sign: `-12.0 %`; `worse` than 0. */
export function formatChange(value: number, reference: number): string {
  if (reference === 0) return value === 0 ? "0.0 %" : "worse";
  const change = (value / reference - 1) * 100;
  const text = change.toFixed(1);
  return `${change > 0 && text !== "0.0" ? "+" : ""}${text === "-0.0" ? "0.0" : text} %`;
}

/** An amount in USD, whole dollars: `$1,235`, `−$20`. */
export function dollars(value: number): string {
  const rounded = Math.round(value);
  const text = `$${Math.abs(rounded).toLocaleString("en-US")}`;
  return rounded < 0 ? `−${text}` : text;
}

/** An amount with its sign: `+$1,235`, `−$20`. */
export function signedDollars(value: number): string {
  return Math.round(value) > 0 ? `+${dollars(value)}` : dollars(value);
}

/** A share in per cent, with its sign: `+12 %`. */
export function signedPercent(share: number): string {
  const rounded = Math.round(share * 1000) / 10;
  return `${rounded > 0 ? "+" : rounded < 0 ? "−" : ""}${Math.abs(rounded)} %`;
}

/** A count with thousands separators. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A number of things: `1 row`, `2 rows`. */
export function counted(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}

/** A size in bytes for people: `1.5 MB`. */
export function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} GB`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(value / 1e3))} kB`;
}

/** A time in seconds for people: `8 seconds`, `2 minutes`. */
export function seconds(value: number): string {
  if (value < 90) return counted(Math.max(1, Math.round(value)), "second");
  return counted(Math.round(value / 60), "minute");
}

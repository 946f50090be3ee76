import type { Context } from "hono";
import { show } from "../lib/features/check_value.ts";
import { parseDay } from "../lib/features/calendar.ts";
import { Problem } from "./problem.ts";

/** The range of a whole number. */
interface Range {
  min: number;
  max: number;
  /** Used where the request has none; without, it must have one. */
  fallback?: number;
}

/**
 * A whole number of the query.
 *
 * @throws {Problem} 422.
 */
export function readNumber(context: Context, name: string, { min, max, fallback }: Range): number {
  const text = context.req.query(name);
  if (text === undefined && fallback !== undefined) return fallback;
  const value = /^\d{1,9}$/.test(text ?? "") ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw wrongQuery(name, `a whole number from ${min} to ${max}`, text);
}

/**
 * A date of the query, in days since 1970-01-01; `undefined` where it has none.
 *
 * @throws {Problem} 422.
 */
export function readDay(context: Context, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined) return undefined;
  const day = parseDay(text);
  if (day !== undefined && text >= "1900-01-01" && text <= "2200-12-31") return day;
  throw wrongQuery(name, "a date from 1900-01-01 to 2200-12-31", text);
}

function wrongQuery(name: string, expected: string, text: string | undefined): Problem {
  const found = text === undefined ? "nothing" : show(text);
  const message = `Expected ${expected} for ${name}, but found ${found}.`;
  const code = text === undefined ? "missing" : "out_of_range";
  return new Problem(422, message, { errors: [{ field: name, code, message }] });
}

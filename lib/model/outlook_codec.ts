import { formatDay, parseDay } from "../features/calendar.ts";
import { ALL, completeOutlook, type Outlook } from "../history/outlook.ts";
import { bytesToDifferences, differencesToBytes } from "./pack.ts";

/** What of an outlook stands in a model file: the plain fields. */
export interface OutlookFields {
  /** The week of the first sales, as YYYY-MM-DD. */
  first_week: string;
  /** How many weeks of sales there are. */
  weeks: number;
  /** How many of the last weeks have a seasonal level. */
  seasonal_weeks: number;
  /** How many series. */
  series: number;
}

/** And the packed ones, as bytes. */
export type OutlookBytes = Record<typeof OUTLOOK_ARRAYS[number], Uint8Array>;

/** Names of the packed fields, in their order. */
export const OUTLOOK_ARRAYS = ["stores", "departments", "known", "sales", "seasonal"] as const;

/**
 * Reduces an outlook to what the file carries; the rest follows from it.
 *
 * @throws {RangeError} where sales are not whole USD of 32 bits, or a seasonal level is not.
 */
export function compact({ history, seasonal, origin }: Outlook): OutlookFields & OutlookBytes {
  // The means follow from the series, behind which they stand.
  const series = history.stores.indexOf(ALL);
  const { weeks } = history;
  const kept = seasonal.length / history.stores.length;
  const sales = history.sales.subarray(0, series * weeks);
  return {
    first_week: formatDay(origin - 7 * (weeks - 1)),
    weeks,
    seasonal_weeks: kept,
    series,
    stores: differencesToBytes(Int32Array.from(history.stores.subarray(0, series))),
    departments: differencesToBytes(Int32Array.from(history.departments.subarray(0, series))),
    known: Uint8Array.from(sales, (value) => Number.isNaN(value) ? 0 : 1),
    sales: wholeBytes(fillUnknown(sales)),
    seasonal: wholeBytes(seasonal.subarray(0, series * kept)),
  };
}

/** Puts the sales before in the place of those not known: a difference of 0 packs best. */
function fillUnknown(sales: Float64Array): Float64Array {
  let last = 0;
  return sales.map((value) => last = Number.isNaN(value) ? last : value);
}

function wholeBytes(values: Float64Array): Uint8Array {
  const whole = Int32Array.from(values);
  for (const [i, value] of values.entries()) {
    // Rather no file than one that forecasts something else.
    if (whole[i] !== value) {
      throw new RangeError(`Expected whole USD below 2^31, but found ${value}`);
    }
  }
  return differencesToBytes(whole);
}

/**
 * The inverse of {@linkcode compact}.
 *
 * @throws {RangeError} where the bytes are not those of so many series and weeks, the series not in
 *   order, or the seasonal weeks more than the weeks.
 */
export function expand(outlook: OutlookFields & OutlookBytes): Outlook {
  const { first_week, weeks, seasonal_weeks, series, known } = outlook;
  if (seasonal_weeks > weeks) {
    throw new RangeError(`Expected at most ${weeks} seasonal weeks, but found ${seasonal_weeks}`);
  }
  const numbers = (bytes: Uint8Array, length: number) =>
    new Float64Array(bytesToDifferences(bytes, length));
  const [stores, departments] = [outlook.stores, outlook.departments].map((bytes) =>
    bytesToDifferences(bytes, series)
  ) as [Int32Array, Int32Array];
  for (let i = 0; i < series; i++) {
    const isNumber = (value: number) => value > ALL && value <= 9999;
    const isAfter = i === 0 || stores[i]! > stores[i - 1]! ||
      stores[i] === stores[i - 1] && departments[i]! > departments[i - 1]!;
    if (!isNumber(stores[i]!) || !isNumber(departments[i]!) || !isAfter) {
      throw new RangeError(`Expected stores and departments in order, but series ${i} is not`);
    }
  }
  const sales = numbers(outlook.sales, series * weeks);
  if (known.length !== sales.length) {
    throw new RangeError(
      `Expected ${sales.length} marks of known weeks, but found ${known.length}`,
    );
  }
  for (let i = 0; i < known.length; i++) {
    const mark = known[i]!;
    if (mark > 1) throw new RangeError(`Expected marks of 0 or 1, but found ${mark}`);
    if (mark === 0) sales[i] = NaN;
  }
  return completeOutlook({
    history: {
      firstDay: parseDay(first_week)!,
      weeks,
      stores: new Uint16Array(stores),
      departments: new Uint16Array(departments),
      sales,
    },
    seasonal: numbers(outlook.seasonal, series * seasonal_weeks),
  });
}

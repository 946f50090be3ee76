import { formatDay, parseDay } from "../../features/calendar.ts";
import { RandomStream } from "./random.ts";
import { type Region, type RegionName, REGIONS } from "./regions.ts";
import { monthLevel } from "./seasons.ts";
import type { Store } from "./stores.ts";

/** Weather and economy around a store, one value a week. */
export interface Environment {
  /** °F. */
  temperature: Float64Array;
  /** How much warmer than normal, in °F. */
  anomaly: Float64Array;
  /** USD a gallon. */
  fuelPrice: Float64Array;
  /** Index points; NaN where not yet published. */
  cpi: Float64Array;
  /** %; NaN where not yet published. */
  unemployment: Float64Array;
}

/** Economic figures end with this week. */
const LAST_PUBLISHED = parseDay("2013-04-26")!;

/** Weather and economy of every store, in the order of `stores`. */
export function makeEnvironments(
  seed: number,
  stores: readonly Store[],
  fridays: readonly number[],
): Environment[] {
  const fuel = nationalFuelPrice(seed, fridays.length);
  const regions = new Map<RegionName, ReturnType<typeof regionalPaths>>();
  for (const [name, region] of Object.entries(REGIONS)) {
    regions.set(name as RegionName, regionalPaths(`${seed}/region/${name}`, region, fridays));
  }
  return stores.map((store) => {
    const random = new RandomStream(`${seed}/environment/${store.number}`);
    const region = REGIONS[store.region];
    const paths = regions.get(store.region)!;
    const climate = 3 * random.normal();
    const prices = 1 + 0.006 * random.normal();
    const jobs = 0.9 * random.normal();
    const anomaly = paths.anomaly.map((value) => value + 1.5 * random.normal());
    return {
      anomaly,
      temperature: anomaly.map((value, week) =>
        monthLevel(region.temperatures, fridays[week]!) + climate + value
      ),
      fuelPrice: fuel.map((value) => value + region.fuel + 0.015 * random.normal()),
      cpi: paths.cpi.map((value) => value * prices),
      unemployment: paths.unemployment.map((value) => Math.max(3.2, value + jobs)),
    };
  });
}

function regionalPaths(stream: string, region: Region, fridays: readonly number[]) {
  const random = new RandomStream(stream);
  const anomaly = new Float64Array(fridays.length);
  const cpi = new Float64Array(fridays.length);
  const unemployment = new Float64Array(fridays.length);
  let warmth = 0;
  let index = region.cpi;
  let rate = region.unemployment;
  let quarter = "";
  for (let week = 0; week < fridays.length; week++) {
    const friday = fridays[week]!;
    warmth = 0.45 * warmth + 4.5 * random.normal();
    anomaly[week] = warmth;
    index *= 1 + region.inflation / 52 + 0.0004 * random.normal();
    const date = formatDay(friday);
    const current = date.slice(0, 4) + Math.floor((Number(date.slice(5, 7)) - 1) / 3);
    if (quarter !== "" && current !== quarter) rate += -0.13 + 0.14 * random.normal();
    quarter = current;
    const published = friday <= LAST_PUBLISHED;
    cpi[week] = published ? index : NaN;
    unemployment[week] = published ? rate : NaN;
  }
  return { anomaly, cpi, unemployment };
}

/** A price that wanders about a slowly rising mean. */
function nationalFuelPrice(seed: number, weeks: number): Float64Array {
  const random = new RandomStream(`${seed}/fuel`);
  const path = new Float64Array(weeks);
  let deviation = -0.1;
  let pull = 0;
  for (let week = 0; week < weeks; week++) {
    pull = 0.8 * pull + 0.022 * random.normal();
    deviation = 0.97 * deviation + pull;
    path[week] = 2.75 + 0.0038 * week + deviation;
  }
  return path;
}

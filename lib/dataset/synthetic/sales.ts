import type { Department } from "./departments.ts";
import type { Environment } from "./environment.ts";
import { exponential } from "./exponential.ts";
import type { Promotions } from "./promotions.ts";
import { RandomStream } from "./random.ts";
import type { Store } from "./stores.ts";

/** What is around a series: where it is sold and what moves it. */
export interface SeriesContext {
  store: Store;
  department: Department;
  environment: Environment;
  promotions: Promotions;
  /** Factor in each week that all departments of the store share; about 1. */
  traffic: Float64Array;
}

/** How busy a store is in each week, as a factor about 1. */
export function makeTraffic(seed: number, store: Store, weeks: number): Float64Array {
  const random = new RandomStream(`${seed}/traffic/${store.number}`);
  let drift = 0;
  return Float64Array.from({ length: weeks }, () => {
    drift = 0.9 * drift + 0.008 * random.normal();
    return exponential(drift + 0.012 * random.heavyNormal());
  });
}

/**
 * Sales of one department of one store in cents, one value a week; NaN in weeks without a row.
 *
 * @returns `undefined` where the store does not carry the department.
 */
export function makeSales(
  seed: number,
  context: SeriesContext,
  weeks: number,
): Float64Array | undefined {
  const { store, department, environment, promotions, traffic } = context;
  const random = new RandomStream(`${seed}/series/${store.number}/${department.number}`);
  if (!carries(store, department, random)) return undefined;
  const base = department.sales * storeScale(store, department) *
    exponential(levelSpread(department.sales) * random.normal());
  const open = openWeeks(base, weeks, random);
  const growth = store.growth + department.growth + 0.04 * random.heavyNormal();
  const swing = random.uniform(0.85, 1.15);
  const restlessness = 0.007 + 0.85 / Math.sqrt(base + 60);
  let drift = 4 * restlessness * random.normal();
  const cents = new Float64Array(weeks);
  for (let week = 0; week < weeks; week++) {
    drift = 0.95 * drift + restlessness * random.heavyNormal();
    let factor = Math.max(0.01, 1 + swing * (department.levels[week]! - 1)) * traffic[week]!;
    department.promotionLifts.forEach((lift, kind) => {
      factor *= 1 + lift * promotions.strengths[kind]![week]!;
    });
    factor *= Math.max(0.5, 1 + department.warmth * environment.anomaly[week]!);
    const expected = base * factor * exponential(growth * week / 52 + drift);
    const noise = 0.022 + 3.5 / Math.sqrt(expected + 40);
    const sold = expected * exponential(noise * random.heavyNormal());
    // In a week of few sales what people bring back can weigh more than what they buy.
    const returned = random.chance(0.036);
    const refund = random.uniform();
    const value = expected < 300 && returned ? -(0.05 + 2 * expected * refund * refund) : sold;
    cents[week] = open[week] ? Math.round(100 * value) : NaN;
  }
  return cents;
}

/** Whether the store carries the department at all. */
function carries(store: Store, department: Department, random: RandomStream): boolean {
  if (store.size < department.smallestStore) return false;
  if (department.everyday || store.type === "A") return !random.chance(0.005);
  return !random.chance(store.type === "B" ? 0.04 : 0.3);
}

/** How a department's sales in this store compare with those in one of 180,000 square feet. */
function storeScale(store: Store, department: Department): number {
  const share = store.size / 180_000;
  if (department.everyday) return store.strength * (0.12 + 0.88 * share);
  return store.strength * share * { A: 1, B: 0.9, C: 0.05 }[store.type];
}

/** Standard deviation of a series' level about what size and department say, as a logarithm. */
function levelSpread(sales: number): number {
  if (sales >= 20_000) return 0.3;
  if (sales >= 5_000) return 0.45;
  if (sales >= 1_000) return 0.7;
  return 0.9;
}

/** In which weeks the series has a row: 1 or 0. */
function openWeeks(base: number, weeks: number, random: RandomStream): Uint8Array {
  const open = new Uint8Array(weeks).fill(1);
  const kind = random.uniform();
  const week = Math.floor(random.uniform(0, weeks));
  const gap = Math.floor(random.uniform(1, 16));
  const luck = random.uniform();
  // A series that sells next to nothing has a row now and then.
  if (base < 200) {
    const presence = 0.02 + 0.98 * luck * luck;
    for (let index = 0; index < weeks; index++) open[index] = random.chance(presence) ? 1 : 0;
  } else if (kind < 0.036) {
    open.fill(0, week);
  } else if (kind < 0.07) {
    open.fill(0, 0, week);
  } else if (kind < 0.135) {
    open.fill(0, week, week + gap);
  }
  return open;
}

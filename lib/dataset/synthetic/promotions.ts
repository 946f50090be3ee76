import { exponential } from "./exponential.ts";
import { RandomStream } from "./random.ts";
import { type Season, weeklyLevels } from "./seasons.ts";
import type { Store } from "./stores.ts";
import { parseDay } from "../../features/calendar.ts";

/** The five markdowns of a store, each one value a week. */
export interface Promotions {
  /** How strong each kind is felt, 0 to 1; also before markdowns were written down. */
  strengths: readonly Float64Array[];
  /** USD as features.csv tells it: NaN where unknown, with a few small negative corrections. */
  reported: readonly Float64Array[];
}

/** Markdowns are written down from this week on. */
const FIRST_REPORTED = parseDay("2011-11-11")!;

interface Kind {
  /** Usual amount in USD in a store of 180,000 square feet. */
  usual: number;
  /** Standard deviation of the amount's logarithm. */
  spread: number;
  /** Share of weeks in which nothing is reported. */
  unknown: number;
  /** Share of weeks with a negative correction. */
  corrections: number;
  season: Season;
}

const FLAT = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

/** MarkDown1 to MarkDown5. Own figures. */
const KINDS: readonly Kind[] = [
  {
    usual: 5_600,
    spread: 0.75,
    unknown: 0.005,
    corrections: 0.001,
    season: {
      months: FLAT,
      lifts: {
        superBowl: [[-6, 2], [1, 6], [10, 2], [14, 0]],
        thanksgiving: [[-5, -0.4], [1, -0.8], [3, -0.2], [5, 0]],
      },
    },
  },
  {
    usual: 420,
    spread: 1.05,
    unknown: 0.28,
    corrections: 0.006,
    season: {
      months: FLAT,
      lifts: {
        superBowl: [[-4, 0], [0, 14], [6, 20], [12, 0]],
        independenceDay: [[-5, 2], [0, 12], [4, 0]],
        christmas: [[0, 20], [3, 60], [9, 45], [20, 10], [30, 0]],
      },
    },
  },
  {
    usual: 42,
    spread: 1.1,
    unknown: 0.11,
    corrections: 0.003,
    season: {
      months: FLAT,
      lifts: { thanksgiving: [[-3, 0], [0, 1_400], [1, 4_500], [2, 60], [9, 10], [12, 0]] },
    },
  },
  {
    usual: 1_350,
    spread: 1.05,
    unknown: 0.145,
    corrections: 0,
    season: {
      months: FLAT,
      lifts: {
        superBowl: [[-6, 2], [1, 7], [10, 2], [14, 0]],
        thanksgiving: [[-5, -0.4], [1, -0.8], [3, -0.2], [5, 0]],
      },
    },
  },
  {
    usual: 3_300,
    spread: 0.65,
    unknown: 0,
    corrections: 0.0005,
    season: {
      months: [0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 1, 1.05, 1.15, 1.4],
      lifts: { thanksgiving: [[-16, 1], [-4, 0.5], [6, 2], [12, 0.6], [20, 0]] },
    },
  },
];

/** Promotions of every store, in the order of `stores`. */
export function makePromotions(
  seed: number,
  stores: readonly Store[],
  fridays: readonly number[],
): Promotions[] {
  const levels = KINDS.map((kind) => weeklyLevels(kind.season, fridays));
  return stores.map((store) => {
    const random = new RandomStream(`${seed}/promotions/${store.number}`);
    const scale = store.type === "C" ? 0.06 : store.size / 180_000 * exponential(
      0.25 * random.normal(),
    );
    const empty = () => KINDS.map(() => new Float64Array(fridays.length));
    const strengths = empty();
    const reported = empty();
    for (let week = 0; week < fridays.length; week++) {
      // Kinds 1 and 4 are planned together, so they share a part of their chance.
      const shared = random.normal();
      KINDS.forEach((kind, index) => {
        const own = random.normal();
        const deviation = index === 0 || index === 3 ? 0.8 * shared + 0.6 * own : own;
        const usual = kind.usual * scale;
        const amount = usual * levels[index]![week]! * exponential(kind.spread * deviation);
        strengths[index]![week] = amount / (amount + 3 * usual);
        const unknown = random.chance(kind.unknown * (store.type === "C" ? 2 : 1));
        const correction = random.chance(kind.corrections);
        const refund = random.uniform(1, 250);
        reported[index]![week] = fridays[week]! < FIRST_REPORTED || unknown
          ? NaN
          : correction
          ? -refund
          : amount;
      });
    }
    return { strengths, reported };
  });
}

import { exponential } from "./exponential.ts";
import { RandomStream } from "./random.ts";
import { type SeasonName, SEASONS, weeklyLevels } from "./seasons.ts";

/** A department of the invented chain. */
export interface Department {
  /** 1 to 96, with gaps. */
  number: number;
  season: SeasonName;
  /** Usual sales a week in USD in a store of 180,000 square feet. */
  sales: number;
  /** Whether small food stores live by it too. */
  everyday: boolean;
  /** Only stores of at least this many square feet carry it. */
  smallestStore: number;
  /** Growth a year, as a logarithm. */
  growth: number;
  /** Share of sales added by the strongest promotion of each of the five kinds. */
  promotionLifts: readonly number[];
  /** Sales factor in each week, from the season and what all stores share; about 1. */
  levels: Float64Array;
  /** Share of sales added by each °F above normal. */
  warmth: number;
}

const EVERYDAY: readonly SeasonName[] = ["grocery", "household", "pharmacy", "candy", "drinks"];

/** Share of sales that each °F above normal adds. */
const WARMTH: Partial<Record<SeasonName, number>> = {
  garden: 0.008,
  summer: 0.009,
  drinks: 0.003,
  winter: -0.012,
};

/** Number, season, usual sales, smallest store in 1,000 square feet. Own figures. */
const PLAN: readonly (readonly [number, SeasonName, number, number?])[] = [
  [1, "candy", 22_300],
  [2, "household", 38_200],
  [3, "school", 13_200],
  [4, "household", 26_600],
  [5, "media", 22_000],
  [6, "outdoors", 6_100],
  [7, "toys", 24_300],
  [8, "grocery", 31_900],
  [9, "outdoors", 20_700],
  [10, "outdoors", 18_400],
  [11, "summer", 14_900],
  [12, "apparel", 4_600],
  [14, "household", 16_300],
  [15, "apparel", 8_900],
  [16, "garden", 15_600],
  [17, "household", 11_000],
  [18, "decorations", 9_700],
  [20, "apparel", 6_300],
  [21, "media", 6_900],
  [22, "apparel", 10_500],
  [23, "apparel", 23_700],
  [24, "apparel", 6_800],
  [25, "apparel", 11_300],
  [26, "winter", 8_100],
  [28, "household", 780],
  [29, "apparel", 5_400],
  [30, "gifts", 4_300],
  [32, "outdoors", 8_400],
  [33, "apparel", 6_600],
  [34, "apparel", 15_500],
  [35, "gifts", 3_100],
  [36, "apparel", 2_200],
  [37, "media", 3_400, 60],
  [38, "pharmacy", 62_000],
  [40, "grocery", 43_100],
  [41, "apparel", 2_300],
  [42, "winter", 6_700],
  [44, "household", 5_200],
  [45, "media", 34],
  [46, "drinks", 23_700],
  [47, "gifts", 62, 120],
  [48, "summer", 1_250, 120],
  [49, "household", 7_900],
  [50, "gifts", 2_450, 140],
  [51, "decorations", 48],
  [52, "household", 2_750],
  [54, "media", 145],
  [55, "media", 12_600],
  [56, "garden", 4_900],
  [58, "garden", 3_700, 60],
  [59, "gifts", 820],
  [60, "gifts", 410],
  [64, "toys", 640, 60],
  [65, "pharmacy", 34_300, 190],
  [66, "pharmacy", 1_700],
  [67, "decorations", 8_600],
  [69, "school", 1_150],
  [70, "winter", 390],
  [71, "outdoors", 5_700, 60],
  [72, "electronics", 46_700],
  [74, "household", 15_100],
  [75, "electronics", 7_300, 60],
  [77, "media", 460],
  [78, "garden", 17],
  [79, "household", 22_400],
  [80, "drinks", 13_900],
  [81, "grocery", 17_400],
  [82, "household", 18_000],
  [83, "grocery", 3_900],
  [85, "electronics", 2_650],
  [86, "summer", 95],
  [87, "outdoors", 14_200, 60],
  [88, "decorations", 26, 60],
  [89, "school", 205],
  [90, "grocery", 40_700],
  [91, "grocery", 32_700],
  [92, "grocery", 83_600],
  [93, "grocery", 27_600, 90],
  [94, "grocery", 30_100],
  [95, "drinks", 75_800],
  [96, "drinks", 16_000],
];

/** The 81 departments, by number. */
export function makeDepartments(seed: number, fridays: readonly number[]): Department[] {
  const seasons = new Map<SeasonName, Float64Array>();
  for (const name of Object.keys(SEASONS) as SeasonName[]) {
    seasons.set(name, weeklyLevels(SEASONS[name], fridays));
  }
  return PLAN.map(([number, season, sales, thousands = 0]) => {
    const random = new RandomStream(`${seed}/department/${number}`);
    const growth = -0.004 + 0.035 * random.heavyNormal();
    const promotionLifts = Array.from(
      { length: 5 },
      () => random.chance(0.4) ? random.uniform(0.04, 0.22) : 0,
    );
    const swing = random.uniform(0.8, 1.15);
    return {
      number,
      season,
      sales,
      everyday: EVERYDAY.includes(season),
      smallestStore: 1000 * thousands,
      growth,
      promotionLifts,
      levels: seasons.get(season)!.map((level) =>
        Math.max(0.01, 1 + swing * (level - 1)) * exponential(0.02 * random.heavyNormal())
      ),
      warmth: WARMTH[season] ?? 0,
    };
  });
}

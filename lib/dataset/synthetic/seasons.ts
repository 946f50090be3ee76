import { formatDay, monthOf } from "../../features/calendar.ts";
import { type Curve, heightAt } from "./piecewise.ts";
import { type EventName, EVENTS } from "./weeks.ts";

/** How a year goes: a level for each month, and what events add to it. */
export interface Season {
  /** Level in the middle of each month, January first; 1 is usual. */
  months: readonly number[];
  /** Share added around an event, by days from it: `[-3, 0.5]` is half more three days before. */
  lifts: Partial<Record<EventName, Curve>>;
  /** Share added in the first week of a month, when wages and benefits are paid. */
  payday?: number;
}

const FLAT = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

/** After Christmas most of a shop is quiet, and Christmas Day is closed. */
const AFTER_CHRISTMAS: Curve = [[0, -0.9], [1, -0.1], [6, -0.05], [20, -0.05], [30, 0]];

/** The years that departments have. Own shapes, drawn by hand. */
export const SEASONS = {
  /** Food for every day. */
  grocery: {
    months: [0.99, 1, 0.99, 0.98, 1, 1.01, 1.01, 1, 0.97, 0.97, 1, 1.01],
    lifts: {
      superBowl: [[-5, 0.02], [-1, 0.16], [0, 0.05]],
      easter: [[-9, 0], [-2, 0.3], [0, -0.2], [1, 0]],
      independenceDay: [[-5, 0.03], [-1, 0.22], [1, 0]],
      thanksgiving: [[-12, 0], [-2, 0.5], [-1, 0.55], [0, -0.4], [2, -0.1], [4, 0]],
      christmas: [[-10, 0.03], [-6, 0.2], [-1, 0.7], [0, -0.85], [1, -0.05], [6, 0.1], [8, 0]],
    },
    payday: 0.09,
  },
  /** Cleaning, paper, pets. */
  household: {
    months: [1.02, 1, 1, 1.01, 1.02, 1.02, 1.01, 1.01, 0.99, 0.98, 0.97, 0.95],
    lifts: { thanksgiving: [[-3, 0], [0, -0.3], [1, 0.3], [2, 0]], christmas: AFTER_CHRISTMAS },
    payday: 0.05,
  },
  pharmacy: {
    months: [1.06, 1.05, 1.03, 1, 0.98, 0.97, 0.95, 0.96, 0.99, 1.01, 1.01, 0.99],
    lifts: {
      thanksgiving: [[-1, 0], [0, -0.95], [1, -0.4], [3, 0]],
      christmas: [[-1, 0], [0, -0.95], [1, -0.2], [7, 0]],
    },
    payday: 0.06,
  },
  /** Four feasts a year. */
  candy: {
    months: FLAT,
    lifts: {
      valentine: [[-14, 0.15], [-4, 1.3], [0, 2.4], [1, -0.1], [5, 0]],
      easter: [[-24, 0.05], [-8, 1.1], [-1, 3.6], [0, -0.4], [1, -0.1], [4, 0]],
      halloween: [[-32, 0.05], [-9, 0.9], [-1, 2.2], [0, 1.4], [1, -0.05], [4, 0]],
      christmas: [[-34, 0.05], [-14, 0.9], [-4, 2.4], [-1, 2.3], [0, -0.8], [7, -0.2], [20, 0]],
    },
  },
  /** Drinks and snacks: warm days and parties. */
  drinks: {
    months: [0.9, 0.93, 0.95, 1, 1.06, 1.1, 1.12, 1.08, 1.02, 0.96, 0.93, 0.95],
    lifts: {
      superBowl: [[-5, 0.08], [-1, 0.5], [0, 0.25], [1, 0]],
      memorialDay: [[-5, 0.05], [-1, 0.5], [0, 0.2], [1, 0]],
      independenceDay: [[-6, 0.05], [-1, 0.75], [0, 0.3], [1, 0]],
      laborDay: [[-5, 0.05], [-1, 0.45], [0, 0.15], [1, 0]],
      thanksgiving: [[-5, 0.05], [-1, 0.45], [0, -0.4], [1, 0]],
      christmas: [[-8, 0.05], [-1, 0.6], [0, -0.8], [1, 0], [5, 0.4], [6, 0.3], [8, 0]],
    },
    payday: 0.06,
  },
  toys: {
    months: [0.6, 0.7, 0.85, 0.9, 0.85, 0.85, 0.85, 0.85, 0.8, 0.85, 1.1, 1.1],
    lifts: {
      easter: [[-16, 0], [-5, 0.7], [-1, 0.9], [0, 0]],
      thanksgiving: [[-20, 0.1], [-3, 1], [-1, 1.3], [0, 1.5], [1, 9], [2, 1.5], [4, 0.3], [8, 0]],
      christmas: [[-40, 0], [-27, 1.2], [-14, 2.6], [-3, 7], [-1, 6.5], [0, -0.8], [8, 0.1], [
        14,
        0,
      ]],
    },
  },
  electronics: {
    months: [1, 1.02, 0.97, 0.92, 0.92, 0.94, 0.93, 0.95, 0.95, 0.97, 1.02, 1.05],
    lifts: {
      superBowl: [[-12, 0.1], [-2, 0.6], [0, 0], [1, -0.05]],
      thanksgiving: [[-8, 0.1], [-1, 0.3], [0, 5], [1, 14], [2, 1.5], [4, 0.1], [9, 0]],
      christmas: [[-26, 0], [-14, 0.5], [-3, 2.1], [-1, 1.8], [0, -0.8], [1, 0.8], [7, 0.3], [
        14,
        0,
      ]],
    },
  },
  /** Films, games, books, music. */
  media: {
    months: [0.95, 0.97, 0.97, 0.95, 0.95, 0.98, 0.98, 0.97, 0.96, 0.98, 1.08, 1.05],
    lifts: {
      easter: [[-12, 0], [-2, 0.5], [0, 0]],
      thanksgiving: [[-4, 0.1], [0, 2], [1, 10], [2, 1], [5, 0.2], [8, 0.1], [9, 0]],
      christmas: [[-27, 0], [-14, 0.9], [-3, 3], [-1, 2.8], [0, -0.7], [1, 0.5], [9, 0]],
    },
  },
  apparel: {
    months: [0.76, 0.88, 1.05, 1.14, 1.16, 1.12, 1, 0.99, 0.92, 0.97, 1.02, 0.98],
    lifts: {
      easter: [[-20, 0.05], [-8, 0.3], [-1, 0.5], [0, -0.1], [1, 0]],
      schoolStart: [[-26, 0], [-6, 0.25], [6, 0.15], [14, 0]],
      thanksgiving: [[-3, 0], [0, 0.4], [1, 2.4], [2, 0.7], [4, 0]],
      christmas: [[-25, 0], [-10, 0.4], [-2, 1.1], [0, -0.8], [1, 0.1], [10, -0.1], [25, 0]],
    },
  },
  /** Coats, heaters, blankets. */
  winter: {
    months: [1.3, 0.85, 0.55, 0.38, 0.28, 0.25, 0.28, 0.5, 0.95, 1.6, 1.9, 1.95],
    lifts: {
      thanksgiving: [[-3, 0.1], [0, 0.5], [1, 3.5], [2, 0.5], [4, 0]],
      christmas: [[-22, 0], [-3, 0.7], [0, -0.8], [1, 0], [10, -0.05], [20, 0]],
    },
  },
  /** Plants, mowers, garden furniture. */
  garden: {
    months: [0.3, 0.5, 1.05, 1.85, 2.15, 1.65, 1.15, 0.85, 0.65, 0.5, 0.35, 0.3],
    lifts: {
      easter: [[-12, 0], [-2, 0.4], [0, -0.3], [1, 0]],
      mothersDay: [[-9, 0], [-1, 0.9], [0, 0.3], [1, 0]],
      memorialDay: [[-6, 0], [-1, 0.5], [0, 0.3], [1, 0]],
      christmas: AFTER_CHRISTMAS,
    },
  },
  /** Pools, fans, camping, grills. */
  summer: {
    months: [0.35, 0.5, 0.8, 1.15, 1.6, 2, 1.8, 1.15, 0.75, 0.6, 0.5, 0.5],
    lifts: {
      memorialDay: [[-8, 0], [-1, 0.7], [0, 0.3], [1, 0]],
      independenceDay: [[-9, 0], [-1, 0.9], [0, 0.1], [1, -0.05], [4, 0]],
      thanksgiving: [[-2, 0], [0, 0.3], [1, 2.5], [2, 0.3], [4, 0]],
      christmas: [[-22, 0], [-3, 0.8], [0, -0.8], [2, 0], [10, 0]],
    },
  },
  /** Pens, paper, backpacks, calculators. */
  school: {
    months: [0.95, 0.8, 0.75, 0.75, 0.75, 0.8, 1.05, 1.3, 0.95, 0.8, 0.8, 0.85],
    lifts: {
      schoolStart: [[-40, 0], [-20, 1.2], [-5, 3.2], [0, 2.7], [8, 1.4], [18, 0.2], [22, 0]],
      thanksgiving: [[0, 0.1], [1, 1.5], [2, 0.2], [4, 0]],
      christmas: [[-25, 0], [-4, 0.9], [0, -0.8], [1, 0], [10, 0.15], [18, 0]],
    },
  },
  /** Costumes, lights, trees: next to nothing in between. */
  decorations: {
    months: [0.25, 0.3, 0.25, 0.2, 0.12, 0.12, 0.1, 0.25, 1.1, 1.6, 2.4, 2],
    lifts: {
      valentine: [[-20, 0.2], [-3, 3], [0, 1], [1, 0]],
      easter: [[-28, 0.5], [-4, 7], [-1, 6], [0, 0]],
      halloween: [[-30, 0.2], [-10, 1.4], [-1, 2.2], [0, 0.6], [1, -0.2], [5, 0]],
      thanksgiving: [[-3, 0.2], [1, 1.6], [3, 0.7], [9, 0]],
      christmas: [[-38, 0], [-22, 2], [-12, 1.8], [-3, 0.9], [0, -0.6], [4, 0.2], [12, 0]],
    },
  },
  /** Jewellery, perfume, cards. */
  gifts: {
    months: [0.85, 0.95, 0.95, 0.98, 1, 0.98, 0.92, 0.92, 0.92, 0.94, 1.02, 1.08],
    lifts: {
      valentine: [[-14, 0.05], [-3, 0.9], [0, 1.6], [1, -0.1], [4, 0]],
      mothersDay: [[-14, 0], [-3, 0.8], [0, 0.9], [1, -0.1], [4, 0]],
      thanksgiving: [[-4, 0.1], [0, 0.8], [1, 3.5], [2, 0.8], [5, 0.2], [8, 0]],
      christmas: [[-28, 0], [-14, 0.7], [-3, 2.4], [-1, 2.3], [0, -0.8], [1, 0], [12, -0.1], [
        24,
        0,
      ]],
    },
  },
  /** Sport, hunting, tools, tyres. */
  outdoors: {
    months: [0.88, 0.92, 1, 1.06, 1.08, 1.1, 1.04, 1, 1.02, 1.03, 1.02, 0.95],
    lifts: {
      independenceDay: [[-6, 0], [-1, 0.3], [0, 0], [1, 0]],
      thanksgiving: [[-3, 0], [0, 0.6], [1, 2.6], [2, 0.6], [4, 0]],
      christmas: [[-24, 0], [-10, 0.4], [-2, 1.2], [0, -0.8], [1, 0], [8, 0]],
    },
  },
} as const satisfies Record<string, Season>;

/** Name of a season. */
export type SeasonName = keyof typeof SEASONS;

/**
 * Level of a season in each week, Saturday to Friday: the mean of its seven days, so that a feast
 * which moves within the week, or Christmas on a Saturday and then a Sunday, moves sales as it does
 * in a shop.
 */
export function weeklyLevels(season: Season, fridays: readonly number[]): Float64Array {
  const lifts = Object.entries(season.lifts) as [EventName, Curve][];
  return Float64Array.from(fridays, (friday) => {
    let sum = 0;
    for (let day = friday - 6; day <= friday; day++) {
      let lift = 1;
      for (const [name, curve] of lifts) {
        for (const event of EVENTS[name]) lift += heightAt(curve, day - event, 0);
      }
      if (season.payday !== undefined && dayOfMonth(day) <= 7) lift += season.payday;
      sum += monthLevel(season.months, day) * Math.max(0, lift);
    }
    return sum / 7;
  });
}

/** Value of a day between the middles of two months, by linear interpolation. */
export function monthLevel(months: readonly number[], day: number): number {
  // Months count as thirty days here; that is near enough for a season.
  const position = monthOf(day) - 1 + (Math.min(30, dayOfMonth(day)) - 15.5) / 30;
  const left = Math.floor(position);
  const share = position - left;
  return months[(left + 12) % 12]! * (1 - share) + months[(left + 1) % 12]! * share;
}

function dayOfMonth(day: number): number {
  return Number(formatDay(day).slice(8));
}

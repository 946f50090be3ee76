import { formatDay } from "../../features/calendar.ts";
import { cell, fixed, flag } from "./csv.ts";
import { makeDepartments } from "./departments.ts";
import { type Environment, makeEnvironments } from "./environment.ts";
import { makePromotions, type Promotions } from "./promotions.ts";
import { makeSales, makeTraffic } from "./sales.ts";
import { makeStores, type Store } from "./stores.ts";
import { isHolidayWeek } from "../../features/holiday_weeks.ts";
import { FRIDAYS, SALES_WEEKS } from "./weeks.ts";

/** The three raw tables as CSV text. */
export interface SyntheticHistory {
  /** Store, Dept, Date, Weekly_Sales, IsHoliday: about 421,000 rows. */
  trainCsv: string;
  /** Store, Date, weather, economy, five markdowns, IsHoliday: 45 stores x 182 weeks. */
  featuresCsv: string;
  /** Store, Type, Size: 45 rows. */
  storesCsv: string;
}

/** Seed of the data that the committed `.dvc` files describe. */
export const DEFAULT_SEED = 2010;

/**
 * An invented retail history of full size in the schema of Kaggle's Walmart competition. The same
 * seed gives the same bytes on every machine: integers, + - x / and square roots only.
 *
 * @param seed Any whole number.
 *
 * @example
 * ```ts
 * import { syntheticHistory } from "./synthetic_history.ts";
 * const { storesCsv } = syntheticHistory(1);
 * console.log(storesCsv.split("\n")[0]); // Store,Type,Size
 * ```
 */
export function syntheticHistory(seed: number): SyntheticHistory {
  const stores = makeStores(seed);
  const environments = makeEnvironments(seed, stores, FRIDAYS);
  const promotions = makePromotions(seed, stores, FRIDAYS);
  return {
    trainCsv: trainCsv(seed, stores, environments, promotions),
    featuresCsv: featuresCsv(stores, environments, promotions),
    storesCsv: storesCsv(stores),
  };
}

const DATES = FRIDAYS.map(formatDay);
const FLAGS = FRIDAYS.map((friday) => flag(isHolidayWeek(friday)));

function trainCsv(
  seed: number,
  stores: readonly Store[],
  environments: readonly Environment[],
  promotions: readonly Promotions[],
): string {
  const departments = makeDepartments(seed, FRIDAYS);
  const lines = ["Store,Dept,Date,Weekly_Sales,IsHoliday"];
  stores.forEach((store, index) => {
    const traffic = makeTraffic(seed, store, SALES_WEEKS);
    for (const department of departments) {
      const context = {
        store,
        department,
        environment: environments[index]!,
        promotions: promotions[index]!,
        traffic,
      };
      const cents = makeSales(seed, context, SALES_WEEKS);
      if (cents === undefined) continue;
      for (let week = 0; week < SALES_WEEKS; week++) {
        if (Number.isNaN(cents[week])) continue;
        const sales = fixed(cents[week]!, 2);
        lines.push(`${store.number},${department.number},${DATES[week]},${sales},${FLAGS[week]}`);
      }
    }
  });
  return lines.join("\n") + "\n";
}

function featuresCsv(
  stores: readonly Store[],
  environments: readonly Environment[],
  promotions: readonly Promotions[],
): string {
  const lines = [
    "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3,MarkDown4,MarkDown5," +
    "CPI,Unemployment,IsHoliday",
  ];
  stores.forEach((store, index) => {
    const environment = environments[index]!;
    const { reported } = promotions[index]!;
    for (let week = 0; week < FRIDAYS.length; week++) {
      lines.push([
        store.number,
        DATES[week],
        cell(environment.temperature[week]!, 2),
        cell(environment.fuelPrice[week]!, 3),
        ...reported.map((amounts) => cell(amounts[week]!, 2)),
        cell(environment.cpi[week]!, 4),
        cell(environment.unemployment[week]!, 3),
        FLAGS[week],
      ].join(","));
    }
  });
  return lines.join("\n") + "\n";
}

function storesCsv(stores: readonly Store[]): string {
  const lines = stores.map(({ number, type, size }) => `${number},${type},${size}`);
  return ["Store,Type,Size", ...lines].join("\n") + "\n";
}

import { isHolidayWeek } from "../lib/features/holiday_weeks.ts";
import { formatDay, parseDay } from "../lib/features/calendar.ts";

/** Raw tables as text, by file name. */
export interface RawHistory {
  "train.csv": string;
  "features.csv": string;
  "stores.csv": string;
}

const FIRST_FRIDAY = parseDay("2010-02-05")!;
const WEEKS = 143;

/** Weeks after the last sales that features.csv has too, for forecasts. */
const COMING_WEEKS = 10;

/**
 * A history that is small but whole: 3 stores x 6 departments x 143 weeks, in Kaggle's schema, with
 * a season, a trend and a little noise; the same at each call.
 */
export function smallHistory(): RawHistory {
  const train = ["Store,Dept,Date,Weekly_Sales,IsHoliday"];
  const features = [
    "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3,MarkDown4,MarkDown5," +
    "CPI,Unemployment,IsHoliday",
  ];
  let state = 1;
  const noise = () => (state = state * 16807 % 2147483647) / 2147483647 - 0.5;
  for (let store = 1; store <= 3; store++) {
    for (let week = 0; week < WEEKS + COMING_WEEKS; week++) {
      const friday = FIRST_FRIDAY + 7 * week;
      const date = formatDay(friday);
      const holiday = isHolidayWeek(friday) ? "TRUE" : "FALSE";
      const markdown = week < 92 ? "NA" : (1000 + 500 * noise()).toFixed(2);
      features.push(
        `${store},${date},${(60 + 30 * noise()).toFixed(2)},${(3 + noise() / 2).toFixed(3)},` +
          `${markdown},NA,NA,NA,${markdown},${(200 + week / 10).toFixed(4)},8.1,${holiday}`,
      );
      for (let dept = 1; dept <= 6 && week < WEEKS; dept++) {
        const season = 1 + Math.abs((week + 5 * dept) % 52 - 26) / 52;
        const lift = holiday === "TRUE" ? 1.2 : 1;
        const sales = 1000 * dept * store * season * lift * (1 + week / 500 + noise() / 5);
        train.push(`${store},${dept},${date},${sales.toFixed(2)},${holiday}`);
      }
    }
  }
  const stores = ["Store,Type,Size", "1,A,150000", "2,B,100000", "3,C,40000"];
  const text = (lines: string[]) => lines.join("\n") + "\n";
  return { "train.csv": text(train), "features.csv": text(features), "stores.csv": text(stores) };
}

import type { Hono } from "hono";
import { formatDay, isoWeek, monthOf, parseDay, yearOf } from "../../lib/features/calendar.ts";
import { holidaysOfWeek, isHolidayWeek } from "../../lib/features/holiday_weeks.ts";
import type { ApiOptions } from "../app.ts";
import { findModel } from "../find_model.ts";
import { readDay, readNumber } from "../read_query.ts";

/** The last day of which features are made. */
const LAST_DAY = parseDay("2200-12-31")!;

/** `GET /calendar`: weeks as records name them, with their holidays. */
export function addCalendar(app: Hono, { store }: ApiOptions): void {
  app.get("/calendar", async (context) => {
    const { version, model } = await findModel(store, context.req.query("model"));
    const { origin } = model.outlook;
    const from = readDay(context, "from") ?? origin - 52 * 7;
    const count = readNumber(context, "weeks", { min: 1, max: 530, fallback: 160 });
    // The first day not before `from` that a week of the model may have as its name.
    const first = from + ((origin - from) % 7 + 7) % 7;
    const days = Array.from({ length: count }, (_, week) => first + 7 * week)
      .filter((day) => day <= LAST_DAY);
    context.header("x-model-version", version);
    return context.json({
      weeks: days.map((day) => ({
        date: formatDay(day),
        year: yearOf(day),
        month: monthOf(day),
        week: isoWeek(day),
        is_holiday: isHolidayWeek(day),
        holidays: holidaysOfWeek(day),
      })),
    });
  });
}

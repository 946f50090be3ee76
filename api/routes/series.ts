import type { Hono } from "hono";
import { formatDay } from "../../lib/features/calendar.ts";
import { isHolidayWeek } from "../../lib/features/holiday_weeks.ts";
import { recordColumns } from "../../lib/forecasts/record_columns.ts";
import { BASES } from "../../lib/history/derive.ts";
import { SEASON } from "../../lib/history/seasons.ts";
import { LEVELS } from "../../lib/intervals/conformal.ts";
import { forecast, intervals } from "../../lib/model/predict.ts";
import type { ApiOptions } from "../app.ts";
import { findModel } from "../find_model.ts";
import { percentOf } from "../predict_request.ts";
import { Problem } from "../problem.ts";
import { readNumber } from "../read_query.ts";

/** `GET /models/{name}/series`: past sales of a department of a store, and those to come. */
export function addSeries(app: Hono, { store: models }: ApiOptions): void {
  app.get("/models/:name/series", async (context) => {
    const { model, version } = await findModel(models, context.req.param("name"));
    const store = readNumber(context, "store", { min: 1, max: 9999 });
    const department = readNumber(context, "dept", { min: 1, max: 9999 });
    const count = readNumber(context, "weeks", { min: 1, max: 104, fallback: 39 });
    const { outlook } = model;
    const { history, origin } = outlook;
    const series = outlook.find(store, department);
    if (series < 0) {
      throw new Problem(
        404,
        `Store ${store} has not sold anything of department ${department} in the last year that ` +
          "the model knows. GET /stores lists what each store sells.",
      );
    }
    const sales = history.sales.subarray(series * history.weeks, (series + 1) * history.weeks);
    const salesOf = (day: number) => {
      const value = sales[(day - history.firstDay) / 7];
      return value === undefined || Number.isNaN(value) ? null : value;
    };
    const days = Array.from({ length: count }, (_, week) => origin + 7 * (week + 1));
    const keys = days.map((day) => ({
      store,
      department,
      day,
      isHoliday: isHolidayWeek(day) ? 1 : 0,
    }));
    const forecasts = forecast(model, recordColumns(keys, model.stores));
    const bounds = LEVELS.map((level) =>
      [percentOf(level), intervals(model, forecasts, level)] as const
    );
    context.header("x-model-version", version);
    return context.json({
      store,
      dept: department,
      origin: formatDay(origin),
      basis: BASES[forecasts.basis[0]!],
      history: Array.from({ length: history.weeks }, (_, week) => {
        const day = history.firstDay + 7 * week;
        return { date: formatDay(day), sales: salesOf(day) };
      }),
      forecast: days.map((day, row) => ({
        date: formatDay(day),
        prediction: forecasts.predictions[row]!,
        ...Object.fromEntries(bounds.flatMap(([percent, { lower, upper }]) => [
          [`lower_${percent}`, lower[row]!],
          [`upper_${percent}`, upper[row]!],
        ])),
        last_year: salesOf(day - 7 * SEASON),
      })),
    });
  });
}

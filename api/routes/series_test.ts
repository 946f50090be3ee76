import assert from "node:assert/strict";
import { smallModel, smallSales } from "../../lib/evaluation/testing.ts";
import { inApi } from "../testing.ts";

const text = await smallModel("rf", {}, smallSales(130));

Deno.test("GET /models/{name}/series has the past, and the forecasts that POST /predict makes", () =>
  inApi([], async ({ app, post, store, write }) => {
    await write("rf.json", text);
    await store.refresh();
    const response = await app.request("/models/rf/series?store=2&dept=3&weeks=60");
    assert.equal(response.headers.get("x-model-version"), store.current.served.get("rf")!.version);
    const { history, forecast, ...facts } = await response.json();
    assert.deepEqual(facts, { store: 2, dept: 3, origin: "2012-07-27", basis: "seasonal" });
    assert.equal(history.at(-1).date, "2012-07-27");
    assert.ok(history.every(({ sales }: { sales: number }) => sales > 0));
    assert.equal(forecast.length, 60);
    assert.equal(forecast[0].date, "2012-08-03");

    const { weeks } = await (await app.request("/calendar?from=2012-08-03&weeks=60")).json();
    const { example } = await (await app.request("/models/rf")).json();
    const records = weeks.map((week: Record<string, unknown>) => ({
      ...example,
      Store: 2,
      Dept: 3,
      IsHoliday: week.is_holiday,
      Year: week.year,
      Month: week.month,
      Week: week.week,
    }));
    const { predictions, intervals: [eighty, ninety] } =
      await (await post("/predict", { records, intervals: true })).json();
    for (const [i, week] of forecast.entries()) {
      const { date, prediction, lower_80, upper_80, lower_90, upper_90 } = week;
      assert.equal(date, weeks[i].date);
      assert.equal(prediction, predictions[i]);
      assert.deepEqual([lower_80, upper_80], [eighty.lower[i], eighty.upper[i]]);
      assert.deepEqual([lower_90, upper_90], [ninety.lower[i], ninety.upper[i]]);
    }
    // A season before the first forecast; beyond what is known there is none.
    assert.equal(forecast[0].last_year, history.at(-52).sales);
    assert.equal(forecast[59].last_year, null);
  }));

Deno.test("GET /models/{name}/series says what is wrong with the series that is asked for", () =>
  inApi([], async ({ app, store, write }) => {
    await write("rf.json", text);
    await store.refresh();
    const ask = async (query: string) => {
      const response = await app.request(`/models/rf/series?${query}`);
      return [response.status, (await response.json()).detail];
    };
    assert.deepEqual(await ask("store=9&dept=1"), [
      404,
      "Store 9 has not sold anything of department 1 in the last year that the model knows. GET " +
      "/stores lists what each store sells.",
    ]);
    // 0 stands for all stores inside.
    for (const query of ["", "store=1", "store=0&dept=0", "store=0&dept=1", "store=1&dept=x"]) {
      assert.equal((await ask(query))[0], 422, query);
    }
    for (const weeks of ["0", "105", "1.5"]) {
      assert.equal((await ask(`store=1&dept=1&weeks=${weeks}`))[0], 422);
    }
    assert.equal((await app.request("/models/none/series?store=1&dept=1")).status, 404);
    const { forecast } = await (await app.request("/models/rf/series?store=1&dept=1")).json();
    assert.equal(forecast.length, 39);
  }));

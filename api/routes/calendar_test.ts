import assert from "node:assert/strict";
import { inApi } from "../testing.ts";

Deno.test("GET /calendar has weeks as records name them, with their holidays", () =>
  inApi(["rf"], async ({ app, store }) => {
    const response = await app.request("/calendar?from=2012-11-20&weeks=2");
    assert.equal(response.headers.get("x-model-version"), store.current.served.get("rf")!.version);
    assert.deepEqual(await response.json(), {
      weeks: [
        {
          date: "2012-11-23",
          year: 2012,
          month: 11,
          week: 47,
          is_holiday: true,
          holidays: ["Thanksgiving"],
        },
        { date: "2012-11-30", year: 2012, month: 11, week: 48, is_holiday: false, holidays: [] },
      ],
    });
  }));

Deno.test("GET /calendar begins on a week's day at or after the one that is asked for", () =>
  inApi(["rf"], async ({ app }) => {
    const first = async (query: string) =>
      (await (await app.request(`/calendar?${query}`)).json()).weeks[0]?.date;
    assert.equal(await first("from=2012-11-23"), "2012-11-23");
    assert.equal(await first("from=2012-11-24"), "2012-11-30");
    assert.equal(await first("from=1900-01-01"), "1900-01-05");
    // A year before the origin, which small models have at 2010-02-05.
    assert.equal(await first(""), "2009-02-06");
    const weeks = async (query: string) =>
      (await (await app.request(`/calendar?${query}`)).json()).weeks.length;
    assert.equal(await weeks(""), 160);
    assert.equal(await weeks("weeks=530"), 530);
    assert.equal(await weeks("from=2200-12-20&weeks=10"), 1);
    assert.equal(await weeks("from=2200-12-31"), 0);
  }));

Deno.test("GET /calendar refuses other dates and counts", () =>
  inApi(["rf"], async ({ app }) => {
    for (const query of ["from=2011-02-29", "from=1899-01-01", "from=x", "weeks=0", "weeks=531"]) {
      assert.equal((await app.request(`/calendar?${query}`)).status, 422, query);
    }
    assert.equal((await app.request("/calendar?model=none")).status, 404);
  }));

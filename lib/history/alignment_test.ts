import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDay, parseDay } from "../features/calendar.ts";
import { seasonsTo, sourceWeeks } from "./alignment.ts";

const day = (text: string) => parseDay(text)!;

/** Source weeks as text: each date with its share in sevenths or halves. */
function sources(week: string, origin: string): Record<string, number> {
  return Object.fromEntries(
    sourceWeeks(day(week), day(origin)).map(({ day, share }) => [
      formatDay(day),
      Number(share.toFixed(4)),
    ]),
  );
}

Deno.test("sourceWeeks() takes the same weekday for weeks of holidays that keep it", () => {
  // Thanksgiving, the week before it, Super Bowl, Labor Day.
  assert.deepEqual(sources("2011-11-25", "2011-10-28"), { "2010-11-26": 1 });
  assert.deepEqual(sources("2011-11-18", "2011-10-28"), { "2010-11-19": 1 });
  assert.deepEqual(sources("2012-02-10", "2011-10-28"), { "2011-02-11": 1 });
  assert.deepEqual(sources("2012-09-07", "2012-07-27"), { "2011-09-09": 1 });
});

Deno.test("sourceWeeks() follows holidays into another week, which they enter every few years", () => {
  // 22 November 2012, 28 November 2013.
  assert.deepEqual(sources("2013-11-29", "2013-07-26"), { "2012-11-23": 1 });
  assert.deepEqual(sources("2013-11-22", "2013-07-26"), { "2012-11-16": 1 });
  // Labor Day: 1 September 2014, 7 September 2015.
  assert.deepEqual(sources("2015-09-11", "2015-07-31"), { "2014-09-05": 1 });
  assert.deepEqual(sources("2015-09-04", "2015-07-31"), { "2014-08-29": 0.5, "2014-09-12": 0.5 });
});

Deno.test("sourceWeeks() takes the same dates in December: a day of the week before for each year", () => {
  // 24 to 30 December 2011 are a day of the week to 24 December 2010 and six of the next.
  assert.deepEqual(sources("2011-12-30", "2011-10-28"), {
    "2010-12-31": 0.8571,
    "2010-12-24": 0.1429,
  });
  // A leap day makes two: 22 to 28 December 2012.
  assert.deepEqual(sources("2012-12-28", "2012-07-27"), {
    "2011-12-30": 0.7143,
    "2011-12-23": 0.2857,
  });
  // And in weeks without a holiday.
  assert.deepEqual(sources("2011-07-15", "2011-06-24"), {
    "2010-07-16": 0.8571,
    "2010-07-09": 0.1429,
  });
});

Deno.test("sourceWeeks() follows Easter, and fills the place it had", () => {
  // Good Friday 2011 was on 22 April, in 2012 on 6 April.
  assert.deepEqual(sources("2012-04-06", "2011-10-28"), { "2011-04-22": 1 });
  assert.deepEqual(sources("2012-04-20", "2011-10-28"), { "2011-04-15": 0.5, "2011-04-29": 0.5 });
});

Deno.test("sourceWeeks() takes the same week where the holiday's is not known yet", () => {
  assert.deepEqual(sources("2012-04-06", "2011-04-15"), { "2011-04-08": 1 });
  assert.deepEqual(sources("2012-04-06", "2011-04-22"), { "2011-04-22": 1 });
});

Deno.test("sourceWeeks() goes back as many seasons as lead to the origin", () => {
  assert.equal(seasonsTo(day("2012-07-27"), day("2012-07-27")), 0);
  assert.equal(seasonsTo(day("2012-08-03"), day("2012-07-27")), 1);
  assert.equal(seasonsTo(day("2013-07-26"), day("2012-07-27")), 1);
  assert.equal(seasonsTo(day("2013-08-02"), day("2012-07-27")), 2);
  assert.equal(seasonsTo(day("2012-07-20"), day("2012-07-27")), 0);
  assert.deepEqual(sources("2012-11-23", "2011-10-28"), { "2010-11-26": 1 });
});

Deno.test("sourceWeeks() has shares that sum to 1, of weeks that are near, and known but for Easter's", () => {
  fc.assert(fc.property(
    fc.integer({ min: 2000, max: 3500 }),
    fc.integer({ min: -200, max: 300 }),
    (week, ahead) => {
      // Day 1 was a Friday.
      const origin = 7 * week + 1, day = origin + 7 * ahead;
      const weeks = sourceWeeks(day, origin);
      assert.ok(Math.abs(weeks.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
      for (const { day: source, share } of weeks) {
        assert.ok(share > 0);
        assert.ok(Number.isInteger((day - source) / 7));
        assert.ok(source <= origin + 7, "known, or next to a week that is");
        assert.ok(source > origin - 364 - 5 * 7, "at most five weeks early");
      }
    },
  ));
});

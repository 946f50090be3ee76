import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDay, isoWeek, monthOf, parseDay, yearOf } from "./calendar.ts";

const anyDay = fc.integer({ min: -30_000, max: 60_000 });

Deno.test("parseDay() and formatDay() are inverse for every day", () => {
  fc.assert(fc.property(anyDay, (day) => assert.equal(parseDay(formatDay(day)), day)));
});

Deno.test("parseDay() counts days from 1970-01-01", () => {
  assert.equal(parseDay("1970-01-01"), 0);
  assert.equal(parseDay("2010-02-05"), 14645);
  assert.equal(parseDay("2012-02-29"), 15399);
});

Deno.test("parseDay() refuses dates that are not in the calendar and other notations", () => {
  for (
    const text of [
      "2010-02-30",
      "2011-02-29",
      "2010-13-01",
      "2010-00-10",
      "05/02/2010",
      "2010-2-5",
      "",
    ]
  ) {
    assert.equal(parseDay(text), undefined, text);
  }
});

Deno.test("parseDay() never takes a text that formatDay() would not write", () => {
  const digits = (n: number) =>
    fc.integer({ min: 0, max: 10 ** n - 1 }).map((x) => `${x}`.padStart(n, "0"));
  const text = fc.tuple(digits(4), digits(2), digits(2)).map((parts) => parts.join("-"));
  fc.assert(fc.property(text, (text) => {
    const day = parseDay(text);
    assert.ok(day === undefined || formatDay(day) === text);
  }));
});

Deno.test("yearOf() and monthOf() agree with the written date", () => {
  fc.assert(fc.property(anyDay, (day) => {
    const [year, month] = formatDay(day).split("-").map(Number);
    assert.deepEqual([yearOf(day), monthOf(day)], [year, month]);
  }));
});

Deno.test("isoWeek() gives the weeks that ISO 8601 gives around New Year", () => {
  const weeks = {
    "2010-01-01": 53, // a Friday, of 2009's last week
    "2010-02-05": 5,
    "2010-12-31": 52,
    "2011-01-01": 52,
    "2011-01-07": 1,
    "2012-01-01": 52,
    "2012-12-31": 1,
    "2016-01-01": 53,
  };
  for (const [text, week] of Object.entries(weeks)) {
    assert.equal(isoWeek(parseDay(text)!), week, text);
  }
});

Deno.test("isoWeek() is the same from Monday to Sunday and steps by one, or back to 1", () => {
  fc.assert(fc.property(anyDay, (day) => {
    const monday = day - ((day + 3) % 7 + 7) % 7;
    assert.equal(isoWeek(day), isoWeek(monday));
    const next = isoWeek(monday + 7);
    assert.ok(next === isoWeek(monday) + 1 || next === 1 && isoWeek(monday) >= 52);
  }));
});

Deno.test("isoWeek() counts from the week that holds 4 January", () => {
  fc.assert(fc.property(fc.integer({ min: 1900, max: 2150 }), (year) => {
    assert.equal(isoWeek(parseDay(`${year}-01-04`)!), 1);
  }));
});

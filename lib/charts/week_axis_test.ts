import assert from "node:assert/strict";
import { weekAxis, weekTime } from "./week_axis.ts";

Deno.test("weekAxis() has ticks at months, and at quarters for more than 60 weeks", () => {
  assert.deepEqual(weekAxis(60).axis.tickCount, { interval: "month", step: 1 });
  assert.deepEqual(weekAxis(61).axis.tickCount, { interval: "month", step: 3 });
});

Deno.test("weekTime() is midnight of the day, UTC", () => {
  assert.equal(weekTime(14645), Date.UTC(2010, 1, 5));
});

import assert from "node:assert/strict";
import { LEARNED_FEATURES } from "../../lib/features/table.ts";
import { waterfallRows, waterfallScale } from "./waterfall.tsx";

Deno.test("waterfallRows() begins each part where the last ended, and ends at the sum", () => {
  const terms = [
    { feature: "Sales history", contribution: 1000 },
    ...LEARNED_FEATURES.map(({ name }, index) => ({ feature: name, contribution: 10 - index })),
  ];
  const rows = waterfallRows(terms);
  for (const [index, { from }] of rows.entries()) assert.equal(from, rows[index - 1]?.to ?? 0);
  const sum = terms.reduce((sum, { contribution }) => sum + contribution, 0);
  assert.equal(rows.at(-1)!.to, sum);
  assert.equal(rows.length, 8);
  assert.match(rows.at(-1)!.label, /^\d+ smaller parts$/);
});

Deno.test("waterfallRows() names parts in words", () => {
  const [start, week] = waterfallRows([
    { feature: "Week", contribution: -5 },
    { feature: "Sales history", contribution: 20 },
  ]);
  assert.deepEqual([start!.label, start!.start], ["Past sales, by season", true]);
  assert.deepEqual([week!.label, week!.from, week!.to], ["Week", 20, 15]);
});

Deno.test("waterfallScale() begins at 0 unless all that happens is far from it", () => {
  const terms = (week: number) => [
    { feature: "Sales history", contribution: 1000 },
    { feature: "Week", contribution: week },
  ];
  assert.deepEqual(waterfallScale(waterfallRows(terms(-900)), 100), { low: 0, high: 1000 });
  assert.deepEqual(waterfallScale(waterfallRows(terms(-20)), 980), { low: 970, high: 1000 });
  assert.deepEqual(waterfallScale(waterfallRows(terms(-1100)), -100), { low: -100, high: 1000 });
});

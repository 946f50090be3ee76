import assert from "node:assert/strict";
import fc from "fast-check";
import { type ChampionFigure, type Contest, decide } from "./decide.ts";

const contest: Contest = {
  metric: "wmae",
  margin: 0.01,
  refresh: false,
  challenger: 1980,
  naive: 2034,
  champion: null,
  isNewer: true,
};

const champion = (value: number, fields: Partial<ChampionFigure> = {}): ChampionFigure => ({
  value,
  comparison: "measured",
  sameParameters: false,
  ...fields,
});

Deno.test("decide() makes the first version that beats seasonal naive champion", () => {
  assert.deepEqual(decide(contest), {
    promoted: true,
    reason: "WMAE 1,980 beats seasonal naive, 2,034, and there is no champion yet.",
  });
});

Deno.test("decide() never promotes what does not beat seasonal naive", () => {
  for (const challenger of [2034, 2035, NaN]) {
    const { promoted, reason } = decide({ ...contest, challenger, champion: champion(9999) });
    assert.equal(promoted, false);
    assert.match(reason, /does not beat seasonal naive, 2,034\.$/);
  }
});

Deno.test("decide() wants the champion to be beaten by the margin", () => {
  const against = (value: number) => decide({ ...contest, champion: champion(value) });
  assert.deepEqual(against(2000), {
    promoted: true,
    reason:
      "WMAE 1,980 beats seasonal naive, 2,034, and the champion (2,000) by 1 %; 1 % were wanted.",
  });
  assert.deepEqual(against(1990), {
    promoted: false,
    reason: "WMAE 1,980 beats the champion (1,990) by 0.5 % only; 1 % were wanted.",
  });
  assert.deepEqual(against(1900), {
    promoted: false,
    reason: "WMAE 1,980 does not beat the champion (1,900).",
  });
  const refitted = champion(1900, { comparison: "refitted" });
  assert.equal(
    decide({ ...contest, champion: refitted }).reason,
    "WMAE 1,980 does not beat the champion refitted on the weeks before (1,900).",
  );
  // An equal one is no better, whatever the margin.
  assert.equal(decide({ ...contest, margin: 0, champion: champion(1980) }).promoted, false);
});

Deno.test("decide() lets the champion's parameters take over with later weeks, where that is wished", () => {
  const same = champion(1980, { comparison: "refitted", sameParameters: true });
  const wished = { ...contest, champion: same, refresh: true };
  assert.equal(decide(wished).promoted, true);
  assert.equal(decide({ ...wished, isNewer: false }).promoted, false);
  assert.equal(decide({ ...wished, naive: 1900 }).promoted, false);
  const refused = decide({ ...wished, refresh: false });
  assert.equal(refused.promoted, false);
  assert.match(refused.reason, /registry\.refresh/);
});

Deno.test("decide() repeats why a champion cannot be compared, and leaves it", () => {
  assert.deepEqual(decide({ ...contest, champion: "It cannot be compared." }), {
    promoted: false,
    reason: "It cannot be compared.",
  });
});

Deno.test("decide() promotes only what is better than both", () => {
  const error = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(error, error, error, fc.double({ min: 0, max: 0.5, noNaN: true }), (a, b, c, m) => {
      const { promoted } = decide({
        ...contest,
        margin: m,
        challenger: a,
        naive: b,
        champion: champion(c),
      });
      assert.equal(promoted, a < b && a < c && 1 - a / c >= m);
    }),
  );
});

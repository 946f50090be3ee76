import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { type Profile, profileDataset, readProfile } from "./profile.ts";

const frame = (days: number[]) =>
  pl.DataFrame({
    Date: days,
    Store: days.map((_, i) => i % 2),
    Dept: days,
    MarkDown1: pl.Series("MarkDown1", days.map((day) => day > 14652 ? 1 : null), pl.Float64),
  });
const split = { validation_weeks: 1, validation_fraction: 0.5, seed: 3 };
const sets = {
  all: frame([14645, 14652, 14659]),
  train: frame([14645, 14652]),
  validation: frame([14659]),
};

const expected: Profile = {
  split: { strategy: "time", validation_weeks: 1 },
  rows: { raw: 5, train: 2, validation: 1 },
  dropped: [{ reason: "Weekly_Sales is missing", rows: 2 }],
  stores: 2,
  departments: 3,
  weeks: {
    all: { first: "2010-02-05", last: "2010-02-19", count: 3 },
    train: { first: "2010-02-05", last: "2010-02-12", count: 2 },
    validation: { first: "2010-02-19", last: "2010-02-19", count: 1 },
  },
  nulls: { MarkDown1: 2 },
};

Deno.test("profileDataset() counts rows, weeks, missing cells and what was dropped", () => {
  assert.deepEqual(
    profileDataset(sets, expected.dropped, { strategy: "time", ...split }),
    expected,
  );
});

Deno.test("profileDataset() names only the parameters that the split uses", () => {
  assert.deepEqual(profileDataset(sets, [], { strategy: "random", ...split }).split, {
    strategy: "random",
    validation_fraction: 0.5,
    seed: 3,
  });
});

Deno.test("readProfile() gives back a profile, and refuses anything else", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, JSON.stringify(expected));
    assert.deepEqual(await readProfile(path), expected);
    for (const text of ["{", "{}", JSON.stringify({ ...expected, stores: -1 })]) {
      await Deno.writeTextFile(path, text);
      await assert.rejects(readProfile(path), /is damaged: expected what preprocess writes/);
    }
  } finally {
    await Deno.remove(path);
  }
  await assert.rejects(readProfile(path), /is missing\. Run `deno task repro`/);
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { type BundledColumns, type Codes, findBundles, layOut } from "./bundles.ts";
import { createRandom, samplePlace } from "./random.ts";

/** Checks what holds for bundles of any columns. */
function checkBundles(found: BundledColumns, columns: Codes[], sizes: number[], limit: number) {
  const numbers = found.bundles.flatMap((bundle) => bundle.columns);
  assert.deepEqual(numbers.toSorted((a, b) => a - b), [...columns.keys()]);
  for (const [i, { columns: members, size, parts }] of found.bundles.entries()) {
    const width = members.length;
    if (width === 1) assert.equal(size, sizes[members[0]!]);
    else assert.ok(size <= limit, `${size} combinations`);
    assert.equal(parts.length, size * width);
    for (const [part, member] of members.entries()) {
      const restored = Array.from(found.columns[i]!, (code) => parts[code * width + part]);
      assert.deepEqual(restored, Array.from(columns[member]!));
    }
  }
}

/** Columns of up to 300 rows, most of them functions of one of 20 keys. */
const table = fc.record({
  seed: fc.nat(),
  rows: fc.nat(300),
  // Some fill a byte, some need two.
  sizes: fc.array(fc.constantFrom(1, 2, 5, 30, 256, 400), { minLength: 1, maxLength: 7 }),
}).map(({ seed, rows, sizes }) => {
  const random = createRandom(seed);
  const keys = Array.from({ length: rows }, () => random.integer(20));
  const columns = sizes.map((size): Codes => {
    const ofKey = Array.from({ length: 20 }, () => random.integer(size));
    const isFunction = random.integer(3) > 0;
    const codes = keys.map((key) => isFunction ? ofKey[key]! : random.integer(size));
    return size > 256 ? Uint16Array.from(codes) : Uint8Array.from(codes);
  });
  return { columns, sizes };
});

Deno.test("findBundles() puts each column in one bundle within the limit, and loses nothing", () => {
  const limit = fc.constantFrom(1, 4, 256, 8192, 65_536);
  fc.assert(fc.property(table, limit, ({ columns, sizes }, limit) => {
    checkBundles(findBundles(columns, sizes, limit), columns, sizes, limit);
  }));
});

Deno.test("findBundles() joins what depends on each other, and leaves alone what does not", () => {
  const rows = Array.from({ length: 4000 }, (_, row) => row);
  const columns = [
    (row: number) => row % 40,
    (row: number) => Math.floor(row / 40),
    (row: number) => (row % 40) * 7 % 11,
    (row: number) => Math.floor(row / 40) * 13 % 17,
  ].map((of) => Uint8Array.from(rows, of));
  const { bundles } = findBundles(columns, [40, 100, 11, 17], 256);
  const found = bundles.map(({ columns, size }) => [columns.toSorted(), size]);
  assert.deepEqual(new Set(found), new Set([[[0, 2], 40], [[1, 3], 100]]));
});

Deno.test("findBundles() falls back on parts where its sample misleads, and loses nothing", () => {
  // One row out of two is looked at.
  const length = 16_384;
  const seen = new Set(Array.from({ length: length / 2 }, (_, i) => samplePlace(i, 2, length)));
  const unseen = Array.from({ length }, (_, row) => row).filter((row) => !seen.has(row));
  const random = createRandom(1);
  const first = Uint8Array.from({ length }, () => random.integer(200));
  const second = first.map((code) => 199 - code);
  /** The last column is a function of the others, except in `rows`. */
  const find = (rows: number[], limit: number) => {
    const last = first.map((code) => code % 7);
    for (const row of rows) last[row] = (last[row]! + 1 + random.integer(6)) % 7;
    const columns = [first, second, last], sizes = [200, 200, 7];
    const found = findBundles(columns, sizes, limit);
    checkBundles(found, columns, sizes, limit);
    return new Set(found.bundles.map(({ columns, size }) => [columns.toSorted(), size]));
  };
  assert.deepEqual(find([], 200), new Set([[[0, 1, 2], 200]]));
  assert.deepEqual(find([unseen.at(-1)!], 201), new Set([[[0, 1, 2], 201]]));
  assert.deepEqual(find([unseen.at(-1)!], 200), new Set([[[0, 1], 200], [[2], 7]]));
  assert.deepEqual(find(unseen, 256), new Set([[[0, 1], 200], [[2], 7]]));
});

Deno.test("layOut() sets bundles' codes row by row, and gives each bundle slots of its own", () => {
  fc.assert(fc.property(table, fc.constantFrom(256, 8192), ({ columns, sizes }, limit) => {
    const found = findBundles(columns, sizes, limit);
    const rows = columns[0]!.length, width = found.bundles.length;
    const { codes, starts } = layOut(found, rows);
    assert.equal(codes.length, rows * width);
    assert.equal(starts.length, width + 1);
    assert.equal(starts[0], 0);
    for (const [i, { size }] of found.bundles.entries()) {
      assert.equal(starts[i + 1]! - starts[i]!, size);
      const column = codes.filter((_, at) => at % width === i);
      assert.deepEqual(Array.from(column), Array.from(found.columns[i]!));
    }
  }));
});

import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { pack } from "./compress.ts";
import {
  bytesToCounts,
  bytesToDifferences,
  countsToBytes,
  differencesToBytes,
  fromBytes,
  toBytes,
  unpack,
} from "./pack.ts";

Deno.test("unpack() gives back the bytes that pack() took", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
    assert.deepEqual(unpack(pack(bytes)), bytes);
  }));
  assert.deepEqual(unpack(pack(new Uint8Array(100_000))), new Uint8Array(100_000));
});

Deno.test("fromBytes() gives back the bits of the numbers that toBytes() took", () => {
  fc.assert(fc.property(fc.float64Array({ maxLength: 300 }), (numbers) => {
    assert.deepEqual(fromBytes(toBytes(numbers)), numbers);
    // A part of a longer buffer too.
    assert.deepEqual(fromBytes(toBytes(numbers.subarray(1))), numbers.slice(1));
  }));
  // 1 is 3ff0 and -2 is c000, then zeros: planes from the lowest byte to the highest.
  const planes = [...new Array(12).fill(0), 0xf0, 0, 0x3f, 0xc0];
  assert.deepEqual([...toBytes(Float64Array.of(1, -2))], planes);
});

Deno.test("bytesToDifferences() gives back the numbers that differencesToBytes() took", () => {
  const some = fc.oneof(
    fc.integer({ min: -300, max: 300 }),
    fc.integer(),
    fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0),
  );
  fc.assert(fc.property(fc.array(some, { maxLength: 300 }), (values) => {
    const numbers = Int32Array.from(values);
    assert.deepEqual(bytesToDifferences(differencesToBytes(numbers), numbers.length), numbers);
  }));
});

Deno.test("differencesToBytes() takes as few bytes a number as the largest difference needs", () => {
  const bytes = (...numbers: number[]) => [...differencesToBytes(Int32Array.from(numbers))];
  assert.deepEqual(bytes(), []);
  assert.deepEqual(bytes(0), [0]);
  assert.deepEqual(bytes(127, 0, -128), [254, 253, 255]);
  assert.deepEqual(bytes(128, 127), [0, 1, 1, 0]);
  assert.equal(bytes(2 ** 15 - 1).length, 2);
  assert.equal(bytes(2 ** 15).length, 3);
  assert.equal(bytes(2 ** 23).length, 4);
});

Deno.test("bytesToCounts() gives back the numbers that countsToBytes() took", () => {
  const count = fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1), fc.constantFrom(2 ** 32 - 1, 2 ** 31));
  fc.assert(fc.property(fc.array(count, { maxLength: 300 }), (values) => {
    const counts = Uint32Array.from(values);
    assert.deepEqual(bytesToCounts(countsToBytes(counts), counts.length), counts);
  }));
  assert.deepEqual([...countsToBytes(Uint32Array.of(255, 0))], [255, 0]);
  assert.deepEqual([...countsToBytes(Uint32Array.of(258, 7))], [2, 7, 1, 0]);
  assert.throws(() => bytesToCounts(new Uint8Array(3), 2), RangeError);
});

Deno.test("bytesToDifferences() and fromBytes() refuse another number of bytes, however large", () => {
  for (const [bytes, length] of [[0, 1], [3, 2], [1, 2], [5, 1], [1, 0], [8, 2 ** 52]] as const) {
    assert.throws(() => bytesToDifferences(new Uint8Array(bytes), length), RangeError);
  }
  for (const bytes of [1, 7, 9]) assert.throws(() => fromBytes(new Uint8Array(bytes)), RangeError);
});

Deno.test("unpack() refuses what is not base64 of whole zlib data", () => {
  const text = pack(Uint8Array.from({ length: 200 }, (_, i) => i * i));
  const packed = Uint8Array.fromBase64(text);
  for (let cut = 0; cut < packed.length; cut++) {
    assert.throws(() => unpack(packed.subarray(0, cut).toBase64()), `cut at ${cut}`);
  }
  for (const other of ["?", "AAAA", btoa("plain text"), text.slice(1), text + "!"]) {
    assert.throws(() => unpack(other), other);
  }
});

Deno.test("unpack() refuses more bytes than it may give, without unpacking them all", () => {
  const text = pack(new Uint8Array(1000));
  assert.equal(unpack(text, 1000).length, 1000);
  for (const most of [999, 1, 0]) assert.throws(() => unpack(text, most));
  const bomb = deflateSync(new Uint8Array(2 ** 24)).toString("base64");
  assert.ok(bomb.length < 30_000);
  assert.throws(() => unpack(bomb, 2 ** 20));
});

import assert from "node:assert/strict";
import { readBinaryTensor, writeBinaryTensor } from "./binary_tensor.ts";
import { Problem } from "./problem.ts";

/** Bytes written as hexadecimal digits. */
const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));

Deno.test("readBinaryTensor() reads each datatype, little endian", () => {
  // As struct.pack("<...") of Python writes them.
  const cases: [datatype: string, bytes: string, values: unknown[]][] = [
    ["FP64", "000000000000f8bf 000000000000f87f", [-1.5, null]],
    ["FP32", "0000c0bf 0000807f", [-1.5, Infinity]],
    ["FP16", "00be 007e", [-1.5, null]],
    ["INT64", "feffffffffffffff 0100000000000000", [-2, 1]],
    ["INT32", "feffffff 01000000", [-2, 1]],
    ["INT16", "feff 0100", [-2, 1]],
    ["INT8", "fe 01", [-2, 1]],
    ["UINT64", "feffffffffffffff 0100000000000000", [2 ** 64, 1]],
    ["UINT32", "feffffff 01000000", [2 ** 32 - 2, 1]],
    ["UINT16", "feff 0100", [65_534, 1]],
    ["UINT8", "fe 01", [254, 1]],
    ["BOOL", "00 01", [false, true]],
    ["BYTES", "01000000 41 03000000 e282ac", ["A", "€"]],
    ["BYTES", "00000000 02000000 4142", ["", "AB"]],
  ];
  for (const [datatype, bytes, values] of cases) {
    // At an address that no number of several bytes would start at.
    const moved = hex("00" + bytes).subarray(1);
    assert.deepEqual(readBinaryTensor("x", datatype, 2, moved), values, datatype);
  }
});

Deno.test("readBinaryTensor() refuses bytes that are not so many values", () => {
  const cases: [datatype: string, bytes: string, message: RegExp][] = [
    ["FP64", "00", /^Expected 16 bytes for 2 values of x in FP64, but found 1\.$/],
    ["INT16", "0000 0000 0000", /^Expected 4 bytes .* found 6\.$/],
    ["BOOL", "00 02", /^Expected 0 or 1 as bytes of x, but found 2\.$/],
    ["BYTES", "", /^Expected 2 texts of x, but found 0\.$/],
    ["BYTES", "01000000 41", /^Expected 2 texts of x, but found 1\.$/],
    ["BYTES", "01000000 41 0100", /as value 1 of x, but found the end of its 7 bytes\.$/],
    ["BYTES", "01000000 41 ffffffff 41", /as value 1 of x, but found the end/],
    ["BYTES", "00000000 00000000 00000000", /^Expected 2 texts of x, but found more bytes/],
    ["BYTES", "01000000 ff 00000000", /^Expected text in UTF-8 as value 0 of x/],
  ];
  for (const [datatype, bytes, message] of cases) {
    assert.throws(
      () => readBinaryTensor("x", datatype, 2, hex(bytes)),
      (error) => error instanceof Problem && error.status === 400 && message.test(error.message),
      `${datatype} ${bytes}`,
    );
  }
});

Deno.test("writeBinaryTensor() writes what readBinaryTensor() reads", () => {
  const values = [0, -0.5, 25_629.246_278_701_53, 1e-300];
  assert.deepEqual(readBinaryTensor("x", "FP64", 4, writeBinaryTensor(values)), values);
  assert.equal(writeBinaryTensor([-1.5]).toHex(), "000000000000f8bf");
});

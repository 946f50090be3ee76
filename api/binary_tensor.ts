import { Problem } from "./problem.ts";

/** How many bytes a number takes, and how it is read. */
type NumberReader = [width: number, read: (view: DataView, at: number) => number];

const NUMBERS: Record<string, NumberReader> = {
  FP64: [8, (view, at) => view.getFloat64(at, true)],
  FP32: [4, (view, at) => view.getFloat32(at, true)],
  FP16: [2, (view, at) => view.getFloat16(at, true)],
  // Where one is too long for a number, it is out of the range of every feature too.
  INT64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  INT32: [4, (view, at) => view.getInt32(at, true)],
  INT16: [2, (view, at) => view.getInt16(at, true)],
  INT8: [1, (view, at) => view.getInt8(at)],
  UINT64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  UINT32: [4, (view, at) => view.getUint32(at, true)],
  UINT16: [2, (view, at) => view.getUint16(at, true)],
  UINT8: [1, (view, at) => view.getUint8(at)],
};

/** Datatypes of numbers that a tensor may have. */
export const NUMBER_TYPES = Object.keys(NUMBERS);

/**
 * The values of a tensor as the Open Inference Protocol's binary data extension has them: little
 * endian, one behind the other; a text is its length in four bytes, then UTF-8.
 *
 * @param name Of the tensor, for messages.
 * @param datatype `BOOL`, `BYTES` or one of {@linkcode NUMBER_TYPES}.
 * @param rows How many values the shape says there are.
 * @returns Values as JSON has them; NaN, which no feature takes, is `null`: missing.
 * @throws {Problem} 400 where the bytes are not that many such values.
 *
 * @example
 * ```ts
 * import { readBinaryTensor } from "./binary_tensor.ts";
 * console.log(readBinaryTensor("Store", "INT16", 2, Uint8Array.of(1, 0, 2, 0))); // [ 1, 2 ]
 * ```
 */
export function readBinaryTensor(
  name: string,
  datatype: string,
  rows: number,
  bytes: Uint8Array,
): (number | boolean | string | null)[] {
  if (datatype === "BYTES") return readTexts(name, rows, bytes);
  const [width, read] = NUMBERS[datatype] ?? NUMBERS["UINT8"]!;
  if (bytes.length !== width * rows) {
    throw new Problem(
      400,
      `Expected ${width * rows} bytes for ${rows} values of ${name} in ${datatype}, but found ` +
        `${bytes.length}.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: rows }, (_, row) => {
    const value = read(view, width * row);
    if (datatype !== "BOOL") return Number.isNaN(value) ? null : value;
    if (value > 1) {
      throw new Problem(400, `Expected 0 or 1 as bytes of ${name}, but found ${value}.`);
    }
    return value === 1;
  });
}

function readTexts(name: string, rows: number, bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.length && texts.length < rows) {
    const end = at + 4 <= bytes.length ? at + 4 + view.getUint32(at, true) : Infinity;
    if (end > bytes.length) {
      throw new Problem(
        400,
        `Expected four bytes of length and a text as value ${texts.length} of ${name}, but found ` +
          `the end of its ${bytes.length} bytes.`,
      );
    }
    try {
      texts.push(strictUtf8.decode(bytes.subarray(at + 4, end)));
    } catch {
      throw new Problem(
        400,
        `Expected text in UTF-8 as value ${texts.length} of ${name}, but found bytes that are none.`,
      );
    }
    at = end;
  }
  if (texts.length < rows || at < bytes.length) {
    const found = at < bytes.length ? "more bytes than these have" : `${texts.length}`;
    throw new Problem(400, `Expected ${rows} texts of ${name}, but found ${found}.`);
  }
  return texts;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Numbers as a binary tensor of the datatype `FP64`. */
export function writeBinaryTensor(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [row, value] of values.entries()) view.setFloat64(8 * row, value, true);
  return bytes;
}

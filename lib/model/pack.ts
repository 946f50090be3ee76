import { inflateSync } from "node:zlib";

/** Most bytes that a packed array may unpack to; a forest of 100 full trees has 60 MB. */
const MAX_BYTES = 2 ** 30;

/**
 * Bytes of numbers, little-endian, all lowest bytes before all second bytes and so on: bytes of like
 * meaning side by side compress better.
 */
export function toBytes(array: Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const planes = new Uint8Array(bytes.length);
  for (let i = 0; i < array.length; i++) {
    for (let plane = 0; plane < 8; plane++) {
      planes[plane * array.length + i] = bytes[i * 8 + plane]!;
    }
  }
  return planes;
}

/**
 * The inverse of {@linkcode toBytes}.
 *
 * @throws {RangeError} where there are not 8 bytes a number.
 */
export function fromBytes(planes: Uint8Array): Float64Array<ArrayBuffer> {
  if (planes.length % 8 !== 0) {
    throw new RangeError(`Expected 8 bytes a number, but found ${planes.length} bytes`);
  }
  const array = new Float64Array(planes.length / 8);
  const bytes = new Uint8Array(array.buffer);
  for (let i = 0; i < array.length; i++) {
    for (let plane = 0; plane < 8; plane++) {
      bytes[i * 8 + plane] = planes[plane * array.length + i]!;
    }
  }
  return array;
}

/**
 * Bytes of whole numbers from 0 up, in as few bytes a number as the largest needs; bytes by planes as
 * in {@linkcode toBytes}.
 */
export function countsToBytes(counts: Uint32Array): Uint8Array<ArrayBuffer> {
  const { length } = counts;
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, counts[i]!);
  const width = length > 0 ? Math.max(1, Math.ceil((32 - Math.clz32(largest)) / 8)) : 0;
  const planes = new Uint8Array(length * width);
  for (let plane = 0; plane < width; plane++) {
    for (let i = 0; i < length; i++) planes[plane * length + i] = counts[i]! >>> (8 * plane);
  }
  return planes;
}

/**
 * The inverse of {@linkcode countsToBytes}.
 *
 * @throws {RangeError} where the bytes are not those of `length` numbers.
 */
export function bytesToCounts(planes: Uint8Array, length: number): Uint32Array<ArrayBuffer> {
  const width = length > 0 ? planes.length / length : 1;
  if (planes.length !== width * length || !Number.isInteger(width) || width < 1 || width > 4) {
    throw new RangeError(`Expected bytes of ${length} numbers, but found ${planes.length} bytes`);
  }
  // The lowest plane by the engine: a loop is slow until the engine has compiled it.
  const counts = new Uint32Array(planes.subarray(0, length)), bytes = new Uint8Array(counts.buffer);
  for (let plane = 1; plane < width; plane++) {
    const first = plane * length;
    for (let i = 0; i < length; i++) bytes[4 * i + plane] = planes[first + i]!;
  }
  return counts;
}

/**
 * Bytes of whole numbers of at most 32 bits as their differences from one to the next, the sign in
 * the lowest bit, as {@linkcode countsToBytes} writes them.
 */
export function differencesToBytes(numbers: Int32Array): Uint8Array<ArrayBuffer> {
  const { length } = numbers;
  const zigzag = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const difference = (numbers[i]! - (i > 0 ? numbers[i - 1]! : 0)) | 0;
    zigzag[i] = (difference << 1) ^ (difference >> 31);
  }
  return countsToBytes(zigzag);
}

/**
 * The inverse of {@linkcode differencesToBytes}.
 *
 * @throws {RangeError} where the bytes are not those of `length` numbers.
 */
export function bytesToDifferences(planes: Uint8Array, length: number): Int32Array<ArrayBuffer> {
  const zigzags = bytesToCounts(planes, length);
  const numbers = new Int32Array(length);
  let number = 0;
  for (let i = 0; i < length; i++) {
    const zigzag = zigzags[i]!;
    number = (number + ((zigzag >>> 1) ^ -(zigzag & 1))) | 0;
    numbers[i] = number;
  }
  return numbers;
}

/**
 * The inverse of `pack()` of compress.ts; by the engine's own zlib, several times as fast as the package:
 * what it gives does not depend on the version.
 *
 * @param maxBytes Most bytes to unpack: zlib shrinks zeros a thousandfold, so that a short text could
 * else fill the memory.
 * @throws {Error} where the text is not base64 of zlib data, or of more than `maxBytes`.
 */
export function unpack(text: string, maxBytes = MAX_BYTES): Uint8Array {
  const packed = Uint8Array.fromBase64(text);
  // In as few chunks as will do: they are put together by copying.
  const chunkSize = Math.max(1024, Math.min(packed.length * 8, 2 ** 24));
  const { buffer, byteOffset, byteLength } = inflateSync(packed, {
    chunkSize,
    maxOutputLength: Math.min(maxBytes, MAX_BYTES),
  });
  return new Uint8Array(buffer, byteOffset, byteLength);
}

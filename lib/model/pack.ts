import { unzlibSync, zlibSync } from "fflate";

/** Arrays that {@linkcode pack} takes. */
export type PackedArray = Uint8Array | Float32Array | Float64Array;

/**
 * Bytes of an array, little-endian, all first bytes before all second bytes and so on: bytes of like
 * meaning side by side compress better.
 */
export function toBytes(array: PackedArray): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const width = array.BYTES_PER_ELEMENT;
  const planes = new Uint8Array(bytes.length);
  for (let i = 0; i < array.length; i++) {
    for (let plane = 0; plane < width; plane++) {
      planes[plane * array.length + i] = bytes[i * width + plane]!;
    }
  }
  return planes;
}

/** The inverse of {@linkcode toBytes}. */
export function fromBytes<A extends PackedArray>(
  planes: Uint8Array,
  type: { new (length: number): A; BYTES_PER_ELEMENT: number },
): A {
  const width = type.BYTES_PER_ELEMENT;
  const array = new type(Math.floor(planes.length / width));
  const bytes = new Uint8Array(array.buffer);
  for (let i = 0; i < array.length; i++) {
    for (let plane = 0; plane < width; plane++) {
      bytes[i * width + plane] = planes[plane * array.length + i]!;
    }
  }
  return array;
}

/**
 * Compresses bytes to text: zlib, then base64. The compressor is a pinned package and not the
 * engine's own, whose output differs between versions: equal models are equal files.
 */
export function pack(bytes: Uint8Array): string {
  return zlibSync(bytes, { level: 9 }).toBase64();
}

/**
 * The inverse of {@linkcode pack}.
 *
 * @throws {Error} where the text is not base64 of zlib data.
 */
export function unpack(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(unzlibSync(Uint8Array.fromBase64(text)));
}

import { zlibSync } from "fflate";

/**
 * Compresses bytes to text: zlib, then base64. The compressor is a pinned package and not the
 * engine's own, whose output differs between versions: equal models are equal files.
 */
export function pack(bytes: Uint8Array): string {
  return zlibSync(bytes, { level: 9 }).toBase64();
}

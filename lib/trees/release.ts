/**
 * Gives an array's memory back at once; the array is empty from then on. Tables have arrays of many
 * megabytes, and the garbage collector may leave them for long.
 */
export function release(array: { buffer: ArrayBufferLike }): void {
  if (array.buffer instanceof ArrayBuffer) array.buffer.transfer(0);
}

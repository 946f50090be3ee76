import type { Level } from "../../lib/intervals/conformal.ts";
import { testModel } from "../testing.ts";
import type { BatchFormat, BatchOptions } from "./batch.ts";
import { batchStream } from "./batch_stream.ts";

/**
 * Text or bytes in pieces. For tests only.
 *
 * @param ends Any numbers, of which the pieces' ends are made.
 */
export function pieces<Whole extends string | Uint8Array>(whole: Whole, ends: number[]): Whole[] {
  const inside = ends.map((end) => end % (whole.length + 1)).sort((a, b) => a - b);
  const cuts = [0, ...inside, whole.length];
  return cuts.slice(1).map((end, i) => whole.slice(cuts[i], end) as Whole);
}

/**
 * What a format makes of an input. For tests only.
 *
 * @param ends Of the pieces in which its bytes come; see {@linkcode pieces}.
 */
export async function answer(
  format: (options: BatchOptions) => BatchFormat,
  input: string | Uint8Array,
  { ends = [], levels = [] }: { ends?: number[]; levels?: Level[] } = {},
): Promise<string> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const body = ReadableStream.from(pieces(bytes, ends));
  const model = await testModel("rf");
  const stream = await batchStream(body, format({ model, levels }), { timeout: 10, onEnd() {} });
  return await new Response(stream).text();
}

import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import type { DataFrame } from "nodejs-polars";
import { UserError } from "../errors.ts";
import { readFile } from "../files.ts";

const MAKE_ANEW = "Run `deno task repro --force` to make it anew.";

/**
 * Reads a Parquet file that the pipeline made.
 *
 * @param columns Names of those that it has to have; it may have others.
 * @throws {UserError} where the file is missing, is not Parquet or lacks a column.
 */
export async function readFrame(path: string, columns: readonly string[]): Promise<DataFrame> {
  const bytes = await readFile(path, "Run `deno task repro` to make it.");
  let frame: DataFrame;
  try {
    frame = pl.readParquet(Buffer.from(bytes.buffer));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(`${path} cannot be read as Parquet (${reason}). ${MAKE_ANEW}`);
  }
  const missing = columns.filter((name) => !frame.columns.includes(name));
  if (missing.length > 0) {
    throw new UserError(
      `${path}: expected the columns ${missing.join(", ")}, but they are missing. ${MAKE_ANEW}`,
    );
  }
  return frame;
}

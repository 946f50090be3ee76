import { UserError } from "../lib/errors.ts";
import { AnswerCounter } from "./csv_answers.ts";

/** How a server answered a stream of rows. */
export interface StreamOutcome {
  rowsASecond: number;
  /** The most memory that the server had in use when a tenth was answered, and in the end, in MB. */
  tenthMb: number | undefined;
  peakMb: number | undefined;
}

/** Milliseconds between looks at how much was answered. */
const PAUSE = 50;

/**
 * Streams a CSV file to a server by curl, which takes a hundredth of the time that the server does;
 * a client in Deno takes as long as it, and on two cores measures itself.
 *
 * @param url Of the server's `/predict/batch`.
 * @param path The file; the answer goes beside it.
 * @param rows How many the file holds.
 * @param peakMb Tells the most memory that the server had in use so far.
 * @throws {UserError} where curl is missing.
 * @throws {Error} where some row is not answered, or with an error.
 */
export async function streamRows(
  url: string,
  path: string,
  rows: number,
  peakMb: () => Promise<number | undefined>,
): Promise<StreamOutcome> {
  const answer = `${path}.answer`;
  await Deno.writeTextFile(answer, "");
  const tenth = (await Deno.stat(path)).size / 10;
  const start = performance.now();
  const curl = startCurl(["-H", "content-type: text/csv", "-T", path, "-o", answer, url]);
  let isOver = false;
  const over = curl.output().finally(() => isOver = true);
  while (!isOver && (await Deno.stat(answer)).size < tenth) {
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, PAUSE))]);
  }
  const tenthMb = await peakMb();
  const { success, stderr } = await over;
  const seconds = (performance.now() - start) / 1000;
  if (!success) {
    throw new Error(`Expected ${url} to answer, but found ${new TextDecoder().decode(stderr)}`);
  }
  const answers = new AnswerCounter();
  using file = await Deno.open(answer);
  for await (const bytes of file.readable) answers.add(bytes);
  await Deno.remove(answer);
  if (answers.rows !== rows || answers.errors > 0) {
    throw new Error(
      `Expected ${url} to answer ${rows} rows, but found ${answers.rows}, ` +
        `${answers.errors} of them with an error`,
    );
  }
  return { rowsASecond: rows / seconds, tenthMb, peakMb: await peakMb() };
}

function startCurl(args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command("curl", {
      args: ["--silent", "--show-error", "--fail", "--request", "POST", ...args],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError("curl was not found. Install it, and run again.");
  }
}

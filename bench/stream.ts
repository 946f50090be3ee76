import { AnswerCounter } from "./csv_answers.ts";

/** How a server answered a stream of rows. */
export interface StreamOutcome {
  rowsASecond: number;
  /** The most memory that the server had in use when a tenth was answered, and in the end, in MB. */
  tenthMb: number | undefined;
  peakMb: number | undefined;
}

/**
 * Streams a CSV file to a server, and reads its answer meanwhile.
 *
 * @param url Of the server's `/predict/batch`.
 * @param rows How many the file holds.
 * @param peakMb Tells the most memory that the server had in use so far.
 * @throws {Error} where some row is not answered, or with an error.
 */
export async function streamRows(
  url: string,
  path: string,
  rows: number,
  peakMb: () => Promise<number | undefined>,
): Promise<StreamOutcome> {
  const start = performance.now();
  const file = await Deno.open(path);
  const headers = { "content-type": "text/csv" };
  const response = await fetch(url, { method: "POST", headers, body: file.readable });
  if (!response.ok) {
    throw new Error(`Expected ${url} to answer, but found ${await response.text()}`);
  }
  const answers = new AnswerCounter();
  let tenth: Promise<number | undefined> | undefined;
  for await (const bytes of response.body!) {
    answers.add(bytes);
    if (answers.rows >= rows / 10) tenth ??= peakMb();
  }
  const seconds = (performance.now() - start) / 1000;
  if (answers.rows !== rows || answers.errors > 0) {
    throw new Error(
      `Expected ${url} to answer ${rows} rows, but found ${answers.rows}, ` +
        `${answers.errors} of them with an error`,
    );
  }
  return { rowsASecond: rows / seconds, tenthMb: await tenth, peakMb: await peakMb() };
}

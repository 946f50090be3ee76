import Papa from "papaparse";

/** What the API answers to a row; numbers are NaN where there are none. */
export interface RowAnswer {
  prediction: number;
  lower: number;
  upper: number;
  error?: { column: string; message: string };
}

/**
 * Reads the API's answer to a block of rows. An answer that was cut off has fewer rows than were
 * sent: the last is left out where its line does not end.
 *
 * @param level Of the ranges, in per cent.
 */
export function readAnswer(text: string, level: number | null): RowAnswer[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1).replace(/\r?\n$/, "");
  const [header = [], ...rows] = Papa.parse<string[]>(whole, { delimiter: "," }).data;
  const place = (name: string) => header.indexOf(name);
  const at = {
    prediction: place("prediction"),
    lower: place(`lower_${level}`),
    upper: place(`upper_${level}`),
    error: place("error"),
  };
  const number = (text: string | undefined) => text ? Number(text) : NaN;
  return rows.map((cells) => {
    const message = cells[at.error];
    return {
      prediction: number(cells[at.prediction]),
      lower: number(cells[at.lower]),
      upper: number(cells[at.upper]),
      // The message says "for Week" and so on.
      ...(message ? { error: { column: /\bfor (\w+)/.exec(message)?.[1] ?? "", message } } : {}),
    };
  });
}

/**
 * Reads, checks and sends a batch beside the page, so that the page never waits: a worker of our own,
 * since papaparse's needs an address that the page's policy forbids.
 *
 * @module
 */

import type { BatchResult, FromWorker, ToWorker } from "../batch/messages.ts";
import { type Mapping, matchColumns } from "../batch/match_columns.ts";
import { csvRows } from "../batch/csv_rows.ts";
import { readAnswer } from "../batch/read_answer.ts";
import { safeCell } from "../batch/safe_cell.ts";
import { sniff, type TextFormat } from "../batch/sniff.ts";
import {
  addRow,
  type BatchTable,
  emptyTable,
  markBad,
  SENT_HEADER,
  sentLine,
} from "../batch/table.ts";
import { findWeek } from "../../lib/features/week.ts";
import { type Failure, NO_SERVER, readFailure } from "../failures.ts";

/** More than this a page can hardly hold; the API takes files of any size. */
const MOST_BYTES = 1e9;
const MOST_ROWS = 2_000_000;

/** So much of a file tells how it is written. */
const HEAD_BYTES = 65_536;

const PREVIEW_ROWS = 12;

/** Rows that are sent at a time: what an interruption may cost, and a step of the progress. */
const BLOCK = 5_000;

/** How often a block is sent again before the page is told, and how long to wait before, in ms. */
const PAUSES = [500, 1_500, 4_000];

let file: File;
let format: TextFormat;
let header: string[] = [];
let table: BatchTable = emptyTable();
let made: Pick<BatchResult, "prediction" | "lower" | "upper"> | undefined;
let done = 0, spent = 0, model = "";
let stop = new AbortController();

const tell = (message: FromWorker) => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  answer(data).catch((error) => {
    if (stop.signal.aborted) return;
    // The file may have been moved or changed while it was read.
    tell({
      type: "refused",
      message: "The file could not be read to its end. It may have been changed or moved " +
        "meanwhile: choose it again.",
    });
    console.error(error);
  });
});

async function answer(message: ToWorker): Promise<void> {
  switch (message.type) {
    case "open":
      return await open(message.file);
    case "check":
      return await check(message.mapping);
    case "send":
      return await send(message);
    case "cancel":
      return stop.abort();
    case "export":
      return tell({ type: "exported", blob: await exportCsv(message) });
  }
}

async function open(chosen: File): Promise<void> {
  stop.abort();
  file = chosen;
  if (file.size > MOST_BYTES) {
    return tell({
      type: "refused",
      message: `This file has ${(file.size / 1e9).toFixed(1)} GB; this page takes up to ` +
        `${MOST_BYTES / 1e9} GB. Split it, or send it straight to the forecast service, which ` +
        "takes files of any size.",
    });
  }
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const sniffed = sniff(head);
  if ("problem" in sniffed) return tell({ type: "refused", message: sniffed.problem });
  format = sniffed.format;
  const rows: { line: number; cells: string[] }[] = [];
  for await (const chunk of csvRows(file, format)) {
    rows.push(...chunk.rows.slice(0, PREVIEW_ROWS + 1));
    if (rows.length > PREVIEW_ROWS) break;
  }
  if (rows.length < 2) {
    return tell({
      type: "refused",
      message: "This file has no rows below its first line, which has to name the columns.",
    });
  }
  header = rows[0]!.cells.map((name) => name.trim());
  tell({
    type: "opened",
    opened: {
      format,
      header,
      mapping: matchColumns(header),
      first: rows.slice(1, PREVIEW_ROWS + 1),
    },
  });
}

async function check(mapping: Mapping): Promise<void> {
  stop.abort();
  const { signal } = stop = new AbortController();
  table = emptyTable();
  made = undefined;
  done = spent = 0;
  let isHeader = true, told = 0;
  for await (const { rows, bytes } of csvRows(file, format)) {
    if (signal.aborted) return;
    for (const { line, cells } of rows) {
      if (isHeader) isHeader = false;
      else addRow(table, line, cells, header, mapping, format.delimiter !== ",");
    }
    if (table.rows > MOST_ROWS) {
      return tell({
        type: "refused",
        message: `This file has more than ${MOST_ROWS.toLocaleString("en-US")} rows. Split it, ` +
          "or send it straight to the forecast service, which takes files of any size.",
      });
    }
    if (performance.now() - told > 100) {
      told = performance.now();
      tell({ type: "checking", rows: table.rows, share: bytes / file.size });
    }
  }
  const { rows, badRows, errors } = table;
  tell({ type: "checked", checked: { rows, badRows, errors } });
}

async function send(
  { model: name, level, origin }: Extract<ToWorker, { type: "send" }>,
): Promise<void> {
  const { signal } = stop = new AbortController();
  if (!made || name !== model) {
    const column = () => new Float64Array(table.rows).fill(NaN);
    made = { prediction: column(), lower: column(), upper: column() };
    done = spent = 0;
    model = name;
  }
  const start = performance.now() - spent;
  const search = new URLSearchParams({ model, ...(level ? { intervals: `${level}` } : {}) });
  let failure: Failure | undefined;
  while (done < table.rows && !signal.aborted && !failure) {
    const end = Math.min(done + BLOCK, table.rows);
    const rows: number[] = [];
    for (let row = done; row < end; row++) if (table.bad[row] === 0) rows.push(row);
    if (rows.length > 0) failure = await sendBlock(rows, search, level, signal);
    if (failure || signal.aborted) break;
    done = end;
    spent = performance.now() - start;
    tell({ type: "progress", done, seconds: spent / 1000 });
  }
  if (failure) return tell({ type: "paused", failure, done });
  tell({ type: "finished", result: resultOf(level, origin) });
}

/** Sends rows, again where that did not work; what comes back stands in `made`. */
async function sendBlock(
  rows: number[],
  search: URLSearchParams,
  level: number | null,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const body = `${SENT_HEADER}\n${rows.map((row) => sentLine(table, row)).join("\n")}\n`;
  for (let attempt = 0;; attempt++) {
    let failure: Failure;
    try {
      const response = await fetch(`/api/batch?${search}`, {
        method: "POST",
        headers: { "content-type": "text/csv" },
        body,
        signal,
      });
      if (response.ok) {
        const answers = readAnswer(await response.text(), level);
        if (answers.length === rows.length) {
          for (const [index, row] of rows.entries()) {
            const { prediction, lower, upper, error } = answers[index]!;
            made!.prediction[row] = prediction;
            made!.lower[row] = lower;
            made!.upper[row] = upper;
            if (error) markBad(table, row, error.column, error.message);
          }
          return undefined;
        }
        // The API stopped in the middle of its answer.
        failure = {
          ...NO_SERVER,
          message: "The forecast service stopped in the middle of its work.",
        };
      } else failure = await readFailure(response);
    } catch {
      if (signal.aborted) return undefined;
      failure = NO_SERVER;
    }
    const pause = PAUSES[attempt];
    if (!failure.canRetry || pause === undefined) return failure;
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (signal.aborted) return undefined;
  }
}

function resultOf(level: number | null, origin: number): BatchResult {
  const { rows, columns: { Store, Dept, Year, Month, Week }, lines, badRows, errors } = table;
  return {
    fileName: file.name,
    model,
    level,
    rows,
    lines: lines.slice(0, rows),
    store: Store.slice(0, rows),
    dept: Dept.slice(0, rows),
    day: Float64Array.from(
      { length: rows },
      (_, row) => findWeek(Year[row]!, Week[row]!, origin, Month[row]!) ?? NaN,
    ),
    ...made!,
    badRows,
    unsentRows: rows - done,
    errors: errors.toSorted((a, b) => a.row - b.row),
    seconds: spent / 1000,
  };
}

/** The file with the forecasts added to each of its rows. */
async function exportCsv(
  { file, format, result }: Extract<ToWorker, { type: "export" }>,
): Promise<Blob> {
  const { delimiter } = format;
  const problems = new Map<number, string>();
  for (const { row, column, message } of result.errors) {
    const told = message.includes(column) ? message : `${column}: ${message}`;
    problems.set(row, [problems.get(row), told].filter(Boolean).join(" "));
  }
  const added = ["prediction"];
  if (result.level) added.push(`lower_${result.level}`, `upper_${result.level}`);
  added.push("error");
  const number = (value: number) => Number.isNaN(value) ? "" : value.toFixed(2);
  // So that spreadsheets take it for UTF-8.
  const parts: string[] = ["\uFEFF"];
  let row = -1, width = 0;
  for await (const { rows } of csvRows(file, format)) {
    const lines = rows.map(({ cells }) => {
      const more = row < 0 ? added : [
        number(result.prediction[row]!),
        ...(result.level ? [number(result.lower[row]!), number(result.upper[row]!)] : []),
        problems.get(row) ??
          (Number.isNaN(result.prediction[row]!) ? "No forecast was made of this row." : ""),
      ];
      if (row < 0) width = cells.length;
      row++;
      const own = cells.concat(Array(Math.max(0, width - cells.length)).fill(""));
      return [...own, ...more].map((cell) => safeCell(cell, delimiter)).join(delimiter);
    });
    parts.push(lines.join("\r\n") + "\r\n");
  }
  return new Blob(parts, { type: "text/csv" });
}

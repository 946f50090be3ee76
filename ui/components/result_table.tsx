import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatDay } from "../../lib/features/calendar.ts";
import type { BatchResult } from "../batch/messages.ts";
import { count, dollars } from "../format.ts";

const ROW_HEIGHT = 36;

/** Browsers draw no element that is much taller. */
const MOST_HEIGHT = 12_000_000;

const VIEW_HEIGHT = 432;

const VIEW_ROWS = VIEW_HEIGHT / ROW_HEIGHT;

/**
 * The rows of a result, of which only those in view are in the page, so that half a million scroll
 * like ten.
 */
export function ResultTable({ result }: { result: BatchResult }) {
  const [onlyBad, setOnlyBad] = useState(false);
  const [top, setTop] = useState(0);
  const view = useRef<HTMLDivElement>(null);
  const problems = useMemo(() => {
    const byRow = new Map<number, string>();
    for (const { row, message } of result.errors) if (!byRow.has(row)) byRow.set(row, message);
    return byRow;
  }, [result]);
  const bad = useMemo(() => {
    const rows: number[] = [];
    for (let row = 0; row < result.rows; row++) {
      if (Number.isNaN(result.prediction[row])) rows.push(row);
    }
    return rows;
  }, [result]);
  const rows = onlyBad ? bad.length : result.rows;
  const height = Math.min(rows * ROW_HEIGHT, MOST_HEIGHT);
  const scrollable = Math.max(height - VIEW_HEIGHT, 1);
  // Where the rows are taller than the browser allows, one step of the bar is several rows.
  const first = rows <= VIEW_ROWS
    ? 0
    : Math.min(Math.round(top / scrollable * (rows - VIEW_ROWS)), rows - VIEW_ROWS);
  const offset = Math.min(top, Math.max(0, height - VIEW_HEIGHT));
  const shown = Array.from(
    { length: Math.min(VIEW_ROWS + 1, rows - first) },
    (_, index) => onlyBad ? bad[first + index]! : first + index,
  );
  useEffect(() => {
    view.current!.scrollTop = 0;
    setTop(0);
  }, [onlyBad]);
  const money = (value: number) => Number.isNaN(value) ? "–" : dollars(value);
  return (
    <>
      <div class="table-tools">
        <label class="check">
          <input
            type="checkbox"
            checked={onlyBad}
            disabled={bad.length === 0}
            onInput={(event) => setOnlyBad(event.currentTarget.checked)}
          />
          Only rows without a forecast
        </label>
        <span class="hint">{count(rows)} rows</span>
      </div>
      <div
        class="rows"
        role="table"
        aria-label="Forecasts row by row"
        aria-rowcount={rows + 1}
        aria-colcount={6}
      >
        <div role="rowgroup">
          <div class="row head" role="row" aria-rowindex={1}>
            {["Line", "Store", "Dept", "Week to", "Forecast", "Range or problem"].map(
              (name) => <span key={name} role="columnheader">{name}</span>,
            )}
          </div>
        </div>
        <div
          class="rows-view"
          ref={view}
          role="rowgroup"
          tabIndex={0}
          aria-label="Rows"
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        >
          <div
            class="rows-all"
            role="presentation"
            style={{ height: `${height}px` }}
          >
            <div role="presentation" style={{ transform: `translateY(${offset}px)` }}>
              {shown.map((row, index) => {
                const problem = problems.get(row);
                const [lower, upper] = [result.lower[row]!, result.upper[row]!];
                return (
                  <div key={index} class="row" role="row" aria-rowindex={first + index + 2}>
                    <span role="cell">{count(result.lines[row]!)}</span>
                    <span role="cell">{text(result.store[row]!)}</span>
                    <span role="cell">{text(result.dept[row]!)}</span>
                    <span role="cell">
                      {Number.isNaN(result.day[row]!) ? "–" : formatDay(result.day[row]!)}
                    </span>
                    <span role="cell">{money(result.prediction[row]!)}</span>
                    <span role="cell" class={problem ? "bad" : undefined} title={problem}>
                      {problem ??
                        (Number.isNaN(lower) ? "–" : `${dollars(lower)} to ${dollars(upper)}`)}
                    </span>
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      </div>
    </>
  );
}

function text(value: number): string {
  return Number.isNaN(value) ? "–" : `${value}`;
}

import { dollars, signedDollars } from "../format.ts";
import { labelOf } from "../label_of.ts";

/** A part of a forecast, in USD. */
export interface Term {
  feature: string;
  contribution: number;
}

/** How many parts are shown one by one; the rest is one row. */
const MOST = 6;

/** What a forecast is made of, from where it starts to the sum, each part beginning where the last ended. */
export function Waterfall({ terms, prediction }: { terms: readonly Term[]; prediction: number }) {
  const rows = waterfallRows(terms);
  const { low, high } = waterfallScale(rows, prediction);
  const scale = (value: number) => 100 * (Math.max(value, low) - low) / (high - low || 1);
  return (
    <table class="waterfall">
      <caption>
        What the forecast is made of
        {low > 0 && <small>The bars begin at {dollars(low)}.</small>}
      </caption>
      <thead class="hidden">
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Picture</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, from, to, start }) => (
          <Row
            label={label}
            text={start ? dollars(to) : signedDollars(to - from)}
            tone={start ? "start" : to < from ? "down" : "up"}
            from={scale(from)}
            to={scale(to)}
          />
        ))}
        <Row
          label="Forecast"
          text={dollars(prediction)}
          tone="sum"
          from={scale(0)}
          to={scale(prediction)}
        />
      </tbody>
    </table>
  );
}

function Row(
  { label, text, tone, from, to }: {
    label: string;
    text: string;
    tone: string;
    from: number;
    to: number;
  },
) {
  return (
    <tr class={tone}>
      <th scope="row">{label}</th>
      <td class="bar">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect
            x={Math.min(from, to).toFixed(2)}
            width={Math.max(Math.abs(to - from), 0.4).toFixed(2)}
            height="10"
          />
        </svg>
      </td>
      <td class="amount">{text}</td>
    </tr>
  );
}

/**
 * Ends of the scale: from 0, or where all that happens is far from it, from somewhat below that, so
 * that small parts can be seen.
 */
export function waterfallScale(
  rows: readonly WaterfallRow[],
  prediction: number,
): { low: number; high: number } {
  const edges = [prediction, ...rows.flatMap(({ from, to, start }) => start ? [to] : [from, to])];
  const high = Math.max(0, ...edges), least = Math.min(...edges);
  const low = least - (high - least) / 2;
  return { low: low > high / 2 ? low : Math.min(0, least), high };
}

interface WaterfallRow {
  label: string;
  from: number;
  to: number;
  /** Whether the forecast starts with it. */
  start: boolean;
}

/** The parts in the order in which they are drawn: where it starts, the largest, and the rest as one. */
export function waterfallRows(terms: readonly Term[]): WaterfallRow[] {
  const isStart = ({ feature }: Term) => feature === "Sales history" || feature === "Base";
  const parts = terms.filter((term) => !isStart(term) && term.contribution !== 0)
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const shown = parts.length > MOST + 1 ? parts.slice(0, MOST) : parts;
  const rest = parts.slice(shown.length).reduce((sum, term) => sum + term.contribution, 0);
  const rows: WaterfallRow[] = [];
  let at = 0;
  const add = (label: string, amount: number, start = false) => {
    rows.push({ label, from: at, to: at + amount, start });
    at += amount;
  };
  for (const { feature, contribution } of terms.filter(isStart)) {
    if (contribution !== 0 || feature === "Sales history") {
      add(
        feature === "Base" ? "Usual correction" : "Past sales, by season",
        contribution,
        at === 0,
      );
    }
  }
  for (const { feature, contribution } of shown) {
    add(labelOf(feature), contribution);
  }
  if (parts.length > shown.length) add(`${parts.length - shown.length} smaller parts`, rest);
  return rows;
}

import { count, dollars } from "../format.ts";

/** How often forecasts were off by how much, as bars; `edges` in USD, one more than `counts`. */
export function Histogram({ edges, counts }: { edges: number[]; counts: number[] }) {
  const high = Math.max(1, ...counts);
  const width = 100 / counts.length;
  return (
    <figure class="picture">
      <figcaption>How far off the forecasts were</figcaption>
      <svg viewBox="0 0 100 50" preserveAspectRatio="none" role="img" aria-label={inWords()}>
        {counts.map((count, bin) => (
          <rect
            key={bin}
            class={(edges[bin]! + edges[bin + 1]!) / 2 < 0 ? "below" : "above"}
            x={(bin * width).toFixed(2)}
            width={(width * 0.86).toFixed(2)}
            y={(50 - 50 * count / high).toFixed(2)}
            height={(50 * count / high).toFixed(2)}
          />
        ))}
      </svg>
      <p class="scale">
        <span>{dollars(edges[0]!)}</span>
        <span>sold as forecast</span>
        <span>{dollars(edges.at(-1)!)}</span>
      </p>
    </figure>
  );

  function inWords(): string {
    const most = counts.indexOf(Math.max(...counts));
    return `Most often, ${count(counts[most]!)} times, sales minus forecast were ` +
      `${dollars(edges[most]!)} to ${dollars(edges[most + 1]!)}.`;
  }
}

/** Forecasts against sales as a grid, darker where there are more; rows are sales, both in USD. */
export function Heat({ edges, counts }: { edges: number[]; counts: number[][] }) {
  const size = counts.length;
  const high = Math.max(1, ...counts.flat());
  return (
    <figure class="picture">
      <figcaption>Forecast against sales</figcaption>
      <svg
        class="heat"
        viewBox={`0 0 ${size} ${size}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="The grid is darkest along its diagonal, where the forecast is what was sold."
      >
        <line x1="0" y1={size} x2={size} y2="0" />
        {counts.flatMap((row, actual) =>
          row.map((count, forecast) =>
            count === 0 ? null : (
              <rect
                key={`${actual} ${forecast}`}
                x={forecast}
                y={size - 1 - actual}
                width="1.02"
                height="1.02"
                // Square roots, so that what is rare is seen at all.
                fill-opacity={(0.08 + 0.92 * Math.sqrt(count / high)).toFixed(3)}
              />
            )
          )
        )}
      </svg>
      <p class="scale">
        <span>{dollars(edges[0]!)}</span>
        <span>forecast to the right, sales upwards</span>
        <span>{dollars(edges.at(-1)!)}</span>
      </p>
    </figure>
  );
}

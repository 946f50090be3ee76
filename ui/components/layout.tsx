import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import { useAsset } from "../island.tsx";

const PAGES = [
  ["/", "Forecast"],
  ["/batch", "Batch"],
  ["/models", "Models"],
] as const;

/** Whether pages load themselves again when the program was changed. */
export const Reload = createContext(false);

/** The frame of every page. */
export function Layout(
  { title, path, lead, children }: {
    title: string;
    /** Of this page, for the navigation. */
    path: string;
    /** One sentence below the title. */
    lead?: string;
    children: ComponentChildren;
  },
) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="Weekly sales forecasts by store and department." />
        <title>{`${title} · Retail Demand`}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={useAsset("style")} />
        {useContext(Reload) && <script type="module" src={useAsset("reload")} />}
        {/* Told so, Plotly adds no styles of its own, which the page's policy would refuse. */}
        <meta name="plotly" id="plotly.js-style-global" class="no-inline-styles" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="site">
          <a class="brand" href="/">
            <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
              <path class="brand-bars" d="M4 20v-6M10 20V9M16 20v-8" />
              <path class="brand-line" d="M3 11l7-6 6 4 5-6" />
            </svg>
            Retail Demand
          </a>
          <nav aria-label="Pages">
            {PAGES.map(([href, name]) => (
              <a href={href} aria-current={href === path ? "page" : undefined}>{name}</a>
            ))}
          </nav>
        </header>
        <main id="main" tabIndex={-1}>
          <div class="title">
            <h1>{title}</h1>
            {lead && <p class="lead">{lead}</p>}
          </div>
          {children}
        </main>
        <footer class="site">
          <p>Amounts are in US dollars a week. Weeks are named by the Friday on which they end.</p>
        </footer>
      </body>
    </html>
  );
}

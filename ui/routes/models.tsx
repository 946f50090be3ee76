import { Hono } from "hono";
import type { ComponentChildren } from "preact";
import type { Evaluation, Metrics, Model, Models } from "../answers.ts";
import type { Services } from "../app.tsx";
import { chooseModel, skillOf } from "../choose_model.ts";
import type { ChartSpec } from "../components/chart_spec.ts";
import { Layout } from "../components/layout.tsx";
import { Notice } from "../components/notice.tsx";
import { Heat, Histogram } from "../components/picture.tsx";
import { bytes, count, dollars, signedDollars, signedPercent } from "../format.ts";
import { island } from "../island.tsx";
import { labelOf } from "../label_of.ts";
import ChartIsland from "../islands/chart.tsx";
import { isoInWords } from "../weeks.ts";
import { NoModels, Problems, Unavailable } from "./unavailable.tsx";

const ChartOf = island("chart", ChartIsland);

const TITLE = "Models";

/** The page that sets the models side by side, and shows one of them closely. */
export function modelsRoutes({ reader, page }: Services): Hono {
  const app = new Hono();
  app.get("/", async (context) => {
    const [{ value, failure }, problems] = await Promise.all([reader.models(), reader.problems()]);
    if (failure) {
      return page(
        context,
        <Unavailable title={TITLE} path="/models" failure={failure} retry="/models" />,
        502,
      );
    }
    const model = chooseModel(value, context.req.query("model"));
    if (!model) return page(context, <NoModels title={TITLE} path="/models" problems={problems} />);
    const { value: evaluation } = await reader.evaluation(model.name);
    return page(
      context,
      <Layout
        title={TITLE}
        path="/models"
        lead="How far off each model was in weeks that it had not seen, and what it learned from."
      >
        <Problems problems={problems} />
        <Comparison models={value} chosen={model.name} />
        <Details model={model} evaluation={evaluation} />
      </Layout>,
    );
  });
  return app;
}

function Comparison({ models, chosen }: { models: Models; chosen: string }) {
  const baseline = models.models.find(({ baseline }) => baseline)?.baseline;
  const errorOf = ({ metrics }: Model) => metrics.validation?.wmae ?? Infinity;
  const best = Math.min(...models.models.map(errorOf));
  const sorted = models.models.toSorted((a, b) =>
    Number(b.is_default) - Number(a.is_default) || errorOf(a) - errorOf(b)
  );
  return (
    <section>
      <h2 class="hidden">All models</h2>
      <div class="scroll card" tabIndex={0} role="region" aria-label="All models">
        <table class="data compare">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="number">Weighted error</th>
              {baseline && <th scope="col" class="number">Against last year’s week</th>}
              <th scope="col" class="number">Mean error</th>
              <th scope="col" class="number">RMSE</th>
              <th scope="col" class="number">R²</th>
              <th scope="col" class="number">Bias</th>
              <th scope="col" class="number">Size</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((model) => {
              const { name, metrics, is_default, registry, algorithm, size_bytes } = model;
              const metric = metrics.validation;
              const skill = skillOf(metric?.wmae, model.baseline?.validation.wmae);
              return (
                <tr key={name} class={name === chosen ? "chosen" : undefined}>
                  <th scope="row">
                    <a
                      href={`/models?${new URLSearchParams({ model: name })}`}
                      aria-current={name === chosen ? "true" : undefined}
                    >
                      {name}
                    </a>
                    {name !== algorithm && algorithm && <small>a copy of {algorithm}</small>}
                    {is_default && <span class="tag">usual choice</span>}
                    {registry?.alias && <span class="tag">{registry.alias}</span>}
                  </th>
                  <td class={metric?.wmae === best ? "number best" : "number"}>
                    {money(metric?.wmae)}
                  </td>
                  {baseline && (
                    <td class="number">{skill === null ? "–" : signedPercent(-skill)}</td>
                  )}
                  <td class="number">{money(metric?.mae)}</td>
                  <td class="number">{money(metric?.rmse)}</td>
                  <td class="number">{metric?.r2?.toFixed(4) ?? "–"}</td>
                  <td class="number">{signed(metric?.bias)}</td>
                  <td class="number">{bytes(size_bytes)}</td>
                </tr>
              );
            })}
            {baseline && (
              <tr class="baseline">
                <th scope="row">
                  Last year’s week <small>what to beat</small>
                </th>
                <td class="number">{money(baseline.validation.wmae)}</td>
                <td class="number">0 %</td>
                <td class="number">{money(baseline.validation.mae)}</td>
                <td class="number">{money(baseline.validation.rmse)}</td>
                <td class="number">{baseline.validation.r2?.toFixed(4) ?? "–"}</td>
                <td class="number">{signed(baseline.validation.bias)}</td>
                <td class="number">–</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <p class="hint below">
        Errors are in US dollars a week for one department of one store. In the weighted error,
        weeks with a holiday count five times.
      </p>
    </section>
  );
}

function Details({ model, evaluation }: { model: Model; evaluation: Evaluation | undefined }) {
  const { name, training, registry, version, origin } = model;
  return (
    <section class="section" aria-labelledby="details">
      <h2 id="details">{name}</h2>
      <p>
        {training?.weeks
          ? `Learned from ${count(training.rows)} rows of ${training.weeks.count} weeks, ${
            isoInWords(training.weeks.first)
          } to ${isoInWords(training.weeks.last)}.`
          : ""} It forecasts from {isoInWords(origin)}. Version <code>{version}</code>
        {registry?.version !== undefined && <>, number {registry.version} in the registry</>}
        {registry?.git_commit && (
          <>
            , made by revision <code>{registry.git_commit.slice(0, 8)}</code>
          </>
        )}
        .{" "}
        {registry?.run && isWebAddress(registry.run) && (
          <a href={registry.run} rel="noreferrer">See its run in MLflow</a>
        )}
      </p>
      <div class="grid">
        {evaluation && evaluation.total_by_week.length > 0 && (
          <div class="card wide">
            <ChartOf spec={totalChart(evaluation)} />
          </div>
        )}
        <Importance importance={model.importance} />
        <div class="stack">
          <Splits model={model} />
          {evaluation && evaluation.coverage.length > 0 && (
            <Ranges
              coverage={evaluation.coverage}
            />
          )}
        </div>
        {evaluation?.residuals && (
          <div class="card">
            <Histogram {...evaluation.residuals} />
          </div>
        )}
        {evaluation?.predicted_vs_actual && (
          <div class="card">
            <Heat {...evaluation.predicted_vs_actual} />
          </div>
        )}
        {evaluation?.learning_curve && evaluation.learning_curve.length > 0 && (
          <div class="card wide">
            <ChartOf spec={learningChart(evaluation.learning_curve)} />
          </div>
        )}
        {evaluation &&
          Object.entries(evaluation.slices).map(([slice, parts]) => (
            <Slice key={slice} slice={slice} parts={parts} />
          ))}
        {training && Object.keys(training.parameters).length > 0 && (
          <Parameters parameters={training.parameters} />
        )}
      </div>
      {!evaluation && (
        <Notice tone="hint" title="More to see after an evaluation">
          <p>
            There is no evaluation beside this model. <code>deno task repro</code>{" "}
            writes one, with charts of its weeks and errors.
          </p>
        </Notice>
      )}
    </section>
  );
}

const MOST_FEATURES = 10;

function Importance({ importance }: Pick<Model, "importance">) {
  const all = Object.entries(importance).filter(([, share]) => share > 0)
    .sort(([, a], [, b]) => b - a);
  const shown = all.slice(0, MOST_FEATURES);
  if (shown.length === 0) return null;
  const high = shown[0]![1];
  return (
    <Table title="What it goes by">
      <tbody>
        {shown.map(([name, share]) => (
          <tr key={name}>
            <th scope="row" class="wraps">{labelOf(name)}</th>
            <td class="bar">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * share / high).toFixed(2)} height="10" />
              </svg>
            </td>
            <td class="number">{(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Splits({ model: { metrics, baseline } }: { model: Model }) {
  const rows: [string, Metrics | undefined, Metrics | undefined][] = [
    ["In weeks it learned from", metrics.train, undefined],
    ["In repeated tests before", metrics.folds, baseline?.folds],
    ["In the last weeks, unseen", metrics.validation, baseline?.validation],
  ];
  return (
    <Table title="How far off it was">
      <thead>
        <tr>
          <th scope="col">Measured</th>
          <th scope="col" class="number">Weighted error</th>
          {baseline && <th scope="col" class="number">Last year’s week</th>}
        </tr>
      </thead>
      <tbody>
        {rows.filter(([, metric]) => metric).map(([name, metric, base]) => (
          <tr key={name}>
            <th scope="row" class="wraps">{name}</th>
            <td class="number">{money(metric?.wmae)}</td>
            {baseline && <td class="number">{money(base?.wmae)}</td>}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What the card's slices and their parts are called; others are called as they are. */
const SLICES = new Map([
  ["holiday", "By weeks with and without a holiday"],
  ["store_type", "By type of the store"],
  ["horizon", "By weeks ahead"],
  ["department_size", "By size of the department"],
  ["origin", "By the week from which it forecast"],
]);
const PARTS = new Map([
  ["holiday", "Holiday"],
  ["other", "No holiday"],
  ["q1", "Smallest quarter"],
  ["q2", "Second quarter"],
  ["q3", "Third quarter"],
  ["q4", "Largest quarter"],
  ["new", "New departments"],
]);

function Slice({ slice, parts }: { slice: string; parts: Evaluation["slices"][string] }) {
  const rows = Object.entries(parts).filter(([, { wmae, mae }]) => wmae ?? mae);
  if (rows.length === 0) return null;
  return (
    <Table title={SLICES.get(slice) ?? `By ${slice}`}>
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col" class="number">Rows</th>
          <th scope="col" class="number">Mean error</th>
          <th scope="col" class="number">Against last year’s week</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([part, { n, mae, skill }]) => (
          <tr key={part}>
            <th scope="row">{PARTS.get(part) ?? isoInWords(part)}</th>
            <td class="number">{n === null || n === undefined ? "–" : count(n)}</td>
            <td class="number">{money(mae)}</td>
            <td class="number">
              {skill === null || skill === undefined ? "–" : signedPercent(-skill)}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Ranges({ coverage }: Pick<Evaluation, "coverage">) {
  return (
    <Table title="How often sales were in the range">
      <thead>
        <tr>
          <th scope="col">Promised</th>
          <th scope="col" class="number">Held</th>
          <th scope="col" class="number">Mean width</th>
        </tr>
      </thead>
      <tbody>
        {coverage.map(({ level, coverage, mean_width }) => (
          <tr key={level}>
            <th scope="row">{Math.round(100 * level)} of 100 weeks</th>
            <td class="number">{(100 * coverage).toFixed(1)}</td>
            <td class="number">{dollars(mean_width)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Parameters({ parameters }: { parameters: Record<string, unknown> }) {
  return (
    <details class="card wide">
      <summary>Settings of its training</summary>
      <table class="data">
        <tbody>
          {flatten(parameters).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td class="number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Settings in settings as `outer.inner`, as `params.yaml` has them. */
export function flatten(parameters: object, prefix = ""): [name: string, value: string][] {
  return Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? flatten(value, `${prefix}${name}.`)
      : [[prefix + name, value === null ? "none" : `${value}`] as [string, string]]
  );
}

function Table({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="card">
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table class="data">
          <caption>{title}</caption>
          {children}
        </table>
      </div>
    </div>
  );
}

function totalChart({ total_by_week: weeks }: Evaluation): ChartSpec {
  const x = weeks.map(({ date }) => date);
  return {
    title: "All stores together, in weeks that the model had not seen",
    series: [
      {
        name: "Last year’s week",
        kind: "dashes",
        tone: "muted",
        x,
        y: weeks.map((w) => w.baseline),
      },
      { name: "Sold", kind: "line", tone: "ink", x, y: weeks.map((w) => w.actual) },
      { name: "Forecast", kind: "line", tone: "accent", x, y: weeks.map((w) => w.forecast) },
    ],
    yTitle: "US dollars a week",
    money: true,
  };
}

function learningChart(curve: NonNullable<Evaluation["learning_curve"]>): ChartSpec {
  return {
    title: "What more trees gained",
    series: [{
      name: "Weighted error",
      kind: "line",
      tone: "accent",
      x: curve.map(({ trees }) => trees),
      y: curve.map(({ wmae }) => wmae),
    }],
    xTitle: "Trees",
    yTitle: "US dollars a week",
    money: true,
  };
}

/** So that no address that the API tells becomes a script. */
function isWebAddress(address: string): boolean {
  return /^https?:\/\//.test(address);
}

function money(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : dollars(value);
}

function signed(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : signedDollars(value);
}

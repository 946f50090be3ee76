import { useEffect, useRef, useState } from "preact/hooks";
import { formatDay, parseDay } from "../../lib/features/calendar.ts";
import { holidaysOfWeek } from "../../lib/features/holiday_weeks.ts";
import type { FeatureName } from "../../lib/features/table.ts";
import type { Prediction, Read, Series, Stores } from "../answers.ts";
import { Answer } from "../components/answer.tsx";
import { Chart } from "../components/chart.tsx";
import type { ChartSpec } from "../components/chart_spec.ts";
import { type Choice, Field } from "../components/field.tsx";
import { ModelOptions } from "../components/model_options.tsx";
import { FailureNotice, Notice } from "../components/notice.tsx";
import { type Failure, NO_SERVER, readFailure } from "../failures.ts";
import {
  type Asker,
  askForecast,
  askOutlook,
  complaintsOf,
  type Forecast,
  type ModelChoice,
  type Outlook,
} from "../forecast.ts";
import { dollars, signedPercent } from "../format.ts";
import {
  checkForm,
  type Form,
  type FormErrors,
  type FormFeature,
  formOf,
  formQuery,
  GROUPS,
} from "../record_form.ts";
import {
  dateInWords,
  dayOfRecord,
  endOfWeek,
  isoInWords,
  nextHolidays,
  weekFields,
} from "../weeks.ts";

/** What the server knows when it renders the page. */
export interface ForecastProps {
  models: ModelChoice[];
  stores: Stores;
  model: string;
  form: Form;
  errors: FormErrors;
  forecast: Forecast | null;
  failure: Failure | null;
}

/** A forecast that was made on this page before. */
interface Recent {
  query: string;
  label: string;
  prediction: number;
}

const RECENTS = "recent-forecasts";
const MOST_RECENTS = 8;

/** How long typing has to pause before the forecast follows, in milliseconds. */
const PAUSE = 300;

const BROWSER: Asker = {
  predict: (question) => ask<Prediction>("/api/predict", JSON.stringify(question)),
  series: (model, store, dept) =>
    ask<Series>(
      `/api/series?${new URLSearchParams({ model, store: `${store}`, dept: `${dept}` })}`,
    ),
};

async function ask<T>(path: string, body?: string): Promise<Read<T>> {
  try {
    const response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body ?? null,
    });
    return response.ok
      ? { value: await response.json() }
      : { failure: await readFailure(response) };
  } catch {
    return { failure: NO_SERVER };
  }
}

/** Groups that the models go by, or those that they do not. */
const groupsOf = (learned: boolean) =>
  GROUPS.filter(({ features }) => features.some((feature) => feature.learned) === learned);

/** The page of a single forecast: the form, and the answer beside it. */
export default function ForecastIsland(props: ForecastProps) {
  const { models, stores } = props;
  const [model, setModel] = useState(props.model);
  const [form, setForm] = useState(props.form);
  const [errors, setErrors] = useState(props.errors);
  const [forecast, setForecast] = useState(props.forecast);
  const [before, setBefore] = useState<Forecast | null>(null);
  const [failure, setFailure] = useState(props.failure);
  const [busy, setBusy] = useState(false);
  const [outlook, setOutlook] = useState<Outlook | null>(null);
  const [firstOutlook, setFirstOutlook] = useState<Outlook | null>(null);
  const [recents, setRecents] = useState<Recent[]>([]);
  const turn = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const answer = useRef<HTMLElement>(null);
  const choice = models.find(({ name }) => name === model) ?? models[0]!;

  useEffect(() => {
    setRecents(readRecents());
    addEventListener("popstate", () => location.reload());
    if (props.forecast) {
      remember(props.forecast, model, form);
      void showOutlook(choice, form, ++turn.current, true);
    }
  }, []);

  /** Asks for the forecast of what the form says. */
  async function run(model: string, form: Form, asked: boolean) {
    clearTimeout(timer.current);
    const mine = ++turn.current;
    const { record, errors } = checkForm(form);
    setErrors(errors);
    const [wrong] = Object.keys(errors);
    if (wrong !== undefined) {
      if (asked) focusField(wrong);
      return;
    }
    setBusy(true);
    const choice = models.find(({ name }) => name === model) ?? models[0]!;
    const found = await askForecast(BROWSER, choice, record);
    // A later question has been asked meanwhile: its answer is the one to show.
    if (mine !== turn.current) return;
    setBusy(false);
    setFailure(found.failure ?? null);
    if (found.failure) {
      const complaints = complaintsOf(found.failure);
      setErrors(complaints);
      return;
    }
    const query = `/?${formQuery(model, form)}`;
    if (asked) history.pushState(null, "", query);
    else history.replaceState(null, "", query);
    if (asked) {
      setBefore(null);
      remember(found.value, model, form);
    } else setBefore(before ?? forecast);
    setForecast(found.value);
    if (asked && answer.current!.getBoundingClientRect().top > innerHeight / 2) {
      answer.current!.scrollIntoView({ behavior: "smooth" });
    }
    await showOutlook(choice, form, mine, asked);
  }

  async function showOutlook(choice: ModelChoice, form: Form, mine: number, asked: boolean) {
    const { value } = await askOutlook(BROWSER, choice, checkForm(form).record);
    if (mine !== turn.current) return;
    setOutlook(value ?? null);
    if (asked) setFirstOutlook(value ?? null);
  }

  function remember(forecast: Forecast, model: string, form: Form) {
    const query = formQuery(model, form);
    const recent = {
      query,
      label: `Store ${forecast.store}, department ${forecast.dept}` +
        (forecast.date ? `, ${isoInWords(forecast.date)}` : "") + `, ${forecast.model}`,
      prediction: forecast.prediction,
    };
    const kept = [recent, ...readRecents().filter((other) => other.query !== query)]
      .slice(0, MOST_RECENTS);
    setRecents(kept);
    writeRecents(kept);
  }

  /** Takes over a change; where there is a forecast already, it follows. */
  function change(next: Form, nextModel = model) {
    setForm(next);
    setModel(nextModel);
    clearTimeout(timer.current);
    if (forecast) timer.current = setTimeout(() => run(nextModel, next, false), PAUSE);
  }

  function changeField(name: FeatureName, value: string) {
    const next = { ...form, [name]: value };
    const store = name === "Store" ? stores.find(({ store }) => `${store}` === value) : undefined;
    if (store) {
      next.Type = store.type;
      next.Size = `${store.size}`;
      if (!store.departments.includes(Number(next.Dept)) && store.departments.length > 0) {
        next.Dept = `${store.departments[0]}`;
      }
    }
    change(next);
  }

  function changeDay(day: number) {
    const known = formOf({ ...weekFields(endOfWeek(day, parseDay(choice.origin) ?? 0)) });
    const { Year, Month, Week, IsHoliday } = known;
    change({ ...form, Year, Month, Week, IsHoliday });
  }

  const group = ({ name, features }: typeof GROUPS[number]) => (
    <Group
      key={name}
      name={name}
      features={features}
      form={form}
      errors={errors}
      stores={stores}
      origin={choice.origin}
      onInput={changeField}
      onDay={changeDay}
    />
  );
  return (
    <div class="split">
      <form
        method="post"
        action="/"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run(model, form, true);
        }}
      >
        {groupsOf(true).map(group)}
        <ModelField models={models} value={model} onInput={(name) => change(form, name)} />
        {groupsOf(false).map(group)}
        <input type="hidden" name="was" value={JSON.stringify(wasOf(form))} />
        <div class="actions">
          <button type="submit" disabled={busy}>
            {busy ? "Working out the forecast" : "Make the forecast"}
          </button>
        </div>
      </form>
      <section class="answer" aria-label="Forecast" aria-live="polite" ref={answer}>
        {failure && (
          <FailureNotice
            title="No forecast this time"
            failure={failure}
            retry={typeof document === "undefined"
              ? `/?${formQuery(model, form)}`
              : () => void run(model, form, true)}
          />
        )}
        {!failure && Object.keys(errors).length > 0 && (
          <Notice title="The form needs another look">
            <p>What is marked beside its field has to be changed first.</p>
          </Notice>
        )}
        {forecast
          ? (
            <div class={busy ? "card busy" : "card"}>
              <Answer forecast={forecast} before={before} />
            </div>
          )
          : !failure && (
            <div class="card empty">
              <p>The forecast appears here.</p>
              <p class="hint">
                Choose a store, a department and a week, and make the forecast. After that, change
                any field and see it move.
              </p>
            </div>
          )}
        {forecast && outlook && (
          <div class="card">
            <Chart
              spec={outlookChart(forecast, outlook, before && firstOutlook)}
            />
          </div>
        )}
        {forecast?.series && (
          <noscript>
            <ComingWeeks series={forecast.series} />
          </noscript>
        )}
        {recents.length > 0 && <Recents recents={recents} />}
      </section>
    </div>
  );
}

function ModelField(
  { models, value, onInput }: {
    models: ModelChoice[];
    value: string;
    onInput: (name: string) => void;
  },
) {
  const chosen = models.find(({ name }) => name === value);
  return (
    <fieldset>
      <legend>Model</legend>
      <div class="field">
        <label for="field-model" class="hidden">Model</label>
        <select
          id="field-model"
          name="model"
          value={value}
          aria-describedby="field-model-hint"
          onInput={(event) => onInput(event.currentTarget.value)}
        >
          <ModelOptions models={models} chosen={value} />
        </select>
        <p class="hint" id="field-model-hint">
          {chosen && chosen.wmae !== null
            ? `In its test the forecast was off by ${dollars(chosen.wmae)} a week on average, ` +
              `holiday weeks counting five times` +
              (chosen.skill === null
                ? ". "
                : `: ${signedPercent(-chosen.skill)} against last year’s week. `)
            : ""}
          It knows sales to {isoInWords(chosen?.origin ?? "")}.
        </p>
      </div>
    </fieldset>
  );
}

function Group(
  { name, features, form, errors, stores, origin, onInput, onDay }: {
    name: string;
    features: readonly FormFeature[];
    form: Form;
    errors: FormErrors;
    stores: Stores;
    origin: string;
    onInput: (name: FeatureName, value: string) => void;
    onDay: (day: number) => void;
  },
) {
  const fields = features.map((feature) => (
    <Field
      feature={feature}
      value={form[feature.name]}
      error={errors[feature.name]}
      choices={choicesOf(feature.name, form, stores)}
      onInput={(value) => onInput(feature.name, value)}
    />
  ));
  const wrong = features.some(({ name }) => errors[name]);
  if (features.some(({ source }) => source === "calendar")) {
    return (
      <fieldset>
        <legend>{name}</legend>
        <WeekPicker form={form} origin={origin} onDay={onDay} />
        <details open={wrong}>
          <summary>By year, month and week instead</summary>
          <div class="fields">{fields}</div>
        </details>
      </fieldset>
    );
  }
  if (features.some(({ learned }) => learned)) {
    return (
      <fieldset>
        <legend>{name}</legend>
        <div class="fields">{fields}</div>
      </fieldset>
    );
  }
  return (
    <fieldset class="folded">
      <legend class="hidden">{name}</legend>
      <details open={wrong}>
        <summary>
          {name} <span class="hint">optional: the models do not use it yet</span>
        </summary>
        <div class="fields">{fields}</div>
      </details>
    </fieldset>
  );
}

/** Picks the week by a date, and fills the fields that name it. */
function WeekPicker(
  { form, origin, onDay }: { form: Form; origin: string; onDay: (day: number) => void },
) {
  const first = parseDay(origin) ?? 0;
  const day = dayOfRecord(checkForm(form).record, first);
  const holidays = day === undefined ? [] : holidaysOfWeek(day);
  return (
    <div class="field">
      <label for="field-date">Week</label>
      <input
        type="date"
        id="field-date"
        name="date"
        value={day === undefined ? "" : formatDay(day)}
        aria-describedby="field-date-hint"
        onInput={(event) => {
          const picked = parseDay(event.currentTarget.value);
          // A year that is still being typed.
          if (picked !== undefined && picked >= 0) onDay(picked);
        }}
      />
      <p class="hint" id="field-date-hint">
        {day === undefined
          ? "Any day of the week to forecast."
          : `The week to ${dateInWords(day)}${
            holidays.length ? `, with ${holidays.join(" and ")}` : ""
          }. Any day of a week stands for it.`}
      </p>
      <div class="chips" data-live="">
        <button type="button" class="chip" onClick={() => onDay(first + 7)}>Next week</button>
        {nextHolidays(first, 52).map(({ day, holiday }) => (
          <button
            type="button"
            class="chip"
            onClick={() => onDay(day)}
          >
            {holiday}
          </button>
        ))}
      </div>
    </div>
  );
}

function choicesOf(name: FeatureName, form: Form, stores: Stores): Choice[] | undefined {
  if (stores.length === 0) return undefined;
  if (name === "Store") {
    return stores.map(({ store, type }) => ({
      value: `${store}`,
      label: `${store} (type ${type})`,
    }));
  }
  if (name !== "Dept") return undefined;
  const here = stores.find(({ store }) => `${store}` === form.Store)?.departments ?? [];
  const all = [...new Set(stores.flatMap(({ departments }) => departments))].sort((a, b) => a - b);
  const choice = (dept: number, group: string) => ({ value: `${dept}`, label: `${dept}`, group });
  return [
    ...here.map((dept) => choice(dept, "Sold in this store")),
    ...all.filter((dept) => !here.includes(dept)).map((dept) =>
      choice(dept, "Not sold here so far")
    ),
  ];
}

/** What a post without scripts has to compare with, to know what was changed. */
export function wasOf({ Store, Type, Size, Year, Month, Week, IsHoliday }: Form) {
  return { Store, Type, Size, Year, Month, Week, IsHoliday };
}

function outlookChart(
  { series, date, prediction, store, dept }: Forecast,
  outlook: Outlook,
  before: Outlook | null,
): ChartSpec {
  // Another week moves along the line, and not the line.
  const isSame = before?.predictions.every((value, week) => value === outlook.predictions[week]);
  const first = isSame ? null : before;
  const past = series?.history ?? [];
  const lines: ChartSpec["series"] = [];
  if (past.length > 0) {
    lines.push({
      name: "Sales so far",
      kind: "line",
      tone: "ink",
      x: past.map(({ date }) => date),
      y: past.map(({ sales }) => sales),
    });
  }
  const lastYear = series?.forecast.filter(({ last_year }) => last_year !== null) ?? [];
  if (lastYear.length > 0 && !first) {
    lines.push({
      name: "Same week last year",
      kind: "dashes",
      tone: "muted",
      x: lastYear.map(({ date }) => date),
      y: lastYear.map(({ last_year }) => last_year),
    });
  }
  if (first) {
    const { dates: x, predictions: y } = first;
    lines.push({ name: "Before the change", kind: "dashes", tone: "muted", x, y });
  }
  const { dates, predictions, lower, upper } = outlook;
  lines.push({ name: "Forecast", kind: "line", tone: "accent", x: dates, y: predictions });
  if (date) {
    lines.push({ name: "This week", kind: "points", tone: "accent", x: [date], y: [prediction] });
  }
  return {
    title: `Store ${store}, department ${dept}: sales so far and the coming weeks`,
    series: lines,
    ...(lower && upper ? { band: { name: "Likely range", x: dates, lower, upper } } : {}),
    yTitle: "US dollars a week",
    money: true,
  };
}

/** How many coming weeks are told where there is no chart. */
const TOLD_WEEKS = 12;

function ComingWeeks({ series }: { series: Series }) {
  return (
    <div class="card">
      <table class="data">
        <caption>The coming weeks</caption>
        <thead>
          <tr>
            <th scope="col">Week to</th>
            <th scope="col" class="number">Forecast</th>
            <th scope="col" class="number">Last year</th>
          </tr>
        </thead>
        <tbody>
          {series.forecast.slice(0, TOLD_WEEKS).map(({ date, prediction, last_year }) => (
            <tr>
              <th scope="row">{isoInWords(date)}</th>
              <td class="number">{dollars(prediction)}</td>
              <td class="number">{last_year === null ? "–" : dollars(last_year)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Recents({ recents }: { recents: Recent[] }) {
  return (
    <nav class="recents" aria-labelledby="recents-title">
      <h2 id="recents-title">Your last forecasts</h2>
      <ul>
        {recents.map(({ query, label, prediction }) => (
          <li>
            <a href={`/?${query}`}>{label}</a> <span class="number">{dollars(prediction)}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function focusField(name: string) {
  const field = document.getElementById(`field-${name}`);
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
}

function readRecents(): Recent[] {
  try {
    return JSON.parse(sessionStorage.getItem(RECENTS) ?? "[]");
  } catch {
    return [];
  }
}

function writeRecents(recents: Recent[]): void {
  try {
    sessionStorage.setItem(RECENTS, JSON.stringify(recents));
  } catch {
    // Storage is full or forbidden: they are kept as long as the page is.
  }
}

import { type Context, Hono } from "hono";
import { parseDay } from "../../lib/features/calendar.ts";
import type { Model, Models, Stores } from "../answers.ts";
import type { Services } from "../app.tsx";
import { Layout } from "../components/layout.tsx";
import { askForecast, complaintsOf } from "../forecast.ts";
import { choiceOf, chooseModel } from "../choose_model.ts";
import type { Failure } from "../failures.ts";
import { island } from "../island.tsx";
import ForecastIsland, { type ForecastProps, wasOf } from "../islands/forecast.tsx";
import { checkForm, type Form, formOf, formQuery, readForm } from "../record_form.ts";
import { endOfWeek, weekFields } from "../weeks.ts";
import { NoModels, Unavailable } from "./unavailable.tsx";

const Island = island("forecast", ForecastIsland);

const TITLE = "Forecast";

/** What of a form is kept in an address: a form has 20 fields, and their values are short. */
const MOST_FIELDS = 30, MOST_CHARACTERS = 50;

/** The page of a single forecast: `/` shows it, a post to it leads to the address of its answer. */
export function forecastRoutes({ reader, page }: Services): Hono {
  const app = new Hono();

  app.get("/", async (context) => {
    const [models, stores] = await Promise.all([reader.models(), reader.stores()]);
    if (models.failure) return outOfReach(context, models.failure);
    const found = chooseModel(models.value, context.req.query("model"));
    if (!found) return noModels(context);
    const get = (name: string) => context.req.query(name);
    if (get("was") !== undefined) return toAnswer(context, get, found, stores.value ?? []);
    const props = await answer(found, models.value, stores.value ?? [], context);
    return page(
      context,
      <Layout
        title={TITLE}
        path="/"
        lead="What will a department of a store sell in a week to come?"
      >
        <Island {...props} />
      </Layout>,
    );
  });

  app.post("/", async (context) => {
    const body = await context.req.parseBody();
    const get = (name: string) => typeof body[name] === "string" ? body[name] : undefined;
    const [models, stores] = await Promise.all([reader.models(), reader.stores()]);
    if (models.failure) {
      // To an address that holds what was sent, so that it can be tried again.
      const sent = Object.keys(body).slice(0, MOST_FIELDS)
        .map((name) => [name, (get(name) ?? "").slice(0, MOST_CHARACTERS)]);
      return context.redirect(`/?${new URLSearchParams(sent)}`, 303);
    }
    const model = chooseModel(models.value, get("model"));
    if (!model) return noModels(context);
    return toAnswer(context, get, model, stores.value ?? []);
  });

  /** Leads from what a form sent to the address of its answer. */
  function toAnswer(
    context: Context,
    get: (name: string) => string | undefined,
    { name, origin, example }: Model,
    stores: Stores,
  ): Response {
    const form = completeForm(readForm(get, formOf(example)), get, origin, stores);
    return context.redirect(`/?${formQuery(name, form)}`, 303);
  }

  /** What the page shows: a form as in the address, and where that names a record, its forecast. */
  async function answer(
    model: Model,
    models: Models,
    stores: Stores,
    context: Context,
  ): Promise<ForecastProps> {
    const form = readForm((name) => context.req.query(name), formOf(model.example));
    const props: ForecastProps = {
      models: models.models.map(choiceOf),
      stores,
      model: model.name,
      form,
      errors: {},
      forecast: null,
      failure: null,
    };
    if (context.req.query("Store") === undefined) return props;
    const { record, errors } = checkForm(form);
    if (Object.keys(errors).length > 0) return { ...props, errors };
    const found = await askForecast(reader, choiceOf(model), record);
    if (!found.failure) return { ...props, forecast: found.value };
    return { ...props, failure: found.failure, errors: complaintsOf(found.failure) };
  }

  async function noModels(context: Context): Promise<Response> {
    const problems = await reader.problems();
    return page(context, <NoModels title={TITLE} path="/" problems={problems} />);
  }

  function outOfReach(context: Context, failure: Failure) {
    const { pathname, search } = new URL(context.req.url);
    return page(
      context,
      <Unavailable title={TITLE} path="/" failure={failure} retry={pathname + search} />,
      502,
    );
  }

  return app;
}

/**
 * Where no script did it: fills in what follows from a date that was picked, and from a store that
 * was chosen; what was typed by hand stays.
 */
export function completeForm(
  form: Form,
  get: (name: string) => string | undefined,
  origin: string,
  stores: Stores,
): Form {
  const was = readWas(get("was"));
  const now = wasOf(form);
  const isSame = (...names: (keyof typeof now)[]) => names.every((name) => was[name] === now[name]);
  const completed = { ...form };
  const picked = parseDay(get("date") ?? "");
  if (picked !== undefined && isSame("Year", "Month", "Week", "IsHoliday")) {
    const day = endOfWeek(picked, parseDay(origin) ?? 0);
    for (const [name, value] of Object.entries(weekFields(day))) {
      completed[name as keyof Form] = `${value}`;
    }
  }
  const store = stores.find(({ store }) => `${store}` === form.Store);
  if (store && !isSame("Store") && isSame("Type", "Size")) {
    completed.Type = store.type;
    completed.Size = `${store.size}`;
  }
  return completed;
}

function readWas(text: string | undefined): Record<string, unknown> {
  try {
    return Object(JSON.parse(text ?? ""));
  } catch {
    return {};
  }
}

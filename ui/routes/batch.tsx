import { type Context, Hono } from "hono";
import { parseDay } from "../../lib/features/calendar.ts";
import { type FeatureName, FEATURES } from "../../lib/features/table.ts";
import type { Model, Stores } from "../answers.ts";
import type { Services } from "../app.tsx";
import { safeCell } from "../batch/safe_cell.ts";
import { Layout } from "../components/layout.tsx";
import { choiceOf, chooseModel } from "../choose_model.ts";
import { island, useAsset } from "../island.tsx";
import BatchIsland, { type BatchProps } from "../islands/batch.tsx";
import { weekFields } from "../weeks.ts";
import { NoModels, Unavailable } from "./unavailable.tsx";

const Island = island("batch", BatchIsland);

const TITLE = "Batch";

/** The page of batches, and the files that show what it takes. */
export function batchRoutes({ reader, page }: Services): Hono {
  const app = new Hono();

  app.get("/", async (context) => {
    const { value, failure } = await reader.models();
    if (failure) {
      return page(
        context,
        <Unavailable title={TITLE} path="/batch" failure={failure} retry="/batch" />,
        502,
      );
    }
    const model = chooseModel(value, context.req.query("model"));
    if (!model) {
      const problems = await reader.problems();
      return page(context, <NoModels title={TITLE} path="/batch" problems={problems} />);
    }
    const choices = value.models.map(choiceOf);
    return page(
      context,
      <Layout
        title={TITLE}
        path="/batch"
        lead="Forecast a whole file: look at it first, then get it back with a forecast in each row."
      >
        <Batch models={choices} model={model.name} />
      </Layout>,
    );
  });

  app.get("/template.csv", (context) => csv(context, "template.csv", [NAMES]));

  app.get("/sample.csv", async (context) => {
    const [models, stores] = await Promise.all([reader.models(), reader.stores()]);
    const model = models.value && chooseModel(models.value, undefined);
    if (!model) return csv(context, "template.csv", [NAMES]);
    return csv(context, "sample.csv", [NAMES, ...sampleRows(model, stores.value ?? [])]);
  });

  return app;
}

function Batch(props: Omit<BatchProps, "worker">) {
  return <Island {...props} worker={useAsset("batch_worker")} />;
}

const NAMES: string[] = FEATURES.map(({ name }) => name);

const SAMPLE_STORES = 5, SAMPLE_DEPARTMENTS = 4, SAMPLE_WEEKS = 13;

/** The coming quarter of some departments of some stores. */
export function sampleRows({ example, origin }: Pick<Model, "example" | "origin">, stores: Stores) {
  const first = parseDay(origin) ?? 0;
  const places = stores.slice(0, SAMPLE_STORES).flatMap(({ store, type, size, departments }) =>
    departments.slice(0, SAMPLE_DEPARTMENTS)
      .map((dept) => ({ Store: store, Dept: dept, Type: type, Size: size }))
  );
  return (places.length > 0 ? places : [{}]).flatMap((place) =>
    Array.from({ length: SAMPLE_WEEKS }, (_, week) => {
      const record: Partial<Record<FeatureName, unknown>> = {
        ...example,
        ...place,
        ...weekFields(first + 7 * (week + 1)),
      };
      return FEATURES.map(({ name }) => `${record[name] ?? ""}`);
    })
  );
}

function csv(context: Context, name: string, rows: string[][]): Response {
  const lines = rows.map((cells) => cells.map((cell) => safeCell(cell, ",")).join(","));
  return context.body(lines.join("\r\n") + "\r\n", 200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}"`,
  });
}

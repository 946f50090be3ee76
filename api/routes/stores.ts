import type { Hono } from "hono";
import { ALL } from "../../lib/history/outlook.ts";
import type { ApiOptions } from "../app.ts";
import { STORE_TYPES } from "../describe_model.ts";
import { findModel } from "../find_model.ts";

/** `GET /stores`: the stores that a model knows, and what each sells. */
export function addStores(app: Hono, { store }: ApiOptions): void {
  app.get("/stores", async (context) => {
    const { version, model } = await findModel(store, context.req.query("model"));
    const { stores, departments } = model.outlook.history;
    const sold = new Map<number, number[]>();
    for (const [series, number] of stores.entries()) {
      if (number === ALL) continue;
      const known = sold.get(number);
      if (known) known.push(departments[series]!);
      else sold.set(number, [departments[series]!]);
    }
    context.header("x-model-version", version);
    return context.json({
      stores: [...model.stores].map(([number, { type, size }]) => ({
        store: number,
        type: STORE_TYPES[type]!,
        size,
        departments: sold.get(number) ?? [],
      })),
    });
  });
}

import { show } from "../lib/features/check_value.ts";
import { joinWords } from "../lib/words.ts";
import type { ServedModel } from "./load_model.ts";
import type { ModelStore } from "./models.ts";
import { Problem } from "./problem.ts";

/**
 * The model that a request names, or the default where it names none; a request that comes before
 * its model was read waits for that, and for no other.
 *
 * @throws {Problem} 404 naming the models that there are, 503 where there is no model at all.
 */
export function findModel(
  store: ModelStore,
  name: string | undefined,
): ServedModel | Promise<ServedModel> {
  return pick(store, name) ?? waitForModel(store, name);
}

async function waitForModel(store: ModelStore, name: string | undefined): Promise<ServedModel> {
  let found: ServedModel | undefined;
  while (!found && !store.loaded) {
    await store.next();
    found = pick(store, name);
  }
  if (found) return found;
  const { served, failed } = store.current;
  const names = [...served.keys()];
  if (names.length === 0) {
    const [reason] = failed.values();
    throw new Problem(503, `There is no model to ask. ${reason ?? ""}`.trim(), { retryAfter: 10 });
  }
  const known = `There ${names.length === 1 ? "is" : "are"} ${joinWords(names)}.`;
  if (name === undefined) {
    throw new Problem(503, `The default model is not there. Name another: ${known}`, {
      retryAfter: 10,
    });
  }
  throw new Problem(404, `There is no model ${show(name)}. ${known}`);
}

function pick({ current }: ModelStore, name: string | undefined): ServedModel | undefined {
  return name === undefined ? current.fallback : current.served.get(name);
}

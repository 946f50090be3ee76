/**
 * Entry for Deno Deploy and `deno serve`: exports `fetch` and nothing else. `serve.ts` is the one for
 * machines of one's own, which also watches the models and ends in order.
 *
 * @module
 */
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { createMetrics } from "./metrics.ts";
import { ModelStore } from "./models.ts";

const config = readConfig(Deno.env.get);
const store = new ModelStore(config);
// Begun before the first request, which waits for it.
store.refresh();
const { fetch } = createApp({
  config,
  store,
  metrics: createMetrics(),
  log: console.log,
  isClosing: () => false,
});
export default { fetch };

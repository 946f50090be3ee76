import type { Hono } from "hono";
import type { CandidateName } from "../lib/candidates.ts";
import { smallModel } from "../lib/evaluation/testing.ts";
import { decodeModel, type StoredModel } from "../lib/model/json.ts";
import { inFolder } from "../lib/testing.ts";
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { exampleRecord } from "./describe_model.ts";
import { createMetrics } from "./metrics.ts";
import { ModelStore } from "./models.ts";

/** The API over a temporary folder of small models. For tests only. */
export interface TestApi {
  app: Hono;
  store: ModelStore;
  /** Of the models. */
  folder: string;
  /** What was logged, a line each. */
  lines: string[];
  /** Lets the server be closing. */
  close(): void;
  /** Puts a file into the folder. */
  write(file: string, text: string): Promise<void>;
  /** Sends JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** A record as JSON has it. */
export type TestRecord = ReturnType<typeof exampleRecord>;

const texts = new Map<CandidateName, Promise<string>>();

/** Text of a small model's file, made once. For tests only. */
export function modelText(name: CandidateName): Promise<string> {
  let text = texts.get(name);
  if (!text) texts.set(name, text = smallModel(name));
  return text;
}

/** A small model. For tests only. */
export async function testModel(name: CandidateName): Promise<StoredModel> {
  return await decodeModel(await modelText(name));
}

/** A record that small models take, with other values. For tests only. */
export async function testRecord(values: Record<string, unknown> = {}): Promise<TestRecord> {
  return { ...exampleRecord(await testModel("rf")), ...values };
}

/**
 * Runs a test with the API over small models, loaded, by file name. For tests only.
 *
 * @param variables Of its configuration.
 */
export function inApi(
  models: CandidateName[],
  test: (api: TestApi) => void | Promise<void>,
  variables: Record<string, string> = {},
): Promise<void> {
  return inFolder(async (folder) => {
    const config = readConfig((name) => ({ MODELS_DIR: folder, ...variables })[name]);
    const store = new ModelStore(config);
    const lines: string[] = [];
    let isClosing = false;
    const app = createApp({
      config,
      store,
      metrics: createMetrics(),
      log: (line) => lines.push(line),
      isClosing: () => isClosing,
    });
    const write = (file: string, text: string) => Deno.writeTextFile(`${folder}/${file}`, text);
    for (const name of models) await write(`${name}.json`, await modelText(name));
    await store.refresh();
    await test({
      app,
      store,
      folder,
      lines,
      close: () => isClosing = true,
      write,
      post: async (path, body, headers = {}) =>
        await app.request(path, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify(body),
        }),
    });
  });
}

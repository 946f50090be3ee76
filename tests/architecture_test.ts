import assert from "node:assert/strict";
import { imports } from "./import_graph.ts";

/** What each module under lib, pipeline, tasks and ui imports, tests included. */
const graph = await imports(await modulesUnder("lib", "pipeline", "tasks", "ui"));

Deno.test("lib imports neither pipeline nor tasks, nor these each other", () => {
  assert.deepEqual(arrows(/^lib\//, /^(pipeline|tasks)\//), []);
  assert.deepEqual(arrows(/^pipeline\//, /^tasks\//), []);
  assert.deepEqual(arrows(/^tasks\//, /^pipeline\//), []);
});

Deno.test("ui imports lib and nothing else of this project, and nothing imports ui", () => {
  assert.ok(arrows(/^ui\//, /^lib\/features\//).length > 10);
  assert.deepEqual(arrows(/^ui\//, /^(api|pipeline|tasks)\//), []);
  assert.deepEqual(arrows(/^(lib|pipeline|tasks)\//, /^ui\//), []);
});

Deno.test("what browsers load of ui has no schema library, no Polars and no program of the server", () => {
  const found = arrows(
    /^ui\/(islands|components|batch)\/(?!.*_test\.)/,
    /^(zod|hono|nodejs-polars|esbuild)|^ui\/app/,
  );
  assert.deepEqual(found, []);
});

Deno.test("lib/trees imports only itself, no package", () => {
  assert.ok(arrows(/^lib\/trees\//, /^lib\/trees\//).length > 10);
  assert.deepEqual(arrows(/^lib\/trees\/(?!.*_test\.ts$|testing\/)/, /^(?!lib\/trees\/)/), []);
});

Deno.test("Polars is imported only in lib/dataset and pipeline", () => {
  const importers = arrows(/./, /^nodejs-polars$/);
  assert.ok(importers.some((arrow) => arrow.startsWith("lib/dataset/parquet.ts ")));
  assert.deepEqual(importers.filter((arrow) => !/^(lib\/dataset|pipeline)\//.test(arrow)), []);
});

Deno.test("reading an evaluation card takes no more than zod and a few small modules", () => {
  const reader = /^lib\/evaluation\/card\/(card|file)\.ts$/;
  assert.ok(arrows(reader, /^zod$/).length > 0);
  const small =
    /^(?!zod$|lib\/(candidates|errors|files|params_schema|evaluation\/card\/card)\.ts$)/;
  assert.deepEqual(arrows(reader, small), []);
});

/** Imports from modules that match one pattern of those that match another, as `from -> to`. */
function arrows(from: RegExp, to: RegExp): string[] {
  return [...graph].filter(([module]) => from.test(module)).flatMap(([module, targets]) =>
    targets.filter((target) => to.test(target)).map((target) => `${module} -> ${target}`)
  );
}

async function modulesUnder(...folders: string[]): Promise<string[]> {
  const modules: string[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) modules.push(...await modulesUnder(path));
      else if (/\.tsx?$/.test(name)) modules.push(path);
    }
  }
  return modules;
}

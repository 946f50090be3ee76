import assert from "node:assert/strict";
import { importGraph, imports } from "../tasks/import_graph.ts";

/** What each module under lib, pipeline, api, tasks and ui imports, tests included. */
const graph = await imports(await modulesUnder("lib", "pipeline", "api", "tasks", "ui"));

Deno.test("lib imports neither pipeline, api nor tasks, nor these each other", () => {
  assert.deepEqual(arrows(/^lib\//, /^(pipeline|api|tasks)\//), []);
  assert.deepEqual(arrows(/^pipeline\//, /^(api|tasks)\//), []);
  assert.deepEqual(arrows(/^api\//, /^(pipeline|tasks)\//), []);
  // The launcher, which gives the API its rights.
  assert.deepEqual(arrows(/^tasks\/(?!api(_test)?\.ts)/, /^(pipeline|api)\//), []);
});

Deno.test("api/main.ts is made of nothing that Deno Deploy lacks, and of no training", async () => {
  const { modules, packages } = await importGraph("api/main.ts");
  const builtIn = modules.flatMap((module) => graph.get(module)!)
    .filter((target) => target.startsWith("node:"));
  assert.deepEqual([...new Set(builtIn)].sort(), ["node:path", "node:zlib"]);
  assert.deepEqual(packages, ["@hono/zod-openapi", "fflate", "hono", "zod"]);
  // Neither files written nor programs or native code started. The explainer starts a thread where
  // the platform has any.
  const used = new Set<string>();
  for (const module of modules) {
    const source = (await Deno.readTextFile(module)).replace(/^ *\*.*$/gm, "");
    for (const [, name] of source.matchAll(/\bDeno\.(\w+)/g)) used.add(name!);
    if (module === "api/explainer.ts") assert.match(source, /typeof Worker === "undefined"/);
    else assert.doesNotMatch(source, /\bnew Worker\b|\bimport\((?!")|\beval\(/, module);
  }
  assert.deepEqual([...used].sort(), ["env", "errors", "lstat", "readDir", "readFile", "stat"]);
  assert.deepEqual(
    modules.filter((module) => /^lib\/(dataset|mlflow|report|charts)\//.test(module)),
    [],
  );
  assert.deepEqual(
    modules.filter((module) => module.startsWith("lib/trees/")),
    [
      "binning",
      "distinct",
      "ensemble",
      "gauss_legendre",
      "leaf_masks",
      "predict",
      "random",
      "release",
      "shap_paths",
      "shap_worker",
      "spread",
      "tree_shap",
      "walker",
    ].map((name) => `lib/trees/${name}.ts`),
  );
});

Deno.test("the API imports no package before it answers but those that it needs for that", async () => {
  for (const entry of ["api/serve.ts", "api/main.ts"]) {
    const packages = await packagesAtOnce(entry);
    assert.deepEqual(packages, ["hono", "zod"], entry);
  }
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

interface Dependency {
  code?: { specifier: string };
  isDynamic?: true;
}

/** npm packages that a script imports before it runs, leaving out what `import()` is for. */
async function packagesAtOnce(entry: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
  }).output();
  const { roots, modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    roots: string[];
    modules: { specifier: string; dependencies?: Dependency[] }[];
  };
  const dependencies = new Map(modules.map((module) => [module.specifier, module.dependencies]));
  const due = [...roots], seen = new Set(due), packages = new Set<string>();
  for (let next = due.pop(); next !== undefined; next = due.pop()) {
    const name = /^npm:\/?((?:@[^/]+\/)?[^/@]+)/.exec(next)?.[1];
    if (name) packages.add(name);
    for (const { code, isDynamic } of dependencies.get(next) ?? []) {
      if (!code || isDynamic || seen.has(code.specifier)) continue;
      seen.add(code.specifier);
      due.push(code.specifier);
    }
  }
  return [...packages].sort();
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

import assert from "node:assert/strict";
import { parse } from "yaml";
import { importGraph } from "../tasks/import_graph.ts";

type Outs = (string | Record<string, { cache?: boolean; persist?: boolean }>)[];

interface Stage {
  cmd: string;
  deps: string[];
  params: (string | Record<string, string[]>)[];
  outs?: Outs;
  metrics?: Outs;
  plots?: Outs;
}

const { stages } = parse(await Deno.readTextFile("dvc.yaml")) as { stages: Record<string, Stage> };
const config = JSON.parse(await Deno.readTextFile("deno.json")) as {
  permissions: Record<string, unknown>;
};

/** They only read and check params.yaml and files of ours: another version changes no result. */
const READERS = ["yaml", "zod"];

const SCRIPTS = {
  preprocess: "pipeline/preprocess.ts",
  train: "pipeline/train.ts",
  eval: "pipeline/evaluate.ts",
  log_mlflow: "pipeline/log_mlflow.ts",
};

Deno.test("dvc.yaml has exactly the four stages, in order", () => {
  assert.deepEqual(Object.keys(stages), Object.keys(SCRIPTS));
});

for (const [name, script] of Object.entries(SCRIPTS)) {
  Deno.test(`dvc.yaml: ${name} runs its script under its own permission set`, () => {
    assert.equal(stages[name]!.cmd, `deno run -q --no-remote -P=${name} ${script}`);
    assert.ok(config.permissions[name], `deno.json has no permissions.${name}`);
  });

  Deno.test(`dvc.yaml: deps of ${name} are its import graph, no more and no less`, async () => {
    const graph = await importGraph(script);
    const deps = stages[name]!.deps.filter((dep) => /^(lib|pipeline)\b/.test(dep));
    const covered: string[] = [];
    for (const dep of deps) covered.push(...await sourcesUnder(dep));
    assert.deepEqual(covered.filter((file) => file.endsWith(".ts")).sort(), graph.modules);
    // A file that is no module (Python, a template) is read or run by one that names it.
    const sources = await Promise.all(graph.modules.map((module) => Deno.readTextFile(module)));
    for (const file of covered.filter((file) => !file.endsWith(".ts"))) {
      const named = sources.some((source) => source.includes(file.split("/").at(-1)!));
      assert.ok(named, `${file} is in deps of ${name}, but no module of it names the file`);
    }
  });

  Deno.test(`dvc.yaml: params of ${name} pin the engines that it imports`, async () => {
    const { packages } = await importGraph(script);
    const pinned = stages[name]!.params
      .flatMap((entry) => typeof entry === "string" ? [] : entry["deno.json"] ?? []);
    const engines = packages.filter((name) => !READERS.includes(name));
    assert.deepEqual(pinned.toSorted(), engines.map((name) => `imports.${name}`));
  });

  Deno.test(`dvc.yaml: data that ${name} depends on are raw, or made by a stage before it`, () => {
    const made = new Set(["data/features.csv", "data/stores.csv", "data/train.csv"]);
    for (const [earlier, stage] of Object.entries(stages)) {
      if (earlier === name) break;
      for (const path of Object.keys(outsOf(stage))) made.add(path);
    }
    const data = stages[name]!.deps.filter((dep) => !/^(lib|pipeline)\b/.test(dep));
    assert.deepEqual(data.filter((dep) => !made.has(dep)), []);
  });

  Deno.test(`dvc.yaml: outs of ${name} persist, and those that are small tables stand in Git`, () => {
    for (const [path, { cache = true, persist }] of Object.entries(outsOf(stages[name]!))) {
      assert.equal(persist, true, path);
      assert.equal(
        cache,
        !/^metrics\/([^/]+\.json|learning_curves\.csv|total_by_week\.csv)$/.test(path),
        path,
      );
    }
  });
}

function outsOf(stage: Pick<Stage, "outs" | "metrics" | "plots">) {
  const entries = [stage.outs, stage.metrics, stage.plots].flatMap((outs) => outs ?? []);
  return Object.assign(
    {},
    ...entries.map((entry) => typeof entry === "string" ? { [entry]: {} } : entry),
  ) as Record<string, { cache?: boolean; persist?: boolean }>;
}

/** Files that a dep stands for, without what .dvcignore keeps out. */
async function sourcesUnder(dep: string): Promise<string[]> {
  if (!(await Deno.stat(dep)).isDirectory) return [dep];
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dep)) {
    const path = `${dep}/${name}`;
    if (isDirectory && name !== "__snapshots__") files.push(...await sourcesUnder(path));
    else if (!isDirectory && !/(_test\.ts|\.md|\.tmp)$/.test(name)) files.push(path);
  }
  return files;
}

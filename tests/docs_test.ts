import assert from "node:assert/strict";
import { parse } from "yaml";
import { VARIABLES } from "../api/config.ts";
import { DEFAULT_TRACKING_URI } from "../lib/mlflow/tracking_uri.ts";
import { readConfig } from "../ui/config.ts";

const { permissions, tasks } = JSON.parse(await Deno.readTextFile("deno.json")) as {
  tasks: Record<string, string>;
  permissions: Record<string, { env?: boolean | string[] | { allow?: string[] } }>;
};

const configuration = await Deno.readTextFile("docs/configuration.md");

Deno.test("docs/configuration.md has the API's variables as the code has them", () => {
  const entries: [string, { fallback?: string; description: string }][] = Object.entries(VARIABLES);
  assert.deepEqual(
    table(configuration, "The prediction API"),
    entries.map(([name, { fallback = "", description }]) => [name, fallback, description]),
  );
});

Deno.test("docs/configuration.md has the pages' variables and defaults", () => {
  const rows = table(configuration, "The pages");
  // What `ui:dev` sets for the server that it starts is nobody else's.
  const read = variables("ui").filter((name) => name !== "UI_RELOAD");
  assert.deepEqual(rows.map(([name]) => name).sort(), read.sort());
  const plain = readConfig(() => undefined);
  for (const [name, text] of rows) {
    assert.deepEqual(readConfig((asked) => asked === name ? text : undefined), plain, `${name}`);
    if (name !== "API_KEY") assert.notEqual(text, "", `${name}`);
  }
});

Deno.test("docs/configuration.md has MLflow's variables", () => {
  const rows = table(configuration, "MLflow");
  const read = variables("log_mlflow").filter((name) => !/no_proxy/i.test(name));
  assert.deepEqual(rows.map(([name]) => name).sort(), read.sort());
  assert.equal(rows.find(([name]) => name === "MLFLOW_TRACKING_URI")![1], DEFAULT_TRACKING_URI);
});

Deno.test("docs/configuration.md names every variable that a permission set lets in", () => {
  const names = new Set(Object.keys(permissions).flatMap(variables));
  assert.ok(names.size > 20);
  for (const name of names) assert.ok(configuration.includes(`\`${name}\``), name);
});

Deno.test("docs/configuration.md has every parameter with its default", async () => {
  const { rf, gbr, ...others } = parse(await Deno.readTextFile("params.yaml")) as Record<
    string,
    Record<string, unknown>
  >;
  const leaves = Object.entries(others).flatMap(([section, values]) =>
    Object.entries(values).map(([key, value]) => [`${section}.${key}`, `${value}`])
  );
  assert.deepEqual(table(configuration, "Parameters").map((row) => row.slice(0, 2)), leaves);
  const cell = (values: Record<string, unknown>, key: string) =>
    key in values ? `${values[key]}` : "";
  const keys = new Set([...Object.keys(rf!), ...Object.keys(gbr!)]);
  assert.deepEqual(
    table(configuration, "Parameters", 1).map((row) => row.slice(0, 3)).sort(),
    [...keys].map((key) => [key, cell(rf!, key), cell(gbr!, key)]).sort(),
  );
});

Deno.test("every error text of docs/troubleshooting.md is one of the code", async () => {
  const quoted = [...(await Deno.readTextFile("docs/troubleshooting.md"))
    .matchAll(/^```text\n(.+)\n```$/gm)].map(([, text]) => text!);
  assert.ok(quoted.length > 15);
  const code = await sources(["api", "lib", "pipeline", "tasks", "ui"]);
  for (const text of quoted) {
    // What stands for a value that differs is none of the text.
    const parts = text.split("…").map((part) => part.trim()).filter((part) => /\w{3}/.test(part));
    assert.ok(parts.length > 0, text);
    for (const part of parts) assert.ok(code.includes(part), `"${part}" of "${text}"`);
  }
});

Deno.test("every task of deno.json is in the README's table, and no other", async () => {
  const readme = await Deno.readTextFile("README.md");
  const named = [...readme.matchAll(/^\| `deno task ([\w:-]+)/gm)].map(([, name]) => name!);
  assert.deepEqual([...new Set(named)].sort(), Object.keys(tasks).sort());
});

Deno.test("links and pictures of the documents lead to files, and pictures are small", async () => {
  const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
  for await (const { name } of Deno.readDir("docs")) {
    if (name.endsWith(".md")) documents.push(`docs/${name}`);
  }
  let links = 0;
  for (const document of documents) {
    const text = await Deno.readTextFile(document);
    for (const [, target] of text.matchAll(/(?:\]\(|src=")(?!https?:|#|mailto:)([^)#"\s]+)/g)) {
      const file = new URL(target!, new URL(document, `file://${Deno.cwd()}/`));
      const { size } = await Deno.stat(file).catch(() => assert.fail(`${document}: ${target}`));
      if (/\.(png|svg)$/.test(target!)) assert.ok(size < 100_000, `${target} has ${size} bytes`);
      links++;
    }
  }
  assert.ok(links > 20);
});

/** The rows of the nth table below a heading, without their backticks. */
function table(text: string, heading: string, nth = 0): string[][] {
  const section = text.split(new RegExp(`^## ${heading}\n`, "m"))[1]!.split(/^## /m, 1)[0]!;
  const found = [...section.matchAll(/(?:^\|.*\|\n)+/gm)][nth]![0];
  return found.trim().split("\n").slice(2).map((line) =>
    line.slice(1, -1).split("|").map((cell) => cell.trim().replace(/^`(.*)`$/, "$1"))
  );
}

/** Variables that a permission set lets in, those aside that it only keeps from being asked for. */
function variables(set: string): string[] {
  const { env } = permissions[set]!;
  if (env === undefined || typeof env === "boolean") return [];
  return Array.isArray(env) ? env : env.allow ?? [];
}

/** All source text, literals that are added up in one piece, and escaped backticks plain. */
async function sources(folders: string[]): Promise<string> {
  const texts: string[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory && name !== "_bundle") texts.push(await sources([path]));
      else if (/\.tsx?$/.test(name) && !/_test\.ts$/.test(name)) {
        texts.push(await Deno.readTextFile(path));
      }
    }
  }
  return texts.join("\n").replace(/["`]\s*\+\s*["`]/g, "").replaceAll("\\`", "`")
    // One variable that always holds the same.
    .replaceAll("${REQUIREMENTS}", "requirements.txt").replaceAll("${LOCK}", "dvc.lock");
}

import assert from "node:assert/strict";
import { helpText } from "../lib/cli.ts";
import { apiCommand } from "./command.ts";
import { readConfig, VARIABLES } from "./config.ts";

Deno.test("apiCommand() describes every variable with its default", () => {
  const help = helpText(apiCommand("deno task api"));
  const config = readConfig(() => undefined);
  for (const name of Object.keys(VARIABLES) as (keyof typeof VARIABLES)[]) {
    const line = help.split("\n").find((line) => line.startsWith(`  ${name} `))!;
    assert.ok(line.includes(VARIABLES[name].description), name);
    const value = config[name];
    const hasDefault = value !== undefined && !Array.isArray(value);
    assert.equal(line.endsWith(` (default: ${value})`), hasDefault, line);
  }
});

Deno.test("docs/configuration.md describes every variable with its default", async () => {
  const docs = await Deno.readTextFile("docs/configuration.md");
  for (const [name, { fallback }] of Object.entries(VARIABLES)) {
    const row = new RegExp(
      `^\\| \`${name}\` +\\| ${fallback ? `\`${fallback}\`` : ""} *\\| \\w`,
      "m",
    );
    assert.match(docs, row);
  }
});

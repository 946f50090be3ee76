import type { CommandSpec } from "../lib/cli.ts";
import { VARIABLES } from "./config.ts";

/** The command line of the API, which is configured by the environment alone. */
export function apiCommand(name: string): CommandSpec<Record<never, never>> {
  const rows = Object.entries(VARIABLES).map(([variable, { description, fallback }]) =>
    [variable, fallback ? `${description} (default: ${fallback})` : description] as const
  );
  const width = Math.max(...rows.map(([variable]) => variable.length));
  return {
    name,
    summary: [
      "Serves forecasts over HTTP. Configured by variables of the environment:",
      "",
      ...rows.map(([variable, text]) => `  ${variable.padEnd(width)}  ${text}`),
    ].join("\n"),
    options: {},
    examples: [`PORT=8080 MODELS_DIR=served ${name}`],
  };
}

import { parseArgs } from "node:util";
import { UserError } from "./errors.ts";

/** One `--option` of a command. */
export interface OptionSpec {
  type: "string" | "boolean";
  /** What stands for the value in the help text, for example `PATH`. */
  value?: string;
  description: string;
  /** Shown in the help text and used where the option is not given. */
  default?: string;
}

/** A command line: what `--help` prints and what is accepted. */
export interface CommandSpec<Options extends Record<string, OptionSpec>> {
  /** As people type it, for example `deno task data`. */
  name: string;
  summary: string;
  options: Options;
  /** Names of the arguments that have to be given besides options, for example `["URI"]`. */
  operands?: readonly string[];
  /** What follows the name in the help text where it is not just options and operands. */
  usage?: string;
  examples?: readonly string[];
}

/** What {@linkcode parseCommand} returns: option values by name, and operands in their order. */
export interface ParsedCommand<Options extends Record<string, OptionSpec>> {
  operands: string[];
  values: {
    [K in keyof Options]: Options[K] extends { type: "boolean" } ? boolean
      : Options[K] extends { default: string } ? string
      : string | undefined;
  };
}

/** Text of `--help`, ending in a newline. */
export function helpText(spec: CommandSpec<Record<string, OptionSpec>>): string {
  const rows = Object.entries(spec.options).map(([name, option]) => {
    const flag = `    --${name}${option.value ? ` ${option.value}` : ""}`;
    const fallback = option.default === undefined ? "" : ` (default: ${option.default})`;
    return [flag, option.description + fallback] as const;
  });
  rows.push(["-h, --help", "show this text"]);
  const width = Math.max(...rows.map(([flag]) => flag.length));
  const lines = [
    spec.summary,
    "",
    `Usage: ${spec.name} ${spec.usage ?? ["[options]", ...spec.operands ?? []].join(" ")}`,
    "",
    "Options:",
    ...rows.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`),
  ];
  if (spec.examples) lines.push("", "Examples:", ...spec.examples.map((line) => `  ${line}`));
  return lines.join("\n") + "\n";
}

/**
 * Reads `args` by `spec`.
 *
 * @throws {UserError} on an unknown option, a missing value, and too many or too few operands.
 */
export function parseCommand<const Options extends Record<string, OptionSpec>>(
  spec: CommandSpec<Options>,
  args: string[],
): ParsedCommand<Options> {
  const options = Object.fromEntries(
    Object.entries(spec.options).map(([name, { type }]) => [name, { type }]),
  );
  const { operands = [] } = spec;
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args, options, strict: true, allowPositionals: operands.length > 0 });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split("\n")[0]! : String(cause);
    // Only some of the messages end in a full stop.
    throw new UserError(
      `${message.replace(/\.?$/, ".")} Run \`${spec.name} --help\` for what is accepted.`,
    );
  }
  if (parsed.positionals.length !== operands.length) {
    const found = parsed.positionals.length === 0 ? "nothing" : `"${parsed.positionals.join(" ")}"`;
    throw new UserError(
      `Expected ${
        operands.join(" ")
      }, but found ${found}. Run \`${spec.name} --help\` for what is ` +
        "accepted.",
    );
  }
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(spec.options)) {
    values[name] = parsed.values[name] ?? (option.type === "boolean" ? false : option.default);
  }
  return {
    operands: parsed.positionals,
    values: values as ParsedCommand<Options>["values"],
  };
}

/**
 * The frame of every script: prints help for `--help`, parses the arguments, runs `main`, and turns
 * a {@linkcode UserError} into one line on stderr and exit code 1.
 *
 * @example
 * ```ts
 * import { runCommand } from "./cli.ts";
 * if (import.meta.main) {
 *   await runCommand({ name: "deno task hello", summary: "Says hello.", options: {} }, () => {
 *     console.log("hello");
 *   });
 * }
 * ```
 */
export async function runCommand<const Options extends Record<string, OptionSpec>>(
  spec: CommandSpec<Options>,
  main: (command: ParsedCommand<Options>) => void | Promise<void>,
  args: string[] = Deno.args,
): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(helpText(spec).trimEnd());
    return;
  }
  try {
    await main(parseCommand(spec, args));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(1);
  }
}

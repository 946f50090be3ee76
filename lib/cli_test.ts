import assert from "node:assert/strict";
import { helpText, parseCommand } from "./cli.ts";
import { UserError } from "./errors.ts";

const spec = {
  name: "deno task fly",
  summary: "Flies somewhere.",
  options: {
    to: { type: "string", value: "PLACE", description: "where to", default: "home" },
    via: { type: "string", value: "PLACE", description: "stop over" },
    fast: { type: "boolean", description: "hurry" },
  },
  examples: ["deno task fly --to Rome"],
} as const;

Deno.test("helpText() lists usage, every option with its default, and examples", () => {
  assert.equal(
    helpText(spec),
    `Flies somewhere.

Usage: deno task fly [options]

Options:
      --to PLACE   where to (default: home)
      --via PLACE  stop over
      --fast       hurry
  -h, --help       show this text

Examples:
  deno task fly --to Rome
`,
  );
});

Deno.test("helpText() shows other usage than options where there is one", () => {
  assert.match(
    helpText({ ...spec, usage: "[STAGE ...]" }),
    /^Usage: deno task fly \[STAGE \.\.\.\]$/m,
  );
});

Deno.test("parseCommand() gives defaults, values and flags", () => {
  assert.deepEqual(parseCommand(spec, []).values, { to: "home", via: undefined, fast: false });
  assert.deepEqual(parseCommand(spec, ["--to=Rome", "--fast"]).values, {
    to: "Rome",
    via: undefined,
    fast: true,
  });
});

Deno.test("parseCommand() refuses unknown options, missing values and stray arguments", () => {
  for (const args of [["--too", "x"], ["--to"], ["Rome"], ["-f"], ["--to", "--fast"]]) {
    assert.throws(
      () => parseCommand(spec, args),
      (error) =>
        error instanceof UserError && /[^.]\. Run `deno task fly --help` for/.test(error.message),
    );
  }
});

Deno.test("parseCommand() gives operands in their order, and names those that are missing", () => {
  const move = { ...spec, operands: ["FROM", "TO"] } as const;
  assert.deepEqual(parseCommand(move, ["a", "--fast", "b"]).operands, ["a", "b"]);
  assert.match(helpText(move), /^Usage: deno task fly \[options\] FROM TO$/m);
  for (const [args, found] of [[[], "nothing"], [["a"], '"a"'], [["a", "b", "c"], '"a b c"']]) {
    assert.throws(
      () => parseCommand(move, args as string[]),
      { message: new RegExp(`^Expected FROM TO, but found ${found}\\. Run`) },
    );
  }
});

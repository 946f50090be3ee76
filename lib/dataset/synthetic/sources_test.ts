import assert from "node:assert/strict";

/** What every engine computes to the last bit alike. */
const ALLOWED = ["abs", "floor", "imul", "max", "min", "round", "sqrt"];

const FORBIDDEN = [/\*\*/, /toLocale/, /\bIntl\b/, /toFixed|toPrecision|toExponential/];

Deno.test("the generator uses nothing that engines compute differently", () => {
  const folder = new URL("./", import.meta.url);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith("_test.ts"));
  assert(sources.includes("synthetic_history.ts") && sources.includes("sales.ts"));
  for (const name of sources) {
    const code = withoutComments(Deno.readTextFileSync(new URL(name, folder)));
    assert.deepEqual(problems(code), [], name);
  }
});

Deno.test("the search for forbidden functions finds them", () => {
  assert.deepEqual(problems("Math.sin(x) + Math.floor(y) + 2 ** x"), ["Math.sin", "/\\*\\*/"]);
  assert.deepEqual(problems("const { exp } = Math;"), ["Math"]);
});

/** Forbidden parts of a source text. */
function problems(code: string): string[] {
  const functions = code.match(/\bMath\b(\.\w+)?/g) ?? [];
  return [
    ...functions.filter((name) => !ALLOWED.includes(name.slice("Math.".length))),
    ...FORBIDDEN.filter((pattern) => pattern.test(code)).map(String),
  ];
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}

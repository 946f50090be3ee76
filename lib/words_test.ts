import assert from "node:assert/strict";
import { joinWords } from "./words.ts";

Deno.test("joinWords() sets commas, and `and` before the last", () => {
  assert.equal(joinWords([]), "");
  assert.equal(joinWords(["a"]), "a");
  assert.equal(joinWords(["a", "b"]), "a and b");
  assert.equal(joinWords(["a", "b", "c"]), "a, b and c");
});

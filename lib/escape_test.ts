import assert from "node:assert/strict";
import { escape } from "./escape.ts";

Deno.test("escape() leaves no character that begins or ends a tag, a value or an entity", () => {
  assert.equal(escape(`<a b="c">'&amp;'</a>`), `&lt;a b=&quot;c&quot;&gt;'&amp;amp;'&lt;/a&gt;`);
  assert.equal(escape("R² − 1"), "R² − 1");
});

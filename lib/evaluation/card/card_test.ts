import assert from "node:assert/strict";
import { UserError } from "../../errors.ts";
import { smallCard } from "../testing.ts";
import { decodeCard, encodeCard } from "./card.ts";

const CHECKSUM = `sha256:${"0".repeat(64)}`;

Deno.test("decodeCard() reads what encodeCard() writes, in the order of the schema", () => {
  const card = smallCard("rf", CHECKSUM);
  const text = encodeCard(card);
  assert.deepEqual(decodeCard(text), card);
  assert.equal(encodeCard(Object.fromEntries(Object.entries(card).reverse()) as typeof card), text);
});

Deno.test("decodeCard() leaves out fields that it does not know", () => {
  const text = encodeCard(smallCard("rf", CHECKSUM));
  assert.equal(encodeCard(decodeCard(text.replace("{", '{"later": 1,'))), text);
});

Deno.test("decodeCard() refuses what is no whole card in a sentence that names the field", () => {
  const text = encodeCard(smallCard("rf", CHECKSUM));
  const refuses = (wrong: string, message: RegExp) => {
    assert.notEqual(wrong, text);
    assert.throws(() => decodeCard(wrong, "rf.card.json"), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^rf\.card\.json is no whole evaluation card: /);
      assert.match(error.message, message);
      return true;
    });
  };
  refuses(text.slice(0, 100), /breaks off after 100 characters/);
  refuses("null", /the document: /);
  refuses(text.replace('"rf"', '"other"'), /model: /);
  refuses(text.replace("sha256:", ""), /checksum: /);
  refuses(text.replace('"skill":0', '"skill":"0"'), /metrics\.validation\.skill: /);
  refuses(text.replace("[-2,0,2]", "[-2,2,0]"), /residuals\.edges: .*ascending/);
  refuses(text.replace("[0,1]", "[1]"), /residuals: expected one edge more/);
  refuses(text.replace("[[0,0],[1,0]]", "[[0,0],[1]]"), /predicted_vs_actual: expected one edge/);
  refuses(text.replace('"n":1', '"n":-1'), /n: /);
});

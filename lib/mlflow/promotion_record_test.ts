import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { describeDecision, parseDecision, parsePromotion } from "./promotion_record.ts";

const decision = {
  name: "retail-demand-gbr",
  version: "2",
  promoted: true,
  reason: "It is better.",
  metric: "wmae",
  margin: 0.005,
  figures: { version: 18, seasonal_naive: 20, champion: 19 },
  champion: { version: "1", comparison: "measured" as const },
};
const promotion = { run_id: "0c8f", challenger: null, decisions: [decision] };

Deno.test("parseDecision() and parsePromotion() give back what was logged", () => {
  assert.deepEqual(parseDecision(JSON.stringify(decision), "x"), decision);
  assert.deepEqual(parsePromotion(JSON.stringify(promotion), "x"), promotion);
  const first = { ...decision, champion: null };
  assert.deepEqual(parseDecision(JSON.stringify(first), "x"), first);
});

Deno.test("describeDecision() says which version, whether it is champion, and why", () => {
  assert.equal(
    describeDecision(decision),
    "retail-demand-gbr, version 2: champion. It is better.",
  );
});

Deno.test("parsePromotion() names a tag that was cut or edited", () => {
  const text = JSON.stringify(promotion);
  for (const tag of ["", "null", text.slice(0, -9), text.replace("true", '"yes"')]) {
    assert.throws(
      () => parsePromotion(tag, "The tag of run 0c8f"),
      (error) => error instanceof UserError && error.message.startsWith("The tag of run 0c8f is "),
    );
  }
});

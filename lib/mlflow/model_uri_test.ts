import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { parseModelUri } from "./model_uri.ts";

Deno.test("parseModelUri() reads aliases, versions, stages and logged models", () => {
  const name = "retail-demand-gbr";
  assert.deepEqual(parseModelUri(`models:/${name}@champion`), {
    kind: "alias",
    name,
    alias: "champion",
  });
  assert.deepEqual(parseModelUri(`models:/${name}/12`), { kind: "version", name, version: "12" });
  assert.deepEqual(parseModelUri(`models:/${name}/latest`), { kind: "latest", name });
  assert.deepEqual(parseModelUri(`models:/${name}/Production`), {
    kind: "stage",
    name,
    stage: "Production",
  });
  assert.deepEqual(parseModelUri("models:/m-0f3c"), { kind: "model", modelId: "m-0f3c" });
});

Deno.test("parseModelUri() names the forms where it finds another", () => {
  for (
    const uri of [
      "retail-demand-gbr",
      "runs:/0c8f/model",
      "models:/",
      "models:/retail-demand-gbr",
      "models:/a@",
      "models:/a/1/2",
      "models:/a@b/1",
      "models:/../1@x",
    ]
  ) {
    assert.throws(
      () => parseModelUri(uri),
      (error) => error instanceof UserError && error.message.includes("models:/NAME@ALIAS"),
      uri,
    );
  }
});

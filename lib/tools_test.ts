import assert from "node:assert/strict";
import { dirname } from "node:path";
import { pathWithDeno, venvTool } from "./tools.ts";

Deno.test("venvTool() is in bin, on Windows in Scripts", () => {
  assert.equal(venvTool("dvc", false), ".venv/bin/dvc");
  assert.equal(venvTool("dvc", true), ".venv/Scripts/dvc.exe");
});

Deno.test("pathWithDeno() puts this Deno before all that PATH names", () => {
  const rest = Deno.env.get("PATH")!;
  const path = pathWithDeno();
  assert.ok(path.startsWith(dirname(Deno.execPath())));
  assert.ok(path.endsWith(rest));
  assert.equal(path.length, dirname(Deno.execPath()).length + 1 + rest.length);
});

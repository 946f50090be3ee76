import assert from "node:assert/strict";
import { javaVersion } from "./test_spark.ts";

Deno.test("javaVersion() reads old and new ways of counting", () => {
  assert.equal(javaVersion('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime'), 17);
  assert.equal(javaVersion('openjdk version "21" 2023-09-19'), 21);
  assert.equal(javaVersion('java version "1.8.0_412"'), 8);
});

Deno.test("javaVersion() is undefined where no Java answers", () => {
  assert.equal(javaVersion("Unable to locate a Java Runtime."), undefined);
});

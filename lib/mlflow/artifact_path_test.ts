import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../errors.ts";
import { encodeArtifactPath } from "./artifact_path.ts";

Deno.test("encodeArtifactPath() encodes names and keeps the slashes between them", () => {
  assert.equal(encodeArtifactPath("plots/total by week.svg"), "plots/total%20by%20week.svg");
  assert.equal(encodeArtifactPath("a?b/c&d/50%"), "a%3Fb/c%26d/50%25");
  assert.equal(encodeArtifactPath("1/..2/.hidden/x..y"), "1/..2/.hidden/x..y");
});

Deno.test("encodeArtifactPath() refuses what leads out of the run's folder", () => {
  const bad = ["..", "../x", "a/../b", "a/..", ".", "a/./b", "", "/a", "a/", "a//b", "a\\..\\b"];
  for (const path of [...bad, "a\u0000b", "a\nb"]) {
    assert.throws(() => encodeArtifactPath(path), UserError, JSON.stringify(path));
  }
});

Deno.test("encodeArtifactPath() gives a path that URL parsing leaves below its folder", () => {
  const segment = fc.oneof(fc.constantFrom("..", ".", "%2e%2e", "a"), fc.string());
  fc.assert(fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
    let encoded: string;
    try {
      encoded = encodeArtifactPath(segments.join("/"));
    } catch (error) {
      assert.ok(error instanceof UserError || error instanceof URIError);
      return;
    }
    const url = new URL(`http://host/artifacts/${encoded}`);
    assert.equal(url.pathname, `/artifacts/${encoded}`);
    assert.equal(url.search + url.hash, "");
  }));
});

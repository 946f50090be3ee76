import assert from "node:assert/strict";
import { sha256 } from "./hash.ts";

Deno.test("sha256() gives FIPS 180-2's digest of abc, as text or bytes", async () => {
  const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(await sha256("abc"), digest);
  assert.equal(await sha256(new TextEncoder().encode("abc")), digest);
});

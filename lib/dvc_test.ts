import assert from "node:assert/strict";
import { md5, parsePointer, parseRemote } from "./dvc.ts";

Deno.test("parsePointer() reads the md5 of a .dvc file", () => {
  const text = "outs:\n- md5: 39e2915efb0c7dfae53445699a918021\n  size: 534\n  path: stores.csv\n";
  assert.equal(parsePointer(text, "stores.csv.dvc"), "39e2915efb0c7dfae53445699a918021");
});

Deno.test("parsePointer() refuses a file without an md5, and one with marks of a merge", () => {
  for (const text of ["", "outs: []\n", "a: [", "<<<<<<< HEAD\nouts:\n=======\n>>>>>>> b\n"]) {
    assert.throws(
      () => parsePointer(text, "data/stores.csv.dvc"),
      /^UserError: data\/stores\.csv\.dvc names no md5 .* `git checkout data\/stores\.csv\.dvc`/,
    );
  }
});

Deno.test("parseRemote() reads the default remote, and only that", () => {
  const remote = "['remote \"storage\"']\n    url = s3://bucket/path\n";
  assert.equal(parseRemote(`[core]\n    remote = storage\n${remote}`), "storage");
  assert.equal(parseRemote(`${remote}[core]\r\n\tremote=storage \r\n`), "storage");
  assert.equal(parseRemote(`[core]\n    analytics = false\n${remote}    remote = x\n`), undefined);
  assert.equal(parseRemote("[core]\n    # remote = old\n"), undefined);
});

Deno.test("md5() gives RFC 1321's digest of abc", () => {
  assert.equal(md5(new TextEncoder().encode("abc")), "900150983cd24fb0d6963f7d28e17f72");
});

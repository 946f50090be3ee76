import assert from "node:assert/strict";
import { isCutShort } from "./guard_dvc.ts";

const LOCK = `schema: '2.0'
stages:
  train:
    cmd: deno run train.ts
    deps:
    - path: lib/trees
      hash: md5
      md5: 0123456789abcdef0123456789abcdef.dir
      size: 1234
      nfiles: 5
    params:
      params.yaml:
        rf.max_depth:
    outs:
    - path: models/rf.json
      hash: md5
      md5: 0123456789abcdef0123456789abcde1
      size: 99
`;

Deno.test("isCutShort() is false for whatever DVC writes whole", () => {
  assert.equal(isCutShort(LOCK), false);
  assert.equal(isCutShort("schema: '2.0'\nstages: {}\n"), false);
  const other = LOCK
    .replace("cmd: deno run train.ts", "cmd:\n    - echo one\n    - echo two")
    .replace("- path: lib/trees\n      hash: md5\n", "- path: s3://bucket/key\n      etag: abc\n");
  assert.equal(isCutShort(other), false);
});

Deno.test("isCutShort() is true wherever DVC would refuse what a kill left", () => {
  for (const end of ["schema:", "cmd:", "- path:", "md5: 0123", "size:", "params.yaml:"]) {
    const text = LOCK.slice(0, LOCK.indexOf(end) + end.length);
    assert.equal(isCutShort(text), true, end);
    assert.equal(isCutShort(text + "\n"), end.endsWith(":"), `${end}, and the end of the line`);
  }
  assert.equal(isCutShort(""), true);
  assert.equal(isCutShort("schema: '2.0\n"), true);
});

Deno.test("isCutShort() leaves a merge conflict to people", () => {
  const conflict = LOCK.replace("      size: 99\n", "<<<<<<< HEAD\n      size: 99\n=======\n");
  assert.equal(isCutShort(conflict), false);
});

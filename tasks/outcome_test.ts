import assert from "node:assert/strict";
import { readReport } from "./outcome.ts";

Deno.test("readReport() sums all files; tests left out count neither way", () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="9" failures="3" errors="0" time="0.3">
    <testsuite name="./a_test.ts" tests="6" disabled="1" errors="0" failures="2">
        <testcase name="tests=&quot;7&quot;"></testcase>
    </testsuite>
    <testsuite name="./b_test.ts" tests="3" disabled="0" errors="1" failures="0"></testsuite>
</testsuites>`;
  assert.deepEqual(readReport(xml), { passed: 5, failed: 3 });
});

Deno.test("readReport() finds nothing in an empty report", () => {
  assert.deepEqual(readReport(""), { passed: 0, failed: 0 });
});

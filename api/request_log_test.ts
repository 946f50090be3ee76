import assert from "node:assert/strict";
import { requestLine } from "./request_log.ts";

Deno.test("requestLine() is a line of JSON with the time of now", () => {
  const before = new Date().toISOString();
  const line = requestLine({
    id: "a-1",
    method: "POST",
    path: "/predict",
    status: 200,
    milliseconds: 1.23456,
  });
  const { time, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, {
    request_id: "a-1",
    method: "POST",
    path: "/predict",
    status: 200,
    ms: 1.235,
  });
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(before <= time && time <= new Date().toISOString());
});

Deno.test("requestLine() writes every moment as toISOString() does", () => {
  const { now } = Date;
  try {
    for (const moment of [0, 7, 1_799, 86_399_999, 951_827_696_045, 951_827_696_100]) {
      Date.now = () => moment;
      const line = requestLine({ id: "1", method: "GET", path: "/", status: 200, milliseconds: 0 });
      assert.equal(JSON.parse(line).time, new Date(moment).toISOString());
    }
  } finally {
    Date.now = now;
  }
});

Deno.test("requestLine() shows other characters of a path escaped, and 200 at most", () => {
  const shown = (path: string) =>
    requestLine({ id: "1", method: "GET", path, status: 404, milliseconds: 0 });
  // Twice: what was shown is remembered.
  for (let time = 0; time < 2; time++) {
    const line = shown('/a\n\u2028🍎"\\');
    assert.match(line, /^[ -~]+$/);
    assert.equal(JSON.parse(line).path, '/a\n\u2028🍎"\\');
  }
  for (let i = 0; i < 300; i++) assert.equal(JSON.parse(shown(`/${i}`)).path, `/${i}`);
  assert.equal(JSON.parse(shown("/".repeat(10_000))).path, "/".repeat(200));
});

import assert from "node:assert/strict";
import { Problem } from "./problem.ts";

Deno.test("Problem is problem+json of RFC 9457", () => {
  const error = { record: 0, field: "Dept", code: "missing", message: "Expected it." };
  const problem = new Problem(422, "Expected more.", { errors: [error] });
  assert.deepEqual(problem.body("some-id"), {
    type: "about:blank",
    title: "Unprocessable Content",
    status: 422,
    detail: "Expected more.",
    request_id: "some-id",
    errors: [error],
  });
  assert.deepEqual(problem.headers, { "content-type": "application/problem+json" });
  assert.ok(!("errors" in new Problem(404, "").body("")));
});

Deno.test("Problem says when to try again, what is allowed, and how to bring a key", () => {
  assert.equal(new Problem(429, "", { retryAfter: 0 }).headers["retry-after"], "0");
  assert.equal(new Problem(405, "", { allow: "GET, HEAD" }).headers.allow, "GET, HEAD");
  assert.match(new Problem(401, "").headers["www-authenticate"]!, /^Bearer realm=/);
});

import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { checkServiceAccountKey } from "./credentials.ts";

const KEY = { type: "service_account", client_email: "dvc@p.example", private_key: "hunter2" };

Deno.test("checkServiceAccountKey() takes a key as Google writes it", () => {
  checkServiceAccountKey(JSON.stringify({ ...KEY, project_id: "p" }), "key.json");
});

Deno.test("checkServiceAccountKey() refuses all else, and repeats none of it", () => {
  const { private_key: _, ...lacking } = KEY;
  for (
    const text of [
      "hunter2",
      "",
      "null",
      '"hunter2"',
      JSON.stringify(lacking),
      JSON.stringify({ ...KEY, type: "authorized_user" }),
      // As a shell leaves it that ate the quotes.
      "{type: service_account, private_key: hunter2}",
    ]
  ) {
    assert.throws(
      () => checkServiceAccountKey(text, "key.json"),
      (error: Error) =>
        error instanceof UserError && error.message.startsWith("key.json holds no key of") &&
        !error.message.includes("hunter2"),
    );
  }
});

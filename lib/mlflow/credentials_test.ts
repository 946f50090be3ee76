import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { authorization } from "./credentials.ts";

const reader = (values: Record<string, string>) => (name: string) => values[name];

Deno.test("authorization() prefers the address, then user and password, then the token", () => {
  const all = reader({
    MLFLOW_TRACKING_USERNAME: "ann",
    MLFLOW_TRACKING_PASSWORD: "pass",
    MLFLOW_TRACKING_TOKEN: "token",
  });
  const login = { username: "bob", password: "word" };
  assert.equal(authorization(login, all), `Basic ${btoa("bob:word")}`);
  assert.equal(authorization(null, all), `Basic ${btoa("ann:pass")}`);
  assert.equal(authorization(null, reader({ MLFLOW_TRACKING_TOKEN: "t" })), "Bearer t");
  const half = reader({ MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_TOKEN: "t" });
  assert.equal(authorization(null, half), "Bearer t");
  assert.equal(authorization(null, reader({})), null);
});

Deno.test("authorization() encodes names outside of ASCII as UTF-8", () => {
  const value = authorization({ username: "jürgen", password: "€" }, reader({}))!;
  const bytes = Uint8Array.from(atob(value.slice("Basic ".length)), (c) => c.charCodeAt(0));
  assert.equal(new TextDecoder().decode(bytes), "jürgen:€");
});

Deno.test("authorization() refuses a token with a line end without repeating it", () => {
  assert.throws(
    () => authorization(null, reader({ MLFLOW_TRACKING_TOKEN: "s3cret\n" })),
    (error) => error instanceof UserError && !error.message.includes("s3cret"),
  );
});

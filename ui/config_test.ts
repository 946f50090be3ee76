import assert from "node:assert/strict";
import { UserError } from "../lib/errors.ts";
import { readConfig } from "./config.ts";

const read = (variables: Record<string, string>) => readConfig((name) => variables[name]);

Deno.test("readConfig() has a default for each variable", () => {
  assert.deepEqual(read({}), {
    apiUrl: "http://localhost:8000",
    apiKey: undefined,
    timeout: 10_000,
    retries: 2,
    port: 8501,
    reload: false,
  });
});

Deno.test("readConfig() leaves out a slash at the end of the API's address", () => {
  assert.equal(
    read({ API_URL: "https://api.example.com/v1/" }).apiUrl,
    "https://api.example.com/v1",
  );
});

Deno.test("readConfig() names the variable with a wrong value", () => {
  for (
    const [name, value] of [
      ["API_URL", "localhost"],
      ["API_URL", "file:///etc"],
      ["API_URL", "http://localhost:8000/?x="],
      ["API_TIMEOUT", "soon"],
      ["API_RETRIES", "1.5"],
      ["PORT", "70000"],
    ]
  ) {
    assert.throws(
      () => read({ [name!]: value! }),
      (error) => error instanceof UserError && error.message.startsWith(`${name} is "${value}"`),
    );
  }
});

Deno.test("readConfig() refuses a password in the API's address, and does not repeat it", () => {
  assert.throws(
    () => read({ API_URL: "http://me:hunter2@localhost:8000" }),
    (error) =>
      error instanceof UserError && /API_KEY/.test(error.message) &&
      !error.message.includes("hunter2"),
  );
});

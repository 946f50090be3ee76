import assert from "node:assert/strict";
import { UserError } from "../lib/errors.ts";
import { readConfig, VARIABLES } from "./config.ts";

const read = (variables: Record<string, string>) => readConfig((name) => variables[name]);
const HASH = "0123456789abcdef".repeat(4);

Deno.test("readConfig() has a default for all, also where variables are empty", () => {
  const defaults = {
    MODELS_DIR: "models",
    MODEL_PATH: undefined,
    DEFAULT_MODEL_NAME: undefined,
    PORT: 8000,
    HOST: "127.0.0.1",
    API_KEY_HASHES: [],
    CORS_ORIGINS: [],
    MAX_BODY_BYTES: 16_777_216,
    MAX_RECORDS: 10_000,
    REQUEST_TIMEOUT: 30,
    MODELS_POLL_SECONDS: 2,
    SHUTDOWN_SECONDS: 10,
  };
  assert.deepEqual(read({}), defaults);
  const empty = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, ""]));
  assert.deepEqual(read(empty), defaults);
});

Deno.test("readConfig() takes values of each variable", () => {
  const values: [name: keyof typeof VARIABLES, text: string, value: unknown][] = [
    ["MODELS_DIR", "/srv/models, new", "/srv/models, new"],
    ["MODEL_PATH", "/srv/rf.json", "/srv/rf.json"],
    ["DEFAULT_MODEL_NAME", "rf-2.1", "rf-2.1"],
    ["PORT", "0", 0],
    ["PORT", "65535", 65535],
    ["HOST", "0.0.0.0", "0.0.0.0"],
    ["HOST", "::1", "::1"],
    ["HOST", "localhost", "localhost"],
    ["API_KEY_HASHES", ` ${HASH}, ${HASH.toUpperCase()},`, [HASH, HASH.toUpperCase()]],
    ["CORS_ORIGINS", "https://a.example,http://localhost:3000", [
      "https://a.example",
      "http://localhost:3000",
    ]],
    ["MAX_BODY_BYTES", "1", 1],
    ["MAX_RECORDS", "1000000", 1_000_000],
    ["REQUEST_TIMEOUT", "3600", 3600],
    ["MODELS_POLL_SECONDS", "0", 0],
    ["SHUTDOWN_SECONDS", "0", 0],
  ];
  for (const [name, text, value] of values) {
    assert.deepEqual(read({ [name]: text })[name], value, `${name}=${text}`);
  }
});

Deno.test("readConfig() says which variable has a wrong value, and what was expected", () => {
  const wrong: Record<string, string[]> = {
    MODEL_PATH: ["rf.json", "./rf.json", "/srv/rf", "/srv/"],
    DEFAULT_MODEL_NAME: ["../rf", "a b", "models/rf"],
    PORT: ["65536", "-1", "80.5", "1e3", "0x50", " 80", "http", "99999999999999999999"],
    HOST: ["http://host", "a b", "host/", "a,b"],
    API_KEY_HASHES: ["secret", HASH.slice(1), `${HASH}x`, `${HASH} ${HASH}`, `${HASH},x`],
    CORS_ORIGINS: [
      "*",
      "null",
      "a.example",
      "https://a.example/",
      "https://a.example/x",
      "HTTPS://A.b",
    ],
    MAX_BODY_BYTES: ["0", "1073741825", "16 MiB"],
    MAX_RECORDS: ["0", "1000001", "NaN"],
    REQUEST_TIMEOUT: ["0", "3601", "Infinity"],
    MODELS_POLL_SECONDS: ["-1", "3601", "1.5"],
    SHUTDOWN_SECONDS: ["601", "never"],
  };
  for (const [name, texts] of Object.entries(wrong)) {
    for (const text of texts) {
      assert.throws(() => read({ [name]: text }), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, new RegExp(`^Expected .+ for ${name}, but found .+\\.$`));
        return true;
      }, `${name}=${text}`);
    }
  }
  assert.throws(() => read({ PORT: "x\n" + "y".repeat(1000) }), (error: Error) => {
    return error.message ===
      `Expected a port from 0 to 65535 for PORT, but found "x\\n${"y".repeat(38)}…".`;
  });
});

Deno.test("readConfig() does not show what may be a key", () => {
  assert.throws(() => read({ API_KEY_HASHES: "my-secret-key" }), (error: Error) => {
    return !error.message.includes("my-secret");
  });
});

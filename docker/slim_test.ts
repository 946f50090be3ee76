import assert from "node:assert/strict";
import { slim } from "./slim.ts";

const integrity = "sha512-";

const config = { imports: { a: "npm:a@1.0.0", "@s/b": "npm:@s/b@2.0.0" }, tasks: { run: "it" } };

const lock = {
  version: "5",
  specifiers: { "npm:a@1.0.0": "1.0.0_c@1.0.0", "npm:@s/b@2.0.0": "2.0.0" },
  npm: {
    "a@1.0.0_c@1.0.0": { integrity, dependencies: ["c@1.0.0"], optionalDependencies: ["d"] },
    "@s/b@2.0.0": { integrity, dependencies: ["c@2.0.0"] },
    "c@1.0.0": { integrity, optionalPeers: ["a"] },
    "c@2.0.0": { integrity },
    "d@1.0.0": { integrity },
  },
  workspace: { dependencies: ["npm:@s/b@2.0.0", "npm:a@1.0.0"] },
};

Deno.test("slim() keeps what packages depend on, and all else of the two files", () => {
  const { npm } = lock;
  assert.deepEqual(slim(config, lock, ["a"]), {
    config: { imports: { a: "npm:a@1.0.0" }, tasks: { run: "it" } },
    lock: {
      version: "5",
      specifiers: { "npm:a@1.0.0": "1.0.0_c@1.0.0" },
      npm: {
        "a@1.0.0_c@1.0.0": npm["a@1.0.0_c@1.0.0"],
        "c@1.0.0": npm["c@1.0.0"],
        "d@1.0.0": npm["d@1.0.0"],
      },
      workspace: { dependencies: ["npm:a@1.0.0"] },
    },
  });
});

Deno.test("slim() with all packages changes nothing", () => {
  assert.deepEqual(slim(config, lock, ["a", "@s/b"]), { config, lock });
});

Deno.test("slim() leaves out libraries for musl", () => {
  const polars = { integrity, optionalDependencies: ["p-linux-x64-gnu", "p-linux-x64-musl"] };
  const npm = {
    "p@1.0.0": polars,
    "p-linux-x64-gnu@1.0.0": { integrity },
    "p-linux-x64-musl@1.0.0": { integrity },
  };
  const requirement = "npm:p@1.0.0";
  const before = { specifiers: { [requirement]: "1.0.0" }, npm, workspace: { dependencies: [] } };
  assert.deepEqual(slim({ imports: { p: requirement } }, before, ["p"]).lock.npm, {
    "p-linux-x64-gnu@1.0.0": { integrity },
    "p@1.0.0": { integrity, optionalDependencies: ["p-linux-x64-gnu"] },
  });
});

Deno.test("slim() throws where a package is in neither file", () => {
  assert.throws(() => slim(config, lock, ["e"]), /deno\.json imports no e/);
  const broken = { ...lock, npm: { "@s/b@2.0.0": lock.npm["@s/b@2.0.0"] } };
  assert.throws(() => slim(config, broken, ["@s/b"]), /deno\.lock has 0 packages for c@2\.0\.0/);
});

import assert from "node:assert/strict";
import { npmLicence, npmPackage, readPythonMetadata } from "./packages.ts";

Deno.test("npmPackage() leaves out the peers, of which there may be several", () => {
  assert.deepEqual(npmPackage("a@1.0.0"), { name: "a", version: "1.0.0" });
  const expected = { name: "@hono/zod-openapi", version: "1.6.3" };
  assert.deepEqual(npmPackage("@hono/zod-openapi@1.6.3_hono@4.13.19_zod@4.6.7"), expected);
});

Deno.test("npmLicence() is what an installed package names", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile("deno.json"));
  const version = imports.hono.replace("npm:hono@", "");
  assert.equal(npmLicence({ name: "hono", version }), "MIT");
  assert.equal(npmLicence({ name: "hono", version: "0.0.0" }), undefined);
});

Deno.test("readPythonMetadata() takes the expression, else a short text, else the classifier", () => {
  const classifier = "Classifier: License :: OSI Approved :: BSD License\n";
  const licenceOf = (fields: string) =>
    readPythonMetadata(
      `Name: a\nVersion: 1\n${fields}\nLicense-Expression: not a field\n`,
    ).licence;
  assert.equal(licenceOf("License-Expression: MIT\nLicense: X\n"), "MIT");
  assert.equal(licenceOf(`License: Apache 2.0\n${classifier}`), "Apache 2.0");
  const long = "License: Copyright 2026\n        All rights reserved.\n";
  assert.equal(licenceOf(`${long}${classifier}`), "BSD License");
  assert.equal(licenceOf(""), "");
});

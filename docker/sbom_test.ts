import assert from "node:assert/strict";
import { bill, debianComponents, npmComponents, pythonComponent } from "./sbom.ts";

Deno.test("npmComponents() have the archive's hash in hexadecimal, and no other systems' packages", () => {
  const lock = {
    specifiers: {},
    npm: {
      "@s/a@1.0.0_b@2.0.0": { integrity: "sha512-AP8=" },
      "b@2.0.0": { integrity: "sha512-AP8=", os: ["aix"], cpu: ["ppc64"] },
    },
    workspace: { dependencies: [] },
  };
  const licence = ({ name, version }: { name: string; version: string }) => `${name} ${version}`;
  assert.deepEqual(npmComponents(lock, licence), [{
    type: "library",
    name: "@s/a",
    version: "1.0.0",
    purl: "pkg:npm/%40s/a@1.0.0",
    licenses: [{ license: { name: "@s/a 1.0.0" } }],
    hashes: [{ alg: "SHA-512", content: "00ff" }],
  }]);
});

Deno.test("pythonComponent() reads the header of METADATA and not its text", () => {
  const metadata = "Metadata-Version: 2.4\nName: Flask_Login\nVersion: 1.0\n" +
    "License-Expression: MIT OR Apache-2.0\n\nLicense: a word of the description\n";
  assert.deepEqual(pythonComponent(metadata), {
    type: "library",
    name: "Flask_Login",
    version: "1.0",
    purl: "pkg:pypi/flask-login@1.0",
    licenses: [{ expression: "MIT OR Apache-2.0" }],
  });
  assert.equal(pythonComponent("Name: a\nVersion: 1\n\nLicense: MIT\n").licenses, undefined);
});

Deno.test("debianComponents() are the installed packages", () => {
  const status = "Package: libstdc++6\nStatus: install ok installed\nArchitecture: amd64\n" +
    "Version: 1:14.2-19\n\nPackage: gone\nStatus: deinstall ok config-files\n" +
    "Architecture: all\nVersion: 1\n";
  assert.deepEqual(debianComponents(status), [{
    type: "library",
    name: "libstdc++6",
    version: "1:14.2-19",
    purl: "pkg:deb/debian/libstdc%2B%2B6@1%3A14.2-19?arch=amd64",
  }]);
});

Deno.test("bill() sorts, so that the same components give the same bytes", () => {
  const [a, b] = ["a", "b"].map((name) => ({
    type: "library" as const,
    name,
    version: "1",
    purl: `pkg:npm/${name}@1`,
  }));
  assert.equal(bill("image", [b!, a!]), bill("image", [a!, b!]));
  assert.equal(JSON.parse(bill("image", [b!, a!])).components[0]["bom-ref"], "pkg:npm/a@1");
});

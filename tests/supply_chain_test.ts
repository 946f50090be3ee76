import assert from "node:assert/strict";
import { parse } from "yaml";
import type { Pinned } from "../lib/packages.ts";
import { EXCEPTIONS, isAllowed, licenceName } from "../tasks/licence_names.ts";
import { LICENCES } from "../tasks/licences.ts";
import {
  NPM_LOCK,
  npmPackages,
  pythonLocks,
  pythonPackages,
  readPythonLock,
} from "../tasks/locks.ts";

const locks = await pythonLocks();
const config = JSON.parse(await Deno.readTextFile("deno.json"));

Deno.test("every npm package is pinned to one version, and has its SHA-512", async () => {
  const specifiers = Object.entries<string>(config.imports);
  assert.ok(specifiers.length > 20);
  for (const [name, specifier] of specifiers) {
    assert.match(specifier, new RegExp(`^npm:${name}@\\d+\\.\\d+\\.\\d+$`));
  }
  const packages = await npmPackages();
  assert.ok(packages.length > 150);
  for (const { name, integrity } of packages) {
    assert.match(integrity, /^sha512-[A-Za-z0-9+/]{86}==$/, name);
  }
});

Deno.test("every Python package is pinned to one version, and has its SHA-256", async () => {
  assert.ok(locks.includes("requirements.txt") && locks.length >= 8);
  for (const lock of locks) {
    // Throws where a line is not.
    assert.ok((await pythonPackages(lock)).length > 0, lock);
    const [, command] = (await Deno.readTextFile(lock)).split("\n");
    assert.match(command!, /^# {4}uv pip compile --universal --generate-hashes /, lock);
    assert.ok(command!.endsWith(` ${lock.replace(/txt$/, "in")}`), lock);
  }
});

Deno.test("readPythonLock() refuses a line without a version or a hash", () => {
  const hash = `--hash=sha256:${"0".repeat(64)}`;
  const read = (text: string) => readPythonLock(text, "some.txt");
  assert.deepEqual(read(`# made by uv\nuvicorn[standard]==0.54.0 ; x < '3' \\\n    ${hash}\n`), [
    { name: "uvicorn", version: "0.54.0" },
  ]);
  for (
    const line of [
      "six==1.17.0",
      `six>=1.17.0 ${hash}`,
      `six ${hash}`,
      "six==1 --hash=md5:00",
      `six==1 ${hash} --hash=md5:00`,
    ]
  ) {
    assert.throws(
      () => read(`${line}\n`),
      /some\.txt has "six.*expected NAME==VERSION with SHA-256/,
    );
  }
});

Deno.test("THIRD_PARTY.md lists what the lock files pin, under licences that are allowed", async () => {
  const listed = readList(await Deno.readTextFile(LICENCES));
  const due = new Map<string, Pinned[]>([[NPM_LOCK, await npmPackages()]]);
  for (const lock of locks) due.set(lock, await pythonPackages(lock));
  const text = ({ name, version }: Pinned) => `${name} ${version}`;
  const again = "Run `deno task licences`.";
  assert.deepEqual([...listed.keys()], [...due.keys()], again);
  for (const [lock, packages] of due) {
    const rows = listed.get(lock)!;
    assert.deepEqual(rows.map(text).sort(), packages.map(text).sort(), `${lock}: ${again}`);
    const refused = rows.filter(({ name, licence }) => !isAllowed(name, licence));
    assert.deepEqual(refused, [], lock);
  }
  const excepted = new Set(
    [...listed.values()].flat().filter(({ name }) => name in EXCEPTIONS).map(({ name }) => name),
  );
  assert.deepEqual([...excepted].sort(), Object.keys(EXCEPTIONS), "an exception nobody needs");
});

Deno.test("isAllowed() takes one choice, but all that hold together", () => {
  const allowed = (spdx: string) => isAllowed("some", spdx);
  assert.equal(allowed("MIT"), true);
  assert.equal(allowed("GPL-3.0-only"), false);
  assert.equal(allowed("GPL-2.0-only OR EPL-1.0"), true);
  assert.equal(allowed("MIT AND GPL-3.0-only"), false);
  assert.equal(allowed("MPL-2.0 AND (Apache-2.0 OR GPL-3.0-only)"), true);
  assert.equal(allowed("MIT AND (AGPL-3.0-only OR GPL-3.0-only)"), false);
  assert.equal(allowed("GPL-2.0-only WITH GCC-exception-2.0"), false);
  assert.equal(isAllowed("pygit2", "GPL-2.0-only WITH GCC-exception-2.0"), true);
});

Deno.test("licenceName() makes SPDX of what packages write, and refuses what says nothing", () => {
  assert.equal(licenceName("some", "(Apache-2.0 AND BSD-3-Clause)"), "Apache-2.0 AND BSD-3-Clause");
  assert.equal(licenceName("some", "Apache License, Version 2.0"), "Apache-2.0");
  assert.equal(licenceName("pywin32", undefined), "PSF-2.0");
  for (const written of ["", "SEE LICENSE IN LICENSE", "UNKNOWN licence", undefined]) {
    assert.throws(() => licenceName("some", written), /The package some says .* of its licence/);
  }
});

Deno.test("Dependabot looks after every folder with a Python lock of its own, and after deno.lock", async () => {
  const { updates } = parse(await Deno.readTextFile(".github/dependabot.yml")) as {
    updates: { "package-ecosystem": string; directories?: string[] }[];
  };
  const of = (name: string) => updates.find((entry) => entry["package-ecosystem"] === name);
  assert.deepEqual(
    of("uv")!.directories,
    // These are locked within the versions of the root's, which Dependabot would not do.
    locks.filter((lock) => !/^(remotes|spark)\//.test(lock)).map((lock) =>
      `/${lock.replace(/\/?requirements\.txt$/, "")}`
    ).sort(),
  );
  for (const name of ["deno", "github-actions", "docker", "docker-compose", "devcontainers"]) {
    assert.ok(of(name), name);
  }
});

Deno.test("every place that names a version of Deno names the same, and the dev container's image has a version", async () => {
  const version = /deno@(\S+)/.exec(await Deno.readTextFile(".ci/run"))![1]!;
  const [deno] = await pythonPackages(".devcontainer/requirements.txt");
  assert.deepEqual(deno, { name: "deno", version });
  const files = [
    "README.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    ".github/ISSUE_TEMPLATE/bug.yml",
    ".github/actions/setup/action.yaml",
  ];
  for (const file of files) {
    const text = await Deno.readTextFile(file);
    const named = [
      ...text.matchAll(/(?:(?<!setup-)deno@|denoland\/deno:|deno-version: )([\d.]+\d)/g),
    ];
    assert.ok(named.length > 0, file);
    for (const [text, found] of named) assert.equal(found, version, `${file}: ${text}`);
  }
  assert.match(
    await Deno.readTextFile(".devcontainer/devcontainer.json"),
    /"image": "[\w./-]+:\d[\w.-]+(@sha256:[0-9a-f]{64})?"/,
  );
});

/** The rows of the list, by lock file. */
function readList(text: string): Map<string, (Pinned & { licence: string })[]> {
  const sections = text.split(/^## /m).slice(1);
  return new Map(sections.map((section) => {
    const rows = [...section.matchAll(/^\| (\S+) +\| (\S+) +\| (.+?) +\|$/gm)].slice(2);
    return [
      section.split("\n", 1)[0]!,
      rows.map(([, name, version, licence]) => ({
        name: name!,
        version: version!,
        licence: licence!,
      })),
    ];
  }));
}

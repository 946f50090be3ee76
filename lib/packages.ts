/**
 * What packages of others say of themselves: those of npm in deno.lock and node_modules, those of
 * Python in their METADATA.
 *
 * @module
 */

/** A package in one of its versions. */
export interface Pinned {
  name: string;
  version: string;
}

/**
 * The package of a key under `npm` in deno.lock: NAME@VERSION, and behind `_` the peers that it was
 * resolved with.
 *
 * @example
 * ```ts
 * import { npmPackage } from "./packages.ts";
 * console.log(npmPackage("@s/a@1.0.0_b@2.0.0")); // { name: "@s/a", version: "1.0.0" }
 * ```
 */
export function npmPackage(key: string): Pinned {
  const [, name, version] = /^(.+?)@([^_@]+)/.exec(key)!;
  return { name: name!, version: version! };
}

/** The licence that an installed npm package names; `undefined` where it is not here or names none. */
export function npmLicence({ name, version }: Pinned): string | undefined {
  const folder = `node_modules/.deno/${name.replace("/", "+")}@${version}`;
  let text: string;
  try {
    text = Deno.readTextFileSync(`${folder}/node_modules/${name}/package.json`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const { license } = JSON.parse(text);
  return typeof license === "string" ? license : undefined;
}

/** What the METADATA of an installed Python package says. */
export interface PythonPackage extends Pinned {
  /** In its own words, not all of them SPDX's; "" where it names none. */
  licence: string;
}

/**
 * Reads METADATA. Of the licence counts the expression, else a short text, else the classifier.
 *
 * @example
 * ```ts
 * import { readPythonMetadata } from "./packages.ts";
 * const text = "Name: a\nVersion: 1.0\nLicense-Expression: MIT\n\nIts description.\n";
 * console.log(readPythonMetadata(text)); // { name: "a", version: "1.0", licence: "MIT" }
 * ```
 */
export function readPythonMetadata(text: string): PythonPackage {
  const head = text.split(/\r?\n\r?\n/, 1)[0]!;
  const field = (name: string) => new RegExp(`^${name}: (.+?)\\r?$`, "m").exec(head)?.[1];
  const short = field("License");
  return {
    name: field("Name")!,
    version: field("Version")!,
    licence: field("License-Expression") ??
      // A long one is the licence itself, which goes on in lines that are indented.
      (short !== undefined && short.length < 60 && !/^License: .*\n\s+\S/m.test(head)
        ? short
        : /^Classifier: License :: (?:OSI Approved :: )?(.+?)\r?$/m.exec(head)?.[1] ?? ""),
  };
}

/**
 * The name by which Python packages are the same, whatever their capitals, dots and dashes.
 *
 * @example
 * ```ts
 * import { pythonName } from "./packages.ts";
 * console.log(pythonName("Flask_Login")); // "flask-login"
 * ```
 */
export function pythonName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/**
 * What of deno.json and deno.lock an image needs: the packages that its programs import, and no
 * others. Deno installs all that the two name, among them browsers and native libraries that only
 * tests and training use.
 *
 * @module
 */

/** Packages that the programs of each image import, by the name that deno.json has for them. */
export const PACKAGES: Record<string, string[]> = {
  api: ["@hono/zod-openapi", "fflate", "hono", "zod"],
  // Those of the scripts for browsers too, so that the bill of materials names them.
  ui: ["hono", "papaparse", "plotly.js-basic-dist-min", "preact", "preact-render-to-string", "zod"],
  // Of what bundles these scripts, and stays behind.
  "ui-bundle": ["esbuild", "papaparse", "plotly.js-basic-dist-min", "preact", "zod"],
  pipeline: [
    "@bufbuild/protobuf",
    "fflate",
    "ml-matrix",
    "nodejs-polars",
    "vega",
    "vega-lite",
    "yaml",
    "zod",
  ],
};

/** What we read of deno.json. */
export interface DenoConfig {
  imports: Record<string, string>;
}

/** What we read of deno.lock. */
export interface DenoLock {
  /** From a requirement, such as `npm:hono@4.13.19`, to the version and the peers it is used with. */
  specifiers: Record<string, string>;
  /** By name, version and peers. */
  npm: Record<string, LockedPackage>;
  workspace: { dependencies: string[] };
}

/** A package in deno.lock. */
export interface LockedPackage {
  /** `sha512-` and the hash of its archive in base64. */
  integrity: string;
  /** By name, with version and peers where the lock has several. */
  dependencies?: string[];
  optionalDependencies?: string[];
  optionalPeers?: string[];
  /** Systems that it is for, where not all. */
  os?: string[];
  cpu?: string[];
}

/**
 * deno.json and deno.lock with some of their packages and what these depend on.
 *
 * @param names As deno.json's imports have them.
 * @throws {Error} where one is not there.
 *
 * @example
 * ```ts
 * import { slim } from "./slim.ts";
 * const config = { imports: { a: "npm:a@1.0.0", b: "npm:b@1.0.0" } };
 * const lock = {
 *   specifiers: { "npm:a@1.0.0": "1.0.0", "npm:b@1.0.0": "1.0.0" },
 *   npm: { "a@1.0.0": { integrity: "sha512-" }, "b@1.0.0": { integrity: "sha512-" } },
 *   workspace: { dependencies: ["npm:a@1.0.0", "npm:b@1.0.0"] },
 * };
 * console.log(Object.keys(slim(config, lock, ["a"]).lock.npm)); // [ "a@1.0.0" ]
 * ```
 */
export function slim<Config extends DenoConfig, Lock extends DenoLock>(
  config: Config,
  lock: Lock,
  names: readonly string[],
): { config: Config; lock: Lock } {
  const imports: Record<string, string> = {};
  const kept = new Map<string, LockedPackage>();
  const due: string[] = [];
  for (const name of names) {
    const requirement = config.imports[name];
    if (requirement === undefined) throw new Error(`deno.json imports no ${name}`);
    imports[name] = requirement;
    due.push(keyOf(lock, requirement));
  }
  for (let key = due.pop(); key !== undefined; key = due.pop()) {
    if (kept.has(key)) continue;
    const locked = withoutMusl(lock.npm[key]!);
    kept.set(key, locked);
    const { dependencies = [], optionalDependencies = [], optionalPeers = [] } = locked;
    for (const dependency of [...dependencies, ...optionalDependencies, ...optionalPeers]) {
      due.push(keyOf(lock, `npm:${dependency}`));
    }
  }
  const requirements = Object.values(imports).sort();
  return {
    config: { ...config, imports },
    lock: {
      ...lock,
      specifiers: Object.fromEntries(
        Object.entries(lock.specifiers).filter(([requirement]) =>
          requirements.includes(requirement)
        ),
      ),
      npm: Object.fromEntries([...kept].sort(([a], [b]) => a < b ? -1 : 1)),
      workspace: { ...lock.workspace, dependencies: requirements },
    },
  };
}

/** The key in `lock.npm` of a requirement, whose version is left out where there is just one. */
function keyOf({ specifiers, npm }: DenoLock, requirement: string): string {
  const name = requirement.replace(/^npm:/, "");
  const version = specifiers[requirement];
  const wanted = version === undefined ? name : `${name.replace(/(?<=.)@.*$/, "")}@${version}`;
  const found = Object.keys(npm).filter((key) => key === wanted || key.startsWith(`${wanted}@`));
  if (found.length !== 1) throw new Error(`deno.lock has ${found.length} packages for ${name}`);
  return found[0]!;
}

/** Deno installs the libraries for musl beside those for glibc, which is Debian's: 110 MB of Polars. */
function withoutMusl(locked: LockedPackage): LockedPackage {
  if (!locked.optionalDependencies) return locked;
  const optionalDependencies = locked.optionalDependencies.filter((name) => !/-musl\b/.test(name));
  return { ...locked, optionalDependencies };
}

if (import.meta.main) {
  const packages = PACKAGES[Deno.args[0]!];
  if (!packages) throw new Error(`Expected one of ${Object.keys(PACKAGES).join(", ")}`);
  const [config, lock] = ["deno.json", "deno.lock"].map((path) =>
    JSON.parse(Deno.readTextFileSync(path))
  );
  const slimmed = slim(config, lock, packages);
  Deno.writeTextFileSync("deno.json", JSON.stringify(slimmed.config, null, 2));
  Deno.writeTextFileSync("deno.lock", JSON.stringify(slimmed.lock, null, 2));
}

import { runCommand } from "../lib/cli.ts";
import {
  npmLicence,
  npmPackage,
  type Pinned,
  pythonName,
  readPythonMetadata,
} from "../lib/packages.ts";
import type { DenoLock, LockedPackage } from "./slim.ts";

/** What a bill of materials lists; parts of CycloneDX's `component`. */
export interface Component {
  type: "library" | "application";
  name: string;
  version: string;
  purl: string;
  licenses?: ({ expression: string } | { license: { name: string } })[];
  hashes?: { alg: "SHA-512"; content: string }[];
}

/**
 * The npm packages of a deno.lock, those of other systems left out, with the hashes of their
 * archives.
 *
 * @param licence Of a package, where it names one.
 */
export function npmComponents(
  lock: DenoLock,
  licence: (of: Pinned) => string | undefined,
): Component[] {
  return Object.entries(lock.npm).filter(([, locked]) => isForThisSystem(locked)).map(
    ([key, { integrity }]) => {
      const { name, version } = npmPackage(key);
      return {
        type: "library",
        name,
        version,
        purl: `pkg:npm/${name.replace("@", "%40")}@${encodeURIComponent(version)}`,
        ...licenses(licence({ name, version })),
        hashes: [{ alg: "SHA-512", content: toHex(integrity.replace(/^sha512-/, "")) }],
      };
    },
  );
}

function isForThisSystem({ os, cpu }: LockedPackage): boolean {
  const arch = Deno.build.arch === "x86_64" ? "x64" : "arm64";
  return (os?.includes(Deno.build.os) ?? true) && (cpu?.includes(arch) ?? true);
}

function toHex(base64: string): string {
  return Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0"))
    .join("");
}

/** An installed Python package by the text of its METADATA. */
export function pythonComponent(metadata: string): Component {
  const { name, version, licence } = readPythonMetadata(metadata);
  return {
    type: "library",
    name,
    version,
    purl: `pkg:pypi/${pythonName(name)}@${encodeURIComponent(version)}`,
    ...licenses(licence),
  };
}

function licenses(text: string | undefined): Pick<Component, "licenses"> {
  if (!text) return {};
  // What SPDX calls an expression; other words, such as "SEE LICENSE IN LICENSE", are none.
  const isExpression = /^[\w.+()-]+( (AND|OR|WITH) [\w.+()-]+)*$/.test(text);
  return { licenses: [isExpression ? { expression: text } : { license: { name: text } }] };
}

/** The installed packages of Debian by the text of /var/lib/dpkg/status. */
export function debianComponents(status: string): Component[] {
  return status.split("\n\n").filter((entry) => /^Status: .* installed$/m.test(entry)).map(
    (entry) => {
      const field = (name: string) => new RegExp(`^${name}: (.+)$`, "m").exec(entry)![1]!;
      const [name, version] = [field("Package"), field("Version")];
      const arch = field("Architecture");
      return {
        type: "library",
        name,
        version,
        purl: `pkg:deb/debian/${encodeURIComponent(name)}@${
          encodeURIComponent(version)
        }?arch=${arch}`,
      };
    },
  );
}

/** A bill of materials in CycloneDX's JSON; the same components give the same bytes. */
export function bill(image: string, components: Component[]): string {
  const sorted = components.map((component) => ({ ...component, "bom-ref": component.purl }))
    .sort((a, b) => a.purl < b.purl ? -1 : 1);
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "container", name: image } },
    components: sorted,
  };
  return JSON.stringify(document, null, 2);
}

function* pythonPackages(): Generator<Component> {
  const lib = ".venv/lib";
  for (const { name: python } of readFolder(lib)) {
    for (const { name } of readFolder(`${lib}/${python}/site-packages`)) {
      if (!name.endsWith(".dist-info")) continue;
      const metadata = readText(`${lib}/${python}/site-packages/${name}/METADATA`);
      if (metadata) yield pythonComponent(metadata);
    }
  }
}

/** The entries of a folder; none where it is missing. */
function readFolder(path: string): Deno.DirEntry[] {
  return orElse(() => [...Deno.readDirSync(path)], []);
}

/** The text of a file; "" where it is missing. */
function readText(path: string): string {
  return orElse(() => Deno.readTextFileSync(path), "");
}

function orElse<Value>(read: () => Value, fallback: Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return fallback;
    throw error;
  }
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=sbom docker/sbom.ts",
    summary: "Lists all that an image is made of, run inside it, in CycloneDX's JSON: Debian's\n" +
      "packages, Deno, npm's and Python's.",
    options: {},
    operands: ["IMAGE"],
    examples: [
      "docker compose run --rm -T api deno run -q -P=sbom docker/sbom.ts retail-demand-api > api.cdx.json",
    ],
  }, ({ operands: [image] }) => {
    const { deno } = Deno.version;
    console.log(bill(image!, [
      {
        type: "application",
        name: "deno",
        version: deno,
        purl: `pkg:github/denoland/deno@v${deno}`,
      },
      ...debianComponents(readText("/var/lib/dpkg/status")),
      ...npmComponents(JSON.parse(readText("deno.lock")), npmLicence),
      ...pythonPackages(),
    ]));
  });
}

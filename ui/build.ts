import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { runCommand } from "../lib/cli.ts";
import { sha256 } from "../lib/hash.ts";
import { BUNDLE, readManifest } from "./assets.ts";
import type { Manifest } from "./manifest.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Islands by name: each is the default export of `ui/islands/NAME.tsx`. */
const ISLANDS = ["batch", "chart", "forecast"];

/**
 * Bundles what browsers load into `ui/_bundle/`, under names with a hash, and compresses it. Does
 * nothing where what is there was made of the same files.
 */
export async function build(): Promise<void> {
  const old = await readManifest();
  if (old && old.hash === await hashOf(old.inputs)) return;
  const { metafile, outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [
      ...ISLANDS.map((name) => ({ in: `island:${name}`, out: name })),
      { in: "ui/islands/batch_worker.ts", out: "batch_worker" },
      { in: "ui/islands/reload.ts", out: "reload" },
      { in: "ui/static/style.css", out: "style" },
    ],
    plugins: [ISLAND_ENTRIES],
    outdir: "ui/_bundle",
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  await esbuild.stop();
  await Deno.remove(BUNDLE, { recursive: true }).catch(() => {});
  await Deno.mkdir(BUNDLE, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const file = new URL(basename(path), BUNDLE);
    await Deno.writeFile(file, contents);
    await Deno.writeFile(new URL(`${file.href}.gzip`), gzipSync(contents, { level: 9 }));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };
    await Deno.writeFile(new URL(`${file.href}.br`), brotliCompressSync(contents, quality));
  }
  const inputs = [
    ...Object.keys(metafile.inputs).filter((path) => !path.includes(":")),
    "ui/build.ts",
    "deno.lock",
  ].sort();
  const manifest: Manifest = { hash: await hashOf(inputs), inputs, entries: entriesOf(metafile) };
  await Deno.writeTextFile(new URL("manifest.json", BUNDLE), JSON.stringify(manifest, null, 1));
}

/** Makes `island:NAME` the program that brings the island NAME of a page to life. */
const ISLAND_ENTRIES: esbuild.Plugin = {
  name: "islands",
  setup(build) {
    build.onResolve({ filter: /^island:/ }, ({ path }) => ({ path, namespace: "island" }));
    build.onLoad({ filter: /./, namespace: "island" }, ({ path }) => {
      const name = path.slice("island:".length);
      return {
        contents: `import { hydrateIslands } from "./ui/island.tsx";
import Island from "./ui/islands/${name}.tsx";
hydrateIslands(${JSON.stringify(name)}, Island);`,
        resolveDir: ROOT,
      };
    });
  },
};

function entriesOf({ outputs }: esbuild.Metafile): Manifest["entries"] {
  const entries: Manifest["entries"] = {};
  for (const [path, { entryPoint, imports }] of Object.entries(outputs)) {
    // Chunks that are loaded when they are needed are entries to esbuild too.
    if (!entryPoint || entryPoint.startsWith("node_modules/")) continue;
    const name = basename(path).replace(/-\w{8}\.(js|css)$/, "");
    entries[name] = {
      file: basename(path),
      imports: imports.filter(({ kind }) => kind === "import-statement")
        .map(({ path }) => basename(path)),
    };
  }
  return entries;
}

/** Of the content of files; "" where one is gone. */
async function hashOf(paths: string[]): Promise<string> {
  try {
    const hashes = await Promise.all(
      paths.map(async (path) => sha256(await Deno.readFile(join(ROOT, path)))),
    );
    return await sha256(new TextEncoder().encode(hashes.join()));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=ui_build ui/build.ts",
    summary: "Bundles the pages' scripts and styles into ui/_bundle, where that is due.",
    options: {},
  }, build);
}

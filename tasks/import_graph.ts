import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What a script is made of. */
export interface ImportGraph {
  /** Local modules, relative to the project, sorted; workers and what they import too. */
  modules: string[];
  /** npm packages that these modules import by name, sorted. */
  packages: string[];
}

/**
 * What a script is made of; follows `new URL("./worker.ts", import.meta.url)` too, which `deno info`
 * does not.
 */
export async function importGraph(script: string): Promise<ImportGraph> {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const due = [script];
  for (let next = due.pop(); next !== undefined; next = due.pop()) {
    for (const [module, targets] of await imports([next])) {
      if (modules.has(module)) continue;
      modules.add(module);
      for (const target of targets) {
        if (/^(node:|https?:)|\.tsx?$/.test(target)) continue;
        // Of `@scope/name/part`, the package.
        packages.add(/^(@[^/]+\/)?[^/]+/.exec(target)![0]);
      }
      const source = await Deno.readTextFile(module);
      for (const [, url] of source.matchAll(/new URL\("([^"]+\.ts)", import\.meta\.url\)/g)) {
        due.push(toPath(new URL(url!, pathToFileURL(module)).href));
      }
    }
  }
  return { modules: [...modules].sort(), packages: [...packages].sort() };
}

interface DenoInfo {
  modules: {
    specifier: string;
    error?: string;
    dependencies?: { specifier: string; code?: Resolved; type?: Resolved }[];
  }[];
}

interface Resolved {
  specifier?: string;
}

/**
 * What modules import, and the modules that these import, by `deno info`. Local modules are named
 * relative to the project, others as the import has them.
 *
 * @param roots Where to start, relative to the project.
 */
export async function imports(roots: string[]): Promise<Map<string, string[]>> {
  const { modules } = roots.length === 1 ? await denoInfo(roots[0]!) : await infoOfAll(roots);
  const found = new Map<string, string[]>();
  for (const { specifier, error, dependencies = [] } of modules) {
    if (error) throw new Error(`${specifier}: ${error}`);
    if (!specifier.startsWith("file:") || toPath(specifier).startsWith("..")) continue;
    found.set(
      toPath(specifier),
      dependencies.map(({ specifier, code, type }) => {
        const resolved = code?.specifier ?? type?.specifier ?? specifier;
        return resolved.startsWith("file:") ? toPath(resolved) : specifier;
      }),
    );
  }
  return found;
}

/** deno info takes one module: one that imports all of them, outside of the project. */
async function infoOfAll(roots: string[]): Promise<DenoInfo> {
  const lines = roots.map((root) => `import ${JSON.stringify(pathToFileURL(root).href)};`);
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, lines.join("\n"));
    return await denoInfo(entry);
  } finally {
    await Deno.remove(entry);
  }
}

async function denoInfo(entry: string): Promise<DenoInfo> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", "deno.json", entry],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

function toPath(url: string): string {
  return relative(Deno.cwd(), fileURLToPath(url)).replaceAll("\\", "/");
}

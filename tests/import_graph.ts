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
        if (/^(node:|https?:)/.test(target) || target.endsWith(".ts")) continue;
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
  // deno info takes one module: one that imports all of them.
  const lines = roots.map((root) => `import ${JSON.stringify(pathToFileURL(root).href)};`);
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  let info: DenoInfo;
  try {
    await Deno.writeTextFile(entry, lines.join("\n"));
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", "deno.json", entry],
    }).output();
    info = JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(entry);
  }
  const found = new Map<string, string[]>();
  for (const { specifier, error, dependencies = [] } of info.modules) {
    if (error) throw new Error(`${specifier}: ${error}`);
    if (!specifier.startsWith("file:") || fileURLToPath(specifier) === entry) continue;
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

function toPath(url: string): string {
  return relative(Deno.cwd(), fileURLToPath(url)).replaceAll("\\", "/");
}

import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** What a script is made of. */
export interface ImportGraph {
  /** Local modules, relative to the project, sorted; workers and what they import too. */
  modules: string[];
  /** npm packages that these modules import by name, sorted. */
  packages: string[];
}

interface DenoInfo {
  modules: {
    specifier: string;
    local?: string;
    error?: string;
    dependencies?: { specifier: string }[];
  }[];
}

/**
 * Reads the import graph of a script from `deno info`, and follows `new URL("./worker.ts",
 * import.meta.url)`, which `deno info` does not.
 */
export async function importGraph(script: string): Promise<ImportGraph> {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const due = [script];
  for (let next = due.pop(); next !== undefined; next = due.pop()) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", next],
    }).output();
    const info: DenoInfo = JSON.parse(new TextDecoder().decode(stdout));
    for (const { specifier, error, dependencies = [] } of info.modules) {
      if (error) throw new Error(`${specifier}: ${error}`);
      if (!specifier.startsWith("file:")) continue;
      const module = relative(Deno.cwd(), fileURLToPath(specifier)).replaceAll("\\", "/");
      if (modules.has(module)) continue;
      modules.add(module);
      for (const { specifier } of dependencies) {
        if (!/^(\.|node:|file:|https?:)/.test(specifier)) packages.add(specifier);
      }
      const source = await Deno.readTextFile(module);
      for (const [, url] of source.matchAll(/new URL\("([^"]+\.ts)", import\.meta\.url\)/g)) {
        due.push(fileURLToPath(new URL(url!, specifier)));
      }
    }
  }
  return { modules: [...modules].sort(), packages: [...packages].sort() };
}

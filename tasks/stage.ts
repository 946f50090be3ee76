import { dirname, join } from "node:path";
import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { explainWriteError } from "../lib/write_files.ts";
import { importGraph } from "./import_graph.ts";

/** What is staged lands here, in a folder of its name; ignored by Git. */
const OUT = "deploy";

/** What Deno Deploy takes at most, in bytes. */
const LIMIT = 1e9;

/** A service that Deno Deploy can run. */
interface Service {
  /** Exports `fetch`. */
  entry: string;
  /** Files that it reads while it runs, by their path there. */
  files: (models: string) => Promise<Map<string, string>>;
}

const SERVICES: Record<string, Service> = {
  api: {
    entry: "api/main.ts",
    async files(models) {
      const names = (await filesIn(models)).filter((name) => name.endsWith(".json"));
      if (names.length === 0) {
        throw new UserError(
          `${models} holds no model. Bring some with \`deno task dvc pull train eval\`, make them with ` +
            "`deno task repro`, or name another folder with --models.",
        );
      }
      return new Map(names.map((name) => [`models/${name}`, join(models, name)]));
    },
  },
  ui: {
    entry: "ui/main.tsx",
    async files() {
      const names = await filesIn("ui/_bundle");
      if (!names.includes("manifest.json")) {
        throw new UserError(
          "ui/_bundle is missing. Build it with `deno run -P=ui_build ui/build.ts` and run again.",
        );
      }
      return new Map(names.map((name) => [`ui/_bundle/${name}`, `ui/_bundle/${name}`]));
    },
  },
};

/** Puts just what a service needs into a folder that can be deployed as it is. */
async function stage(name: string, models: string): Promise<void> {
  const service = SERVICES[name];
  if (!service) {
    throw new UserError(`Expected ${Object.keys(SERVICES).join(" or ")}, but found "${name}".`);
  }
  const { modules, packages } = await importGraph(service.entry);
  const files = new Map([
    ...modules.map((path) => [path, path] as const),
    ["deno.lock", "deno.lock"],
    ...await service.files(models),
  ]);
  const config = JSON.parse(await Deno.readTextFile("deno.json"));
  let bytes = 0;
  for (const from of files.values()) bytes += (await Deno.stat(from)).size;
  if (bytes > LIMIT) {
    throw new UserError(
      `${name} would be ${megabytes(bytes)}, but Deno Deploy takes ${megabytes(LIMIT)}. ` +
        "Stage fewer models: name a folder with those to serve by --models.",
    );
  }

  const folder = join(OUT, name), unfinished = join(OUT, `.${name}`);
  try {
    await Deno.remove(unfinished, { recursive: true }).catch(() => {});
    await Deno.mkdir(unfinished, { recursive: true });
  } catch (error) {
    throw explainWriteError(unfinished, error);
  }
  for (const [to, from] of files) {
    await Deno.mkdir(join(unfinished, dirname(to)), { recursive: true });
    await Deno.copyFile(from, join(unfinished, to));
  }
  await Deno.writeTextFile(join(unfinished, "main.ts"), mainText(service.entry));
  await Deno.writeTextFile(join(unfinished, "deno.json"), configText(config, packages));
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.rename(unfinished, folder);
  console.log(
    `${folder} has all that the ${name === "ui" ? "pages need" : "API needs"}: ${files.size + 2} ` +
      `files, ${megabytes(bytes)} of at most ${megabytes(LIMIT)}.`,
  );
}

/** Deno Deploy runs a module; ours exports `fetch`. */
function mainText(entry: string): string {
  return `import service from "./${entry}";\n\nDeno.serve((request) => service.fetch(request));\n`;
}

/**
 * The project's configuration with the packages of one service, and how the platform runs it. Without
 * `exclude`, which would keep models and bundle from being uploaded.
 */
function configText(
  { imports, compilerOptions }: { imports: Record<string, string>; compilerOptions: unknown },
  packages: readonly string[],
): string {
  return JSON.stringify(
    {
      nodeModulesDir: "none",
      imports: Object.fromEntries(packages.map((name) => [name, imports[name]])),
      compilerOptions,
      deploy: {
        install: "deno install --entrypoint main.ts",
        runtime: { type: "dynamic", entrypoint: "main.ts" },
      },
    },
    null,
    2,
  ) + "\n";
}

/** Names of the files right in a folder; none where there is no folder. */
async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB`;
}

if (import.meta.main) {
  await runCommand({
    name: "deno task stage",
    summary:
      `Puts what a service needs on Deno Deploy, and nothing else, into ${OUT}/SERVICE: its modules,\n` +
      "deno.lock, and the models of the API or the bundle of the pages. SERVICE is api or ui.",
    operands: ["SERVICE"],
    options: {
      models: {
        type: "string",
        value: "FOLDER",
        default: "models",
        description: "models that the API serves",
      },
    },
    examples: ["deno task stage api", "deno task stage api --models served", "deno task stage ui"],
  }, ({ values, operands: [service] }) => stage(service!, values.models));
}

import { dirname, join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { type LoadedModel, loadModel, type ServedModel } from "./load_model.ts";
import { filesBeside, isModelFile, modelName } from "./model_files.ts";

/** The models at one moment; never changed, only replaced. */
export interface Models {
  /** By name, in the order of names. */
  served: ReadonlyMap<string, ServedModel>;
  /** Sentences that say why files are not served as they are, by file. */
  failed: ReadonlyMap<string, string>;
  /** Answers where a request names no model; `undefined` while there is none. */
  fallback: ServedModel | undefined;
}

/** Where models come from; all paths as the configuration has them. */
export interface ModelSource {
  MODELS_DIR: string;
  MODEL_PATH?: string | undefined;
  DEFAULT_MODEL_NAME?: string | undefined;
}

/** A file as far as a change of it shows without reading it. */
interface Seen {
  path: string;
  stamp: string;
}

/** What was found in a file when it was read last. */
interface ReadFile extends LoadedModel {
  stamp: string;
}

/** Name of the model that the pipeline found best. */
const BEST = "model";

/**
 * The models of a folder or file. {@linkcode ModelStore.refresh} looks for files that were added,
 * changed or removed, and puts a new {@linkcode Models} in the place of the old; who holds the old
 * one goes on with it. A file that cannot be read leaves what was served under its name.
 *
 * @example
 * ```ts
 * import { ModelStore } from "./models.ts";
 * const store = new ModelStore({ MODELS_DIR: "models" });
 * await store.refresh();
 * console.log([...store.current.served.keys()]);
 * ```
 */
export class ModelStore {
  /** What answers now. */
  current: Models = { served: new Map(), failed: new Map(), fallback: undefined };
  /** Whether files have been looked for once. */
  loaded = false;
  readonly #source: ModelSource;
  readonly #files = new Map<string, ReadFile>();
  #refreshing: Promise<void> | undefined;
  #published = Promise.withResolvers<void>();

  constructor(source: ModelSource) {
    this.#source = source;
  }

  /** Looks at the files once; a call while another is under way waits for that. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.loaded = true;
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Waits until all files have been looked at once. */
  async ready(): Promise<void> {
    if (!this.loaded) await this.refresh();
  }

  /**
   * Looks at the files where that was not done yet, and waits until there is another
   * {@linkcode Models} or all files were looked at: a model need not wait for those after it.
   */
  async next(): Promise<void> {
    const { promise } = this.#published;
    await Promise.race([promise, this.refresh()]);
  }

  async #refresh(): Promise<void> {
    let found: Seen[];
    try {
      found = await this.#list();
    } catch (error) {
      if (!(error instanceof UserError)) console.error(error);
      const problem = error instanceof Error ? error.message : String(error);
      // The folder may be gone for a moment: what is served stays.
      this.#publish([[this.#source.MODELS_DIR, problem]]);
      return;
    }
    const paths = new Set(found.map(({ path }) => path));
    for (const path of this.#files.keys()) if (!paths.has(path)) this.#files.delete(path);
    const missing = this.#missDefault(found);
    this.#publish(missing);
    for (const { path, stamp } of found) {
      const before = this.#files.get(path);
      if (before?.stamp === stamp) continue;
      const { served = before?.served, problems } = await loadModel(path, (model) => {
        // At the start the model answers at once; later, it comes with what stands beside it.
        if (this.loaded) return;
        this.#files.set(path, { stamp, problems: [], served: model });
        this.#publish(missing);
      });
      this.#files.set(path, { stamp, problems, ...served && { served } });
      this.#publish(missing);
    }
  }

  /** Says that the default model that is asked for is none of the files that were found. */
  #missDefault(found: Seen[]): LoadedModel["problems"] {
    const { MODELS_DIR, MODEL_PATH, DEFAULT_MODEL_NAME: wanted } = this.#source;
    if (wanted === undefined || found.some(({ path }) => modelName(path) === wanted)) return [];
    const file = join(
      MODEL_PATH === undefined ? MODELS_DIR : dirname(MODEL_PATH),
      `${wanted}.json`,
    );
    return [[
      file,
      `The default model ${file} is missing. Set DEFAULT_MODEL_NAME to another, or bring the file.`,
    ]];
  }

  /** @param problems Beside those of the files. */
  #publish(problems: LoadedModel["problems"] = []): void {
    const files = [...this.#files.values()];
    const served = new Map(
      files.flatMap(({ served }) => served ? [served] : [])
        .sort((a, b) => a.name < b.name ? -1 : 1)
        .map((model) => [model.name, model]),
    );
    const wanted = this.#source.DEFAULT_MODEL_NAME;
    this.current = {
      served,
      failed: new Map([...files.flatMap(({ problems }) => problems), ...problems]),
      fallback: wanted !== undefined
        ? served.get(wanted)
        : served.get(BEST) ?? served.values().next().value,
    };
    this.#published.resolve();
    this.#published = Promise.withResolvers();
  }

  /** The default model's file first, so that it answers while the others are read. */
  async #list(): Promise<Seen[]> {
    const { MODELS_DIR, MODEL_PATH, DEFAULT_MODEL_NAME = BEST } = this.#source;
    const paths = MODEL_PATH === undefined ? await listFolder(MODELS_DIR) : [MODEL_PATH];
    const files = await Promise.all(paths.map(async (path) => {
      const { card, manifest } = filesBeside(path);
      const stamps = await Promise.all([path, card, manifest].map(stampOf));
      // Without, the file was removed since it was listed; the one that was asked for is missed.
      return stamps[0] === "" && MODEL_PATH === undefined ? [] : [{ path, stamp: stamps.join() }];
    }));
    const isFirst = ({ path }: Seen) => modelName(path) === DEFAULT_MODEL_NAME ? 0 : 1;
    return files.flat().sort((a, b) => isFirst(a) - isFirst(b));
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    return names.filter(isModelFile).sort().map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new UserError(
        `The folder ${folder} is missing. Run \`deno task repro\` to train models, or set ` +
          "MODELS_DIR to the folder that holds them.",
      );
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UserError(`The folder ${folder} cannot be read. Make it readable for this user.`);
    }
    throw error;
  }
}

/** What changes when a file does; "" where there is none. */
async function stampOf(path: string): Promise<string> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info ? `${info.mtime?.getTime()} ${info.size} ${info.ino}` : "";
}

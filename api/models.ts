import { basename, dirname, join } from "node:path";
import { UserError } from "../lib/errors.ts";
import type { Card } from "../lib/evaluation/card/card.ts";
import { CARD_ENDING, cardPath, readCard } from "../lib/evaluation/card/file.ts";
import { readTextFile } from "../lib/files.ts";
import {
  MANIFEST,
  readServed,
  type ServedModel as RegisteredModel,
} from "../lib/mlflow/served_models.ts";
import { decodeModel, type StoredModel } from "../lib/model/json.ts";

/** A model that answers requests. */
export interface ServedModel {
  /** The file's, without `.json`. */
  name: string;
  /** First twelve digits of the model's checksum. */
  version: string;
  /** Size of the file. */
  bytes: number;
  model: StoredModel;
  /** Where the registry has it, for one that came from there. */
  registry?: RegisteredModel;
  /** Its evaluation, where that is beside it. */
  card?: Card;
}

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

/** Files beside the models that are none. */
const isModelFile = (name: string) =>
  name.endsWith(".json") && !name.endsWith(CARD_ENDING) && name !== MANIFEST;

/** A file as far as a change of it shows without reading it. */
interface Seen {
  path: string;
  stamp: string;
}

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
  /** Files as they were when they were read last. */
  #seen = new Map<string, string>();
  #refreshing: Promise<void> | undefined;

  constructor(source: ModelSource) {
    this.#source = source;
  }

  /** Looks at the files once; a call while another is under way waits for that. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.loaded = true;
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    let files: Seen[];
    try {
      files = await this.#list();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // The folder may be gone for a moment: what is served stays.
      this.#replace(this.current.served, new Map([[this.#source.MODELS_DIR, error.message]]));
      return;
    }
    const paths = new Set(files.map(({ path }) => path));
    const names = new Set(files.map(({ path }) => nameOf(path)));
    const served = new Map([...this.current.served].filter(([name]) => names.has(name)));
    const failed = new Map([...this.current.failed].filter(([path]) => paths.has(path)));
    for (const path of this.#seen.keys()) if (!paths.has(path)) this.#seen.delete(path);
    this.#replace(served, failed);
    for (const { path, stamp } of files) {
      if (this.#seen.get(path) === stamp) continue;
      this.#seen.set(path, stamp);
      failed.delete(path);
      try {
        served.set(nameOf(path), await load(path));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failed.set(path, error.message);
      }
      this.#replace(served, failed);
    }
  }

  #replace(served: ReadonlyMap<string, ServedModel>, failed: ReadonlyMap<string, string>): void {
    const sorted = new Map([...served].sort(([a], [b]) => a < b ? -1 : 1));
    const wanted = this.#source.DEFAULT_MODEL_NAME;
    const fallback = wanted !== undefined
      ? sorted.get(wanted)
      : sorted.get(BEST) ?? sorted.values().next().value;
    this.current = { served: sorted, failed: new Map(failed), fallback };
  }

  /** The default model's file first, so that it answers while the others are read. */
  async #list(): Promise<Seen[]> {
    const { MODELS_DIR, MODEL_PATH, DEFAULT_MODEL_NAME = BEST } = this.#source;
    const paths = MODEL_PATH === undefined ? await listFolder(MODELS_DIR) : [MODEL_PATH];
    const files: Seen[] = [];
    for (const path of paths) {
      const stamp = await stampOf(path);
      // Without, the file was removed since it was listed; the one that was asked for is missed.
      if (stamp === "" && MODEL_PATH === undefined) continue;
      const beside = [await stampOf(cardPath(path)), await stampOf(manifestPath(path))];
      files.push({ path, stamp: [stamp, ...beside].join() });
    }
    const isFirst = ({ path }: Seen) => nameOf(path) === DEFAULT_MODEL_NAME ? 0 : 1;
    return files.sort((a, b) => isFirst(a) - isFirst(b));
  }
}

/** Name of the model that the pipeline found best. */
const BEST = "model";

function nameOf(path: string): string {
  return basename(path, ".json");
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

function manifestPath(path: string): string {
  return join(dirname(path), MANIFEST);
}

/** What changes when a file does; "" where there is none. */
async function stampOf(path: string): Promise<string> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info ? `${info.mtime?.getTime()} ${info.size} ${info.ino}` : "";
}

async function load(path: string): Promise<ServedModel> {
  const text = await readTextFile(path, "Run `deno task repro` to train it.");
  const model = await decodeModel(text, path);
  const version = model.checksum.slice("sha256:".length).slice(0, 12);
  const registry = (await readServed(dirname(path))).models[basename(path)];
  const card = await readCard(path, model.checksum);
  return {
    name: nameOf(path),
    version,
    bytes: new TextEncoder().encode(text).length,
    model,
    ...registry && { registry },
    ...card && { card },
  };
}

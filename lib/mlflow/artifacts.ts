import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { explainReadError } from "../files.ts";
import { explainWriteError } from "../write_files.ts";
import { encodeArtifactPath, isSafeName } from "./artifact_path.ts";
import { explainArtifactStore } from "./client_errors.ts";
import { RunClient } from "./runs.ts";

/** What has artifacts: a run or a logged model. */
export interface ArtifactOwner {
  /** For example `mlflow-artifacts:/1/0c8f/artifacts`. */
  artifactUri: string;
}

/** An artifact, or a folder of them. */
export interface Artifact {
  /** Below its owner, for example `plots/total_by_week.svg`. */
  path: string;
  isFolder: boolean;
  /** In bytes; 0 for a folder. */
  size: number;
}

/** What {@linkcode ArtifactClient.readArtifact} and {@linkcode ArtifactClient.downloadArtifact} may be told. */
export interface DownloadOptions {
  /** Refuse what is larger, in bytes. */
  maxBytes?: number;
  /** Called with the bytes of the file so far, from 0 again where it is tried again. */
  onBytes?: (bytes: number) => void;
}

/** Keeps a part of an artifact. */
type TakePart = (part: Uint8Array<ArrayBuffer>) => Promise<void> | void;

const ENDPOINT = "/api/2.0/mlflow-artifacts/artifacts";
const CONTENT_TYPE = "application/octet-stream";
const PART = 65_536;

/** The part of {@linkcode MlflowClient} for artifacts, of runs and logged models alike. */
export class ArtifactClient extends RunClient {
  /**
   * Writes an artifact, over one of the same name.
   *
   * @param path Below the owner, for example `plots/total_by_week.svg`; see
   * {@linkcode encodeArtifactPath} for what is refused.
   */
  async uploadArtifact(
    owner: ArtifactOwner,
    path: string,
    content: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const body = () => content;
    await this.send(
      { method: "PUT", path: this.#address(owner, path), contentType: CONTENT_TYPE, body },
      finish,
    );
  }

  /**
   * As {@linkcode uploadArtifact}, from a file that is read in parts: memory does not grow with it.
   *
   * @param onBytes Called with the bytes sent so far, from 0 again where it is tried again.
   * @throws {UserError} also where the file cannot be read.
   */
  async uploadFile(
    owner: ArtifactOwner,
    path: string,
    file: string,
    onBytes: (bytes: number) => void = () => {},
  ): Promise<void> {
    const address = this.#address(owner, path);
    let handle: Deno.FsFile | undefined;
    const body = async (moved: () => void) => {
      handle?.[Symbol.dispose]();
      const opened = handle = await openFile(file);
      return readInParts(opened, file, (bytes) => {
        moved();
        onBytes(bytes);
      });
    };
    try {
      await this.send({ method: "PUT", path: address, contentType: CONTENT_TYPE, body }, finish);
    } finally {
      handle?.[Symbol.dispose]();
    }
  }

  /**
   * What a folder of artifacts holds, by name.
   *
   * @param path Folder below the owner; without it, the owner's own.
   * @returns An empty list where there is no such folder.
   * @throws {UserError} also where the server names something that would lead out of the folder.
   */
  async listArtifacts(owner: ArtifactOwner, path?: string): Promise<Artifact[]> {
    const folder = decodeURIComponent(this.#address(owner, path).slice(ENDPOINT.length + 1));
    const { files } = await this.get(ENDPOINT, { path: folder }, listSchema);
    return files.map(({ path: name, is_dir: isFolder, file_size: size }) => {
      if (!isSafeName(name)) {
        throw new UserError(
          `MLflow at ${this.url} lists an artifact named ${JSON.stringify(name)}, which is ` +
            "refused, since it leads elsewhere. Delete it on the server.",
        );
      }
      return { path: path === undefined ? name : `${path}/${name}`, isFolder, size };
    });
  }

  /**
   * Bytes of an artifact that fits into memory, such as a model file.
   *
   * @throws {UserError} also where the artifact is too large.
   */
  async readArtifact(
    owner: ArtifactOwner,
    path: string,
    options: DownloadOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    let parts: Uint8Array<ArrayBuffer>[] = [];
    await this.#download(owner, path, options, () => {
      parts = [];
      return (part) => void parts.push(part);
    });
    return await new Blob(parts).bytes();
  }

  /**
   * Copies an artifact to a file, in parts, whole or not at all: under a temporary name in the same
   * folder, then by rename. Missing folders are made.
   *
   * @throws {UserError} also where the file cannot be written or the artifact is too large.
   */
  async downloadArtifact(
    owner: ArtifactOwner,
    path: string,
    file: string,
    options: DownloadOptions = {},
  ): Promise<void> {
    const temporary = `${file}.tmp`;
    let handle: Deno.FsFile | undefined;
    try {
      await writing(file, () => Deno.mkdir(dirname(file), { recursive: true }));
      await this.#download(owner, path, options, async () => {
        handle?.[Symbol.dispose]();
        const created = handle = await writing(file, () => Deno.create(temporary));
        return (part) => writing(file, () => writeAll(created, part));
      });
      await writing(file, () => Deno.rename(temporary, file));
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      throw error;
    } finally {
      handle?.[Symbol.dispose]();
    }
  }

  /** Gets an artifact in parts; `start` begins anew for each try, and gives what takes a part. */
  async #download(
    owner: ArtifactOwner,
    path: string,
    { maxBytes = Infinity, onBytes = () => {} }: DownloadOptions,
    start: () => Promise<TakePart> | TakePart,
  ): Promise<void> {
    const check = (bytes: number) => {
      if (bytes <= maxBytes) return;
      throw new UserError(
        `${path} on ${this.url} is refused: expected at most ${maxBytes} bytes, but found more. ` +
          "Check that it is the right artifact.",
      );
    };
    const request = { method: "GET", path: this.#address(owner, path) } as const;
    await this.send(request, async (response, moved) => {
      check(Number(response.headers.get("content-length")));
      const take = await start();
      let bytes = 0;
      for await (const part of response.body ?? []) {
        moved();
        check(bytes += part.length);
        await take(part);
        onBytes(bytes);
      }
    });
  }

  /** Path of an artifact on the server, or of the owner's folder. */
  #address({ artifactUri }: ArtifactOwner, path?: string): string {
    const root = /^mlflow-artifacts:\/+(.+)$/.exec(artifactUri)?.[1];
    // With two slashes a host may follow, which we would not send our login to.
    if (root === undefined || /^mlflow-artifacts:\/\/[^/]/.test(artifactUri)) {
      throw explainArtifactStore(artifactUri, this.url);
    }
    return `${ENDPOINT}/${encodeArtifactPath(path === undefined ? root : `${root}/${path}`)}`;
  }
}

const listSchema = z.object({
  files: z.array(z.object({
    path: z.string(),
    is_dir: z.boolean().default(false),
    file_size: z.coerce.number().default(0),
  })).default([]),
});

async function finish(response: Response): Promise<void> {
  await response.text();
}

async function openFile(file: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(file);
  } catch (error) {
    throw explainReadError(file, error, "It was there before: run the command again.");
  }
}

function readInParts(
  handle: Deno.FsFile,
  file: string,
  onBytes: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new ReadableStream({
    async pull(controller) {
      const part = new Uint8Array(PART);
      let length: number | null;
      try {
        length = await handle.read(part);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        throw new UserError(`${file} cannot be read: ${text}. Check the disk and run again.`);
      }
      if (length === null) return controller.close();
      controller.enqueue(part.subarray(0, length));
      onBytes(bytes += length);
    },
  }, { highWaterMark: 0 });
}

async function writeAll(handle: Deno.FsFile, part: Uint8Array): Promise<void> {
  for (let done = 0; done < part.length;) done += await handle.write(part.subarray(done));
}

/** Does something to a file or beside it, and says in a sentence where that fails. */
async function writing<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw explainWriteError(file, error);
  }
}

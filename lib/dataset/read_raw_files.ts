import { resolve } from "node:path";
import { UserError } from "../errors.ts";
import { readFile } from "../files.ts";
import { findCsv, isZip, LARGEST_MEMBER } from "./kaggle_archive.ts";
import { loadRaw } from "./load_raw.ts";
import { RAW_FILES, type RawFiles } from "./raw_files.ts";

const FILE_LIST = RAW_FILES.join(", ");

/**
 * Reads the raw tables from a folder (plain, or each in a zip: `train.csv.zip`) or from a zip.
 * Anything else there is left alone.
 *
 * @throws {UserError} where a table is missing or breaks the contract of {@linkcode loadRaw}, or a zip
 *   is damaged.
 */
export async function readRawFiles(path: string): Promise<RawFiles> {
  const info = await statPath(path);
  const find = info.isDirectory ? await folderFinder(path) : await zipFinder(path, info.size);
  const files: RawFiles = new Map();
  for (const file of RAW_FILES) {
    const bytes = await find(file);
    if (!bytes) {
      throw new UserError(
        `${path} holds neither ${file} nor ${file}.zip. Expected all of ${FILE_LIST}.`,
      );
    }
    files.set(file, bytes);
  }
  loadRaw(files, path);
  return files;
}

type Finder = (file: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

async function statPath(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new UserError(
        `${resolve(path)} does not exist. Give --from a folder with the CSVs, or Kaggle's zip.`,
      );
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UserError(`${path} cannot be read: permission denied. Make it readable.`);
    }
    throw error;
  }
}

function folderFinder(folder: string): Finder {
  return async (file) => {
    const plain = `${folder}/${file}`;
    if (await isFile(plain)) return await readFile(plain, "");
    const zipped = `${plain}.zip`;
    if (!(await isFile(zipped))) return undefined;
    return findCsv(await readFile(zipped, ""), zipped, file);
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function zipFinder(path: string, size: number): Promise<Finder> {
  if (size > LARGEST_MEMBER) {
    throw new UserError(
      `${path} has more than ${LARGEST_MEMBER / 1_048_576} MB. Unzip it and give the folder.`,
    );
  }
  const zip = await readFile(path, "");
  if (!isZip(zip)) {
    throw new UserError(
      `${path} is neither a folder nor a zip file. Give --from a folder with ${FILE_LIST}, or ` +
        "Kaggle's zip (a download that needs a login can leave a web page under that name).",
    );
  }
  return (file) => findCsv(zip, path, file);
}

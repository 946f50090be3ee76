import { RAW_TABLES } from "./raw_tables.ts";

/** File names of the raw tables: train.csv, features.csv, stores.csv. */
export const RAW_FILES: readonly string[] = Object.values(RAW_TABLES).map(({ file }) => file);

/** Where the pipeline finds a raw table: `data/train.csv`. */
export function rawPath(file: string): string {
  return `data/${file}`;
}

/** Paths of all raw tables. */
export const RAW_PATHS: readonly string[] = RAW_FILES.map(rawPath);

/** Bytes of the raw tables by file name. */
export type RawFiles = Map<string, Uint8Array>;

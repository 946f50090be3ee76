/** Files of the bundle that a page refers to, as `build.ts` lists them. */
export interface Manifest {
  /** Of all that went into the bundle: another one means that the bundle is stale. */
  hash: string;
  /** What went into the bundle, as paths in the project. */
  inputs: string[];
  /** By the name of an entry: its file, and those that it imports at once. */
  entries: Record<string, { file: string; imports: string[] }>;
}

/** Where the server serves the bundle. */
export const ASSETS = "/assets/";

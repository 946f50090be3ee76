import type { BatchResult } from "./messages.ts";
import type { TextFormat } from "./sniff.ts";

/** A finished batch with the file that it is of. */
export interface Kept {
  file: File;
  format: TextFormat;
  result: BatchResult;
}

const STORE = "results", KEY = "last";

/** Keeps the last result in this browser, so that leaving the page does not lose it. */
export async function keep(kept: Kept): Promise<void> {
  await run("readwrite", (store) => store.put(kept, KEY));
}

/** The result that was kept last, if there is one. */
export async function recall(): Promise<Kept | undefined> {
  return await run("readonly", (store) => store.get(KEY)) as Kept | undefined;
}

/** Forgets the result that was kept. */
export async function forget(): Promise<void> {
  await run("readwrite", (store) => store.delete(KEY));
}

/** Nothing where the browser keeps nothing, as in some private windows. */
async function run(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const open = indexedDB.open("batch", 1);
    open.onupgradeneeded = () => open.result.createObjectStore(STORE);
    const database = await settle(open) as IDBDatabase;
    try {
      return await settle(act(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function settle(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

import { encodeColumn } from "../features/encode.ts";
import { FEATURES } from "../features/table.ts";
import type { StoreFacts } from "../model/store_facts.ts";
import { RAW_TABLES } from "./raw_tables.ts";
import { parseRawTable } from "./read_raw.ts";

/**
 * Type and size of each store of data/stores.csv, encoded as the feature table says.
 *
 * @param bytes Of the file.
 * @param path Of the file, for messages.
 * @throws {UserError} where the file breaks its contract.
 */
export function readStoreFacts(bytes: Uint8Array, path: string): Map<number, StoreFacts> {
  const frame = parseRawTable(bytes, path, RAW_TABLES.stores);
  const type = FEATURES.find(({ name }) => name === "Type")!;
  const stores = frame.getColumn("Store").toArray() as number[];
  const types = encodeColumn(type, frame.getColumn("Type").toArray() as string[]);
  const sizes = frame.getColumn("Size").toArray() as number[];
  return new Map(stores.map((store, row) => [store, { type: types[row]!, size: sizes[row]! }]));
}

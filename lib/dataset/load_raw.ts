import { type JoinedSales, joinRaw } from "./join_raw.ts";
import type { RawFiles } from "./raw_files.ts";
import { RAW_TABLES } from "./raw_tables.ts";
import { parseRawTable } from "./read_raw.ts";

/**
 * Holds the three raw tables against their contract, each by itself and with each other, and joins
 * them.
 *
 * @param files Bytes of all three.
 * @param folder Where the files stand, for messages.
 * @throws {UserError} naming file, line, column, what was expected and what was found.
 */
export function loadRaw(files: RawFiles, folder: string): JoinedSales {
  const parse = (table: keyof typeof RAW_TABLES) => {
    const { file } = RAW_TABLES[table];
    return parseRawTable(files.get(file)!, `${folder}/${file}`, RAW_TABLES[table]);
  };
  // The small tables first: what is wrong there would make many rows of the large one wrong.
  const [stores, features, train] = [parse("stores"), parse("features"), parse("train")];
  return joinRaw({ train, features, stores }, folder);
}

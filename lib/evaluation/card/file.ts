import { exists, readTextFile } from "../../files.ts";
import type { Card } from "./card.ts";

/** How the name of a card's file ends, and that of no model. */
export const CARD_ENDING = ".card.json";

/**
 * The file of the card that stands beside a model's.
 *
 * @param modelFile Ends in `.json`.
 *
 * @example
 * ```ts
 * import { cardPath } from "./file.ts";
 * console.log(cardPath("models/gbr.json")); // "models/gbr.card.json"
 * ```
 */
export function cardPath(modelFile: string): string {
  return modelFile.replace(/\.json$/, CARD_ENDING);
}

/**
 * Reads the card that stands beside a model's file.
 *
 * @param checksum The model's.
 * @returns Nothing where there is no card, or just one of another model.
 * @throws {UserError} where the card is damaged or cannot be read.
 */
export async function readCard(modelFile: string, checksum: string): Promise<Card | undefined> {
  const path = cardPath(modelFile);
  if (!await exists(path)) return undefined;
  // Its schema takes a while to make: not before there is a card.
  const { decodeCard } = await import("./card.ts");
  const card = decodeCard(await readTextFile(path, "Run `deno task repro` to make it."), path);
  return card.checksum === checksum ? card : undefined;
}

import assert from "node:assert/strict";
import { inFolder } from "../../testing.ts";
import { smallCard } from "../testing.ts";
import { encodeCard } from "./card.ts";
import { cardPath, readCard } from "./file.ts";

Deno.test("readCard() gives a model's card, and none that is missing or of another model", () =>
  inFolder(async (folder) => {
    const checksum = `sha256:${"a".repeat(64)}`, file = `${folder}/rf.json`;
    assert.equal(await readCard(file, checksum), undefined);
    const card = smallCard("rf", checksum);
    await Deno.writeTextFile(`${folder}/rf.card.json`, encodeCard(card));
    assert.deepEqual(await readCard(file, checksum), card);
    assert.equal(await readCard(file, checksum.replaceAll("a", "b")), undefined);
    await Deno.writeTextFile(cardPath(file), "{}");
    await assert.rejects(readCard(file, checksum), /^UserError: .*rf\.card\.json is no whole/);
  }));

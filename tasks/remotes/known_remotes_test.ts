import assert from "node:assert/strict";
import { parseRemotes } from "./known_remotes.ts";

Deno.test("parseRemotes() reads what DVC writes, and what people write", () => {
  const text = `[core]
    remote = storage
    url = none of a remote
['remote "gdrive"']
    url = gdrive://ID
    gdrive_use_service_account = true
[remote "Storage"]
url="s3://bucket/a,b"
[cache]
    dir = ../cache
`;
  assert.deepEqual(
    [...parseRemotes(text)],
    [["gdrive", "gdrive://ID"], ["storage", "s3://bucket/a,b"]],
  );
});

Deno.test("parseRemotes() reads the remote that this project names", async () => {
  const remotes = parseRemotes(await Deno.readTextFile(".dvc/config"));
  assert.match(remotes.get("gdrive")!, /^gdrive:\/\/./);
});

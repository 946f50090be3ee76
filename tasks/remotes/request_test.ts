import assert from "node:assert/strict";
import { resolve } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { makeRequest, type Wish } from "./request.ts";

const KNOWN = new Map([["storage", "s3://bucket/old"], ["gdrive", "gdrive://FOLDER_ID"]]);

/** What a wish on the command line becomes. */
function request(wish: Partial<Wish>) {
  const { kind, ...rest } = makeRequest({ default: false, ...wish }, KNOWN);
  return { scheme: kind.scheme, ...rest };
}

/** The error that a wish gives. */
function problem(wish: Partial<Wish>): string {
  try {
    request(wish);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
  throw new Error("no error was thrown");
}

Deno.test("makeRequest() keeps what all share apart from where one's own credentials are", () => {
  assert.deepEqual(
    request({ name: "lake", url: "s3://b/p", endpointUrl: "http://h:9000", credentials: "/k" }),
    {
      scheme: "s3",
      name: "lake",
      url: "s3://b/p",
      shared: { url: "s3://b/p", endpointurl: "http://h:9000" },
      local: { credentialpath: "/k" },
      default: false,
    },
  );
});

Deno.test("makeRequest() takes a folder of Google Drive as a browser shows it", () => {
  const url = "https://drive.google.com/drive/u/0/folders/0AIac4JZqHh_Km-9PDA?usp=sharing";
  const { name, shared, local } = request({ url, credentials: "/k.json" });
  assert.equal(name, "gdrive");
  assert.deepEqual(shared, {
    url: "gdrive://0AIac4JZqHh_Km-9PDA",
    gdrive_trash_only: true,
    gdrive_use_service_account: true,
  });
  assert.deepEqual(local, { gdrive_service_account_json_file_path: "/k.json" });
});

Deno.test("makeRequest() takes a folder's whole path, since DVC's is from elsewhere", () => {
  assert.equal(request({ name: "share", url: "../share" }).url, resolve("../share"));
});

Deno.test("makeRequest() takes the address of a known remote, and leaves it where it stands", () => {
  const { url, shared } = request({ name: "storage" });
  assert.equal(url, "s3://bucket/old");
  assert.deepEqual(shared, {});
});

Deno.test("makeRequest() refuses secrets in addresses, and does not repeat them", () => {
  for (
    const wish of [
      { url: "s3://AKIAKEY:hunter2@bucket/path" },
      { url: "ssh://me:hunter2@host/path" },
      { url: "azure://container/path?sig=hunter2" },
      { name: "n", url: "s3://bucket", endpointUrl: "http://key:hunter2@host" },
    ]
  ) {
    const text = problem(wish);
    assert.match(text, /holds a password or a token\..*docs\/remotes\.md/);
    assert.doesNotMatch(text, /hunter2|AKIAKEY/);
  }
  const pasted = problem({
    name: "n",
    url: "gdrive://ID",
    credentials: '{"private_key": "hunter2"}',
  });
  assert.match(pasted, /^--credentials takes the path of a file, not what it holds\./);
  assert.doesNotMatch(pasted, /hunter2/);
  // A user name and a port are none.
  assert.equal(request({ name: "n", url: "ssh://me@host:22/path" }).scheme, "ssh");
});

Deno.test("makeRequest() refuses what makes no sense", () => {
  assert.match(problem({}), /^No remote was named\. Give an address/);
  assert.match(problem({ name: "new" }), /^There is no remote new yet/);
  assert.match(
    problem({ name: "n", url: "webdav://host" }),
    /^Expected one of s3:.* found webdav:\/\/\.$/,
  );
  assert.match(problem({ url: "s3://other" }), /^The remote storage has another address\./);
  assert.match(problem({ name: "gdrive" }), /has no folder yet.*gdrive:\/\/ID/);
  assert.match(problem({ name: "a b", url: "s3://b" }), /as a remote's name, but found "a b"/);
  assert.match(problem({ name: "n", url: "gs://b", endpointUrl: "http://h" }), /goes with s3/);
  assert.match(
    problem({ name: "n", url: "s3://b", endpointUrl: "h:9000" }),
    /^Expected http:\/\/HOST or https:\/\/HOST as --endpoint-url\.$/,
  );
  assert.match(
    problem({ name: "n", url: "azure://c", credentials: "/k" }),
    /takes no --credentials FILE/,
  );
});

import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { UserError } from "../errors.ts";
import { inFolder } from "../testing.ts";
import { readFrame } from "./read_frame.ts";

Deno.test("readFrame() gives every column of the file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/table.parquet`;
    pl.DataFrame({ a: [1, 2], b: ["x", null] }).writeParquet(path);
    const frame = await readFrame(path, ["b"]);
    assert.deepEqual(frame.toRecords(), [{ a: 1, b: "x" }, { a: 2, b: null }]);
  }));

Deno.test("readFrame() says what is wrong with a file, and what to do", () =>
  inFolder(async (folder) => {
    const path = `${folder}/table.parquet`;
    const refuses = (message: RegExp) =>
      assert.rejects(readFrame(path, ["b", "a", "c"]), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.ok(error.message.startsWith(path), error.message);
        assert.match(error.message.slice(path.length), message);
        return true;
      });
    await refuses(/^ is missing\. Run `deno task repro` to make it\.$/);
    await Deno.writeTextFile(path, "not Parquet at all, but long enough");
    await refuses(
      /^ cannot be read as Parquet \([^\n]+\)\. Run `deno task repro --force` to make it anew\.$/,
    );
    pl.DataFrame({ a: [1] }).writeParquet(path);
    await refuses(
      /^: expected the columns b, c, but they are missing\. Run `deno task repro --force` to/,
    );
  }));

import assert from "node:assert/strict";
import { zipSync } from "fflate";
import { UserError } from "../errors.ts";
import { inFolder } from "../testing.ts";
import { readRawFiles } from "./read_raw_files.ts";

const encode = (text: string) => new TextEncoder().encode(text);

const FILES = {
  "train.csv": encode("Store,Dept,Date,Weekly_Sales,IsHoliday\n1,1,2010-02-05,10.5,FALSE\n"),
  "features.csv": encode(
    "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3,MarkDown4,MarkDown5,CPI," +
      "Unemployment,IsHoliday\n1,2010-02-05,42,2.5,NA,NA,NA,NA,NA,211,8.1,FALSE\n",
  ),
  // As Kaggle has it: bare CR.
  "stores.csv": encode("Store,Type,Size\r1,A,151315"),
};

async function write(folder: string, files: Record<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

Deno.test("readRawFiles() reads a folder, plain files before zipped ones, bytes as they are", () =>
  inFolder(async (folder) => {
    await write(folder, {
      "train.csv": FILES["train.csv"],
      "train.csv.zip": encode("not looked at"),
      "features.csv.zip": zipSync({ "features.csv": FILES["features.csv"] }),
      "stores.csv": FILES["stores.csv"],
      "test.csv": encode("left alone"),
    });
    assert.deepEqual(await readRawFiles(folder), new Map(Object.entries(FILES)));
  }));

Deno.test("readRawFiles() reads Kaggle's zip with zipped CSVs inside", () =>
  inFolder(async (folder) => {
    const path = `${folder}/kaggle.zip`;
    const zipped = Object.entries(FILES).map(([name, bytes]) =>
      [`${name}.zip`, zipSync({ [name]: bytes })] as const
    );
    await write(folder, { "kaggle.zip": zipSync(Object.fromEntries(zipped)) });
    assert.deepEqual(await readRawFiles(path), new Map(Object.entries(FILES)));
  }));

const BAD: [what: string, files: Record<string, Uint8Array>, path: string, message: RegExp][] = [
  ["a path that does not exist", {}, "/nowhere", /nowhere does not exist\. Give --from a folder/],
  [
    "a path below a file",
    { "kaggle.zip": encode("") },
    "/kaggle.zip/train.csv",
    /train\.csv does not exist\. Give --from a folder/,
  ],
  [
    "a missing table",
    { "train.csv": FILES["train.csv"] },
    "",
    /neither features\.csv nor features/,
  ],
  [
    "a web page under the name of a zip",
    { "kaggle.zip": encode("<!DOCTYPE html>") },
    "/kaggle.zip",
    /kaggle\.zip is neither a folder nor a zip file/,
  ],
  [
    "a missing column",
    { ...FILES, "stores.csv": encode("Store,Size\n1,5\n") },
    "",
    /stores\.csv, line 1: expected the column Type, but found only Store, Size\./,
  ],
  [
    "several missing columns",
    { ...FILES, "train.csv": encode("Store,Dept,Date\n1,1,2010-02-05\n") },
    "",
    /train\.csv, line 1: expected the columns IsHoliday, Weekly_Sales, but found only/,
  ],
  [
    "a sale of a store that another table does not know",
    { ...FILES, "stores.csv": encode("Store,Type,Size\n2,A,5\n") },
    "",
    /train\.csv, line 2: store 1 is not in .*stores\.csv/,
  ],
  ["no rows", { ...FILES, "stores.csv": encode("Store,Type,Size\n") }, "", /header but no rows/],
  ["an empty file", { ...FILES, "stores.csv": encode("") }, "", /stores\.csv is empty/],
];

for (const [what, files, path, message] of BAD) {
  Deno.test(`readRawFiles() refuses ${what}`, () =>
    inFolder(async (folder) => {
      await write(folder, files);
      await assert.rejects(readRawFiles(folder + path), (error) => {
        assert(error instanceof UserError, String(error));
        assert.match(error.message, message);
        return true;
      });
    }));
}

Deno.test("readRawFiles() accepts more columns, any order, quotes, a byte order mark", () =>
  inFolder(async (folder) => {
    const stores = encode('\uFEFF"Size","Type",Extra,"Store"\r\n151315,A,x,1\r\n');
    await write(folder, { ...FILES, "stores.csv": stores });
    assert.deepEqual((await readRawFiles(folder)).get("stores.csv"), stores);
  }));

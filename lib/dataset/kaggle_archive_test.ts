import assert from "node:assert/strict";
import fc from "fast-check";
import { zipSync } from "fflate";
import { UserError } from "../errors.ts";
import { findCsv, isZip } from "./kaggle_archive.ts";

const CSV = new TextEncoder().encode("Store,Type,Size\n" + "1,A,151315\n".repeat(50));
const OTHER = new TextEncoder().encode("other\n");

Deno.test("findCsv() finds a CSV in the archive, in a folder of it and in a zip of its own", () => {
  for (
    const zip of [
      zipSync({ "stores.csv": CSV, "test.csv": OTHER }),
      zipSync({ "walmart/data/stores.csv": CSV }),
      zipSync({ "walmart\\stores.csv": CSV }),
      zipSync({ "stores.csv.zip": zipSync({ "stores.csv": CSV }), "test.csv.zip": OTHER }),
      zipSync({ "walmart/stores.csv.zip": zipSync({ "deep/stores.csv": CSV }) }),
      zipSync({ "stores.csv": CSV, "stores.csv.zip": zipSync({ "stores.csv": OTHER }) }),
      zipSync({ "stores.csv": CSV, "__MACOSX/stores.csv": OTHER }),
      zipSync({ "stores.csv": [CSV, { level: 0 }] }),
    ]
  ) {
    assert.deepEqual(findCsv(zip, "kaggle.zip", "stores.csv"), CSV);
  }
});

Deno.test("findCsv() gives nothing for a name that is not there or only similar", () => {
  const zip = zipSync({ "mystores.csv": OTHER, "stores.csv.bak": OTHER, "stores.csv/x": OTHER });
  assert.equal(findCsv(zip, "kaggle.zip", "stores.csv"), undefined);
});

Deno.test("findCsv() takes a member that climbs out of its folder by its content only", () => {
  assert.deepEqual(findCsv(zipSync({ "../../stores.csv": CSV }), "a.zip", "stores.csv"), CSV);
});

Deno.test("findCsv() reads an archive behind other bytes' view and with a comment", () => {
  const zip = zipSync({ "stores.csv": CSV });
  const framed = new Uint8Array(zip.length + 15);
  framed.set(zip, 5);
  framed[5 + zip.length - 2] = 10;
  assert.deepEqual(findCsv(framed.subarray(5), "a.zip", "stores.csv"), CSV);
});

Deno.test("findCsv() refuses a name that is there twice", () => {
  const zip = zipSync({ "a/stores.csv": CSV, "b/stores.csv": OTHER });
  assert.throws(
    () => findCsv(zip, "kaggle.zip", "stores.csv"),
    new UserError(
      "kaggle.zip holds stores.csv more than once: a/stores.csv and b/stores.csv. " +
        "Unzip it and give the folder you mean.",
    ),
  );
});

Deno.test("findCsv() refuses a member that unpacks to too much, before it unpacks", () => {
  const zip = zipSync({ "stores.csv": new Uint8Array(3 * 1_048_576) });
  assert.throws(
    () => findCsv(zip, "a.zip", "stores.csv", 2 * 1_048_576),
    new UserError(
      "a.zip: stores.csv unpacks to 3 MB, but at most 2 MB are read from a zip. " +
        "Unzip it and give the folder.",
    ),
  );
});

Deno.test("findCsv() unpacks no more than the size that a member claims", () => {
  const zip = zipSync({ "stores.csv": new Uint8Array(1_048_576) });
  new DataView(zip.buffer).setUint32(directoryOf(zip) + 24, 10, true);
  assert.throws(() => findCsv(zip, "a.zip", "stores.csv"), /stores\.csv is damaged/);
});

Deno.test("findCsv() refuses an encrypted member", () => {
  const zip = zipSync({ "stores.csv": CSV });
  new DataView(zip.buffer).setUint16(directoryOf(zip) + 8, 1, true);
  assert.throws(() => findCsv(zip, "a.zip", "stores.csv"), /stores\.csv is encrypted\. Unzip it/);
});

Deno.test("findCsv() refuses what is not a whole zip", () => {
  const zip = zipSync({ "stores.csv": CSV });
  for (const part of [zip.subarray(0, zip.length - 1), zip.subarray(40), new Uint8Array(0)]) {
    assert.throws(() => findCsv(part, "a.zip", "stores.csv"), /a\.zip is no whole zip file/);
  }
});

Deno.test("findCsv() names an inner zip that is damaged or lacks its CSV", () => {
  assert.throws(
    () => findCsv(zipSync({ "stores.csv.zip": OTHER }), "a.zip", "stores.csv"),
    /a\.zip\/stores\.csv\.zip is no whole zip file/,
  );
  assert.throws(
    () => findCsv(zipSync({ "stores.csv.zip": zipSync({}) }), "a.zip", "stores.csv"),
    /a\.zip\/stores\.csv\.zip does not hold stores\.csv/,
  );
});

Deno.test("findCsv() gives the true bytes or a UserError, whichever byte of a zip is changed", () => {
  const zip = zipSync({ "stores.csv.zip": zipSync({ "stores.csv": CSV }) });
  fc.assert(
    fc.property(
      fc.nat(zip.length - 1),
      fc.integer({ min: 1, max: 255 }),
      (position, change) => {
        const damaged = zip.slice();
        damaged[position]! ^= change;
        try {
          const found = findCsv(damaged, "a.zip", "stores.csv");
          if (found !== undefined) assert.deepEqual(found, CSV);
        } catch (error) {
          assert(error instanceof UserError, String(error));
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

Deno.test("isZip() knows a zip by its first bytes", () => {
  assert.equal(isZip(zipSync({ "a": CSV })), true);
  assert.equal(isZip(zipSync({})), true);
  assert.equal(isZip(new TextEncoder().encode("<!DOCTYPE html>")), false);
  assert.equal(isZip(new Uint8Array(0)), false);
});

/** Where the directory's first entry starts. */
function directoryOf(zip: Uint8Array): number {
  return new DataView(zip.buffer).getUint32(zip.length - 22 + 16, true);
}

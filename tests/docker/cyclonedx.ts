import assert from "node:assert/strict";
import { Ajv } from "ajv";

const SCHEMAS = "node_modules/@cyclonedx/cyclonedx-library/res/schema";

/** Asserts that a text is a bill of materials by CycloneDX's own schema, and returns its purls. */
export async function assertBill(text: string): Promise<string[]> {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const name of ["bom-1.6", "jsf-0.82", "spdx"]) {
    const file = `${name}.SNAPSHOT.schema.json`;
    const schema = JSON.parse(await Deno.readTextFile(`${SCHEMAS}/${file}`));
    // They refer to each other by their files.
    ajv.addSchema(schema, `http://cyclonedx.org/schema/${file}`);
  }
  const validate = ajv.getSchema("http://cyclonedx.org/schema/bom-1.6.SNAPSHOT.schema.json")!;
  const bill = JSON.parse(text);
  assert.equal(validate(bill), true, JSON.stringify(validate.errors));
  return bill.components.map(({ purl }: { purl: string }) => purl);
}

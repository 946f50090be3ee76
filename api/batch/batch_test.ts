import assert from "node:assert/strict";
import { readRecords } from "../../lib/features/read_records.ts";
import { forecast } from "../../lib/model/predict.ts";
import { testModel, testRecord } from "../testing.ts";
import { addedNames, isBroken, predictRows } from "./batch.ts";

Deno.test("addedNames() has the forecast, then the bounds of each level", () => {
  assert.deepEqual(addedNames([]), ["prediction"]);
  assert.deepEqual(addedNames([0.9, 0.8]), [
    "prediction",
    "lower_90",
    "upper_90",
    "lower_80",
    "upper_80",
  ]);
});

Deno.test("predictRows() leaves out rows with errors, and adds those whose week does not exist", async () => {
  const model = await testModel("rf");
  const records = [
    await testRecord(),
    await testRecord({ Week: 10 }),
    await testRecord({ Week: 53, Year: 2011, Month: 12 }),
    await testRecord({ Week: 11 }),
  ];
  const { columns } = readRecords(records);
  const failed = new Map([[1, [{ record: 1, code: "missing" as const, message: "" }]]]);
  const [found] = predictRows({ model, levels: [] }, columns, 4, failed);
  assert.deepEqual([...failed.keys()], [1, 2]);
  assert.equal(failed.get(2)![0]!.code, "no_such_week");
  for (const row of [0, 3]) {
    const alone = forecast(model, readRecords([records[row]]).columns).predictions[0];
    assert.equal(found![row], alone);
  }
});

Deno.test("isBroken() finds zero bytes and bytes that are no UTF-8", () => {
  assert.ok(!isBroken("é🍎\n"));
  assert.ok(isBroken("a\0b\0"));
  assert.ok(isBroken(new TextDecoder().decode(Uint8Array.of(0x63, 0xe9))));
});

import assert from "node:assert/strict";
import { readRecords } from "../../lib/features/read_records.ts";
import { FEATURES } from "../../lib/features/table.ts";
import { forecast } from "../../lib/model/predict.ts";
import { inApi, modelText, testModel, testRecord } from "../testing.ts";

Deno.test("POST /predict answers what forecast() makes, in order, by the model that is named", () =>
  inApi(["rf", "gbr"], async ({ post, store }) => {
    const records = await Promise.all([{}, { Week: 10 }, { Store: 9999 }].map(testRecord));
    for (const name of ["rf", "gbr"] as const) {
      const { predictions } = forecast(await testModel(name), readRecords(records).columns);
      const response = await post("/predict", { model_name: name, records });
      const { version } = store.current.served.get(name)!;
      assert.equal(response.headers.get("x-model-version"), version);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.deepEqual(await response.json(), {
        model_name: name,
        model_version: version,
        predictions: Array.from(predictions),
      });
    }
    const unnamed = await (await post("/predict", { records })).json();
    assert.equal(unnamed.model_name, "gbr");
  }));

Deno.test("POST /predict adds the intervals that are asked for", () =>
  inApi(["rf"], async ({ post }) => {
    const records = [await testRecord(), await testRecord({ Week: 10 })];
    const body = await (await post("/predict", { records, intervals: [90] })).json();
    assert.deepEqual(body.intervals.map(({ level }: { level: number }) => level), [90]);
    for (const [i, prediction] of body.predictions.entries()) {
      const { lower, upper } = body.intervals[0];
      assert.ok(lower[i] < prediction && prediction < upper[i]);
    }
    const both = await (await post("/predict", { records, intervals: true })).json();
    assert.deepEqual(both.intervals[1], body.intervals[0]);
  }));

Deno.test("POST /predict takes what the feature table lets be missing, and 0/1 for flags", () =>
  inApi(["rf"], async ({ post }) => {
    const record = await testRecord();
    const { predictions: [wanted] } = await (await post("/predict", { records: [record] })).json();
    const optional = FEATURES.filter(({ missing }) => missing === "keep").map(({ name }) => name);
    const short = Object.fromEntries(
      Object.entries(record).filter(([name]) => !(optional as string[]).includes(name)),
    );
    const same = [
      short,
      { ...short, ...Object.fromEntries(optional.map((name) => [name, null])) },
      { ...record, IsHoliday: record.IsHoliday ? 1 : 0 },
      { ...record, Store: 1.0 },
      { ...record, CPI: 1e2, Temperature: -1e-7 },
    ];
    const response = await post("/predict", { records: same });
    assert.deepEqual((await response.json()).predictions, same.map(() => wanted));
  }));

Deno.test("POST /predict tells every wrong value by record and field", () =>
  inApi(["rf"], async ({ app, post }) => {
    const bad: [
      values: Record<string, unknown> | unknown[],
      field: string | undefined,
      code: string,
    ][] = [
      [{ Store: "1" }, "Store", "wrong_type"],
      [{ Store: null }, "Store", "missing"],
      [{ Store: 1.5 }, "Store", "not_integer"],
      [{ Store: -1 }, "Store", "out_of_range"],
      [{ Store: true }, "Store", "wrong_type"],
      [{ Store: [1] }, "Store", "wrong_type"],
      [{ Store: { valueOf: 1 } }, "Store", "wrong_type"],
      [{ IsHoliday: 2 }, "IsHoliday", "not_in_list"],
      [{ IsHoliday: "true" }, "IsHoliday", "wrong_type"],
      [{ Type: "a" }, "Type", "not_in_list"],
      [{ Type: 0 }, "Type", "wrong_type"],
      [{ CPI: "" }, "CPI", "wrong_type"],
      [{ Temperature: 151 }, "Temperature", "out_of_range"],
      [{ Week: 54 }, "Week", "out_of_range"],
      [{ Colour: 1 }, "Colour", "unknown_field"],
      [{ constructor: 1 }, "constructor", "unknown_field"],
      [{ toString: null }, "toString", "unknown_field"],
      [[], undefined, "not_a_record"],
    ];
    const records = await Promise.all(
      bad.map(([values]) => Array.isArray(values) ? values : testRecord(values)),
    );
    const response = await post("/predict", { records });
    assert.equal(response.status, 422);
    const { detail, errors } = await response.json();
    assert.deepEqual(
      errors.map(({ record, field, code }: Record<string, unknown>) => [record, field, code]),
      bad.map(([, field, code], i) => [i, field, code]),
    );
    assert.equal(
      detail,
      `Record 0: Expected a whole number from 1 to 9999 for Store, but found "1" (and ${
        bad.length - 1
      } more).`,
    );
    assert.equal(response.headers.get("x-model-version"), null);

    // What JSON.stringify() does not write.
    const text = JSON.stringify({ records: [await testRecord()] });
    const send = (body: string) =>
      app.request("/predict", {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
    const coded: [body: string, status: number, code?: string][] = [
      [text.replace('"CPI":null', '"CPI":1e999'), 422, "out_of_range"],
      [text.replace('"CPI":null', '"CPI":-1e999'), 422, "out_of_range"],
      [text.replace('"CPI":null', '"CPI":NaN'), 400],
      [text.replace('"CPI":null', '"CPI":Infinity'), 400],
      [text.replace('"CPI":null', '"CPI":null,"__proto__":{"CPI":1}'), 422, "unknown_field"],
      [text.replace('"Store":1', '"__proto__":{"Store":1}'), 422, "missing"],
      [text.replace('"CPI":null', '"CPI":"x","CPI":100'), 200],
      [text.replace('"CPI":null', '"CPI":100,"CPI":"x"'), 422, "wrong_type"],
      [
        text.replace('"CPI":null', `"CPI":${"[".repeat(100_000)}${"]".repeat(100_000)}`),
        422,
        "wrong_type",
      ],
      [`{"records":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, 422, "not_a_record"],
      [`{"records":${'[{"Store":'.repeat(50_000)}1${"}]".repeat(50_000)}}`, 422, "wrong_type"],
    ];
    for (const [body, status, code] of coded) {
      const response = await send(body);
      assert.equal(response.status, status, body.slice(0, 300));
      if (code) assert.equal((await response.json()).errors[0].code, code, body.slice(0, 300));
    }
  }));

Deno.test("POST /predict tells of weeks that a year does not have", () =>
  inApi(["rf"], async ({ post }) => {
    const record = await testRecord({ Week: 53, Year: 2011, Month: 12 });
    const response = await post("/predict", { records: [record] });
    assert.equal(response.status, 422);
    const { detail, errors } = await response.json();
    assert.equal(
      detail,
      "Record 0: Expected a week that the year 2011 has for Week, but found 53.",
    );
    assert.deepEqual(errors[0].code, "no_such_week");
  }));

Deno.test("POST /predict refuses models that there are not, and what is too much", async () => {
  await inApi(["rf", "gbr"], async ({ post }) => {
    const records = [await testRecord()];
    const unknown = await post("/predict", { records, model_name: "none" });
    assert.equal(unknown.status, 404);
    assert.equal((await unknown.json()).detail, 'There is no model "none". There are gbr and rf.');
    assert.equal((await post("/predict", { records: [...records, ...records] })).status, 413);
    const long = await post("/predict", { records, model_name: "x".repeat(2000) });
    assert.equal(long.status, 413);
  }, { MAX_RECORDS: "1", MAX_BODY_BYTES: "1000" });
  await inApi([], async ({ post }) => {
    const response = await post("/predict", { records: [await testRecord()] });
    assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "10"]);
  });
});

Deno.test("POST /predict ends on the model with which it began", () =>
  inApi(["rf"], async ({ post, store, write }) => {
    const records = Array(10_000).fill(await testRecord());
    const { predictions } = forecast(await testModel("rf"), readRecords([records[0]]).columns);
    const { version } = store.current.served.get("rf")!;
    const answer = post("/predict", { records });
    await write("rf.json", await modelText("gbr"));
    // Between two turns of the request.
    setTimeout(() => store.refresh(), 0);
    const body = await (await answer).json();
    assert.deepEqual([...new Set(body.predictions)], [predictions[0]]);
    assert.equal(body.model_version, version);
    await store.refresh();
    const next = await (await post("/predict", { records: records.slice(0, 1) })).json();
    assert.notEqual(next.model_version, version);
    assert.notEqual(next.predictions[0], predictions[0]);
  }));

Deno.test("POST /predict has room for so many bytes of all bodies at once, and answers 429 beyond", () =>
  inApi(["rf"], async ({ app, post }) => {
    // Announced as long ones, of which nothing or a part comes.
    const open = (bytes: number) => {
      let controller!: ReadableStreamDefaultController<Uint8Array>;
      const body = new ReadableStream<Uint8Array>({
        start: (given) => {
          controller = given;
          if (bytes > 0) controller.enqueue(new Uint8Array(bytes).fill(32));
        },
      });
      const headers = { "content-type": "application/json", "content-length": "200000" };
      const answer = app.request("/predict", { method: "POST", headers, body });
      return { close: () => controller.close(), answer };
    };
    const silent = [1, 2, 3, 4].map(() => open(0));
    const first = open(200_000), second = open(199_000);
    const beyond = open(2_000);
    beyond.close();
    const { status, headers } = await beyond.answer;
    assert.deepEqual([status, headers.get("retry-after")], [429, "1"]);
    // Small ones, which cost no more than their connection, are answered all the while.
    const small = () => post("/predict", { records: [] });
    assert.equal((await small()).status, 422);
    first.close();
    assert.equal((await first.answer).status, 400);
    const third = open(2_000);
    third.close();
    assert.equal((await third.answer).status, 400);
    for (const { close, answer } of [second, ...silent]) {
      close();
      assert.equal((await answer).status, 400);
    }
  }, { MAX_BODY_BYTES: "200000" }));

import assert from "node:assert/strict";
import { Problem } from "./problem.ts";
import { levelOf, PERCENTS, readPredictRequest } from "./predict_request.ts";

Deno.test("readPredictRequest() reads models, records and options", () => {
  const records = [{}, 1];
  assert.deepEqual(readPredictRequest({ records }, 2), {
    modelName: undefined,
    records,
    levels: [],
    contributions: false,
  });
  assert.equal(readPredictRequest({ records, model_name: "rf" }, 2).modelName, "rf");
  assert.equal(readPredictRequest({ records, model_name: null }, 2).modelName, undefined);
  const levels = (intervals: unknown) => readPredictRequest({ records, intervals }, 2).levels;
  for (const none of [undefined, null, false, []]) assert.deepEqual(levels(none), []);
  assert.deepEqual(levels(true), [0.8, 0.9]);
  assert.deepEqual(levels([90, 80]), [0.9, 0.8]);
  assert.equal(readPredictRequest({ records, contributions: true }, 2).contributions, true);
});

Deno.test("readPredictRequest() refuses what is no request, naming each field", () => {
  const records = [{}];
  const cases: [body: unknown, errors: [field: string, code: string][]][] = [
    [{}, [["records", "missing"]]],
    [{ records: null }, [["records", "wrong_type"]]],
    [{ records: {} }, [["records", "wrong_type"]]],
    [{ records: [] }, [["records", "missing"]]],
    [{ records, model_name: 1 }, [["model_name", "wrong_type"]]],
    [{ records, intervals: [80, 80] }, [["intervals", "wrong_type"]]],
    [{ records, intervals: [50] }, [["intervals", "wrong_type"]]],
    [{ records, intervals: ["80"] }, [["intervals", "wrong_type"]]],
    [{ records, intervals: 80 }, [["intervals", "wrong_type"]]],
    [{ records, contributions: 1 }, [["contributions", "wrong_type"]]],
    [{ model_name: {}, more: 1, constructor: 2 }, [
      ["model_name", "wrong_type"],
      ["records", "missing"],
      ["more", "unknown_field"],
      ["constructor", "unknown_field"],
    ]],
    [JSON.parse('{"records": [{}], "__proto__": {"model_name": "x"}}'), [
      ["__proto__", "unknown_field"],
    ]],
  ];
  for (const [body, errors] of cases) {
    assert.throws(() => readPredictRequest(body, 10), (error) => {
      assert.ok(error instanceof Problem && error.status === 422);
      assert.deepEqual(error.options.errors!.map(({ field, code }) => [field, code]), errors);
      assert.equal(error.message, error.options.errors![0]!.message);
      return true;
    }, JSON.stringify(body));
  }
  for (const body of [null, [], "text", 1, true]) {
    assert.throws(() => readPredictRequest(body, 10), /^Problem: Expected an object with records/);
  }
});

Deno.test("readPredictRequest() tells at most 100 errors", () => {
  const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, 1]));
  assert.throws(
    () => readPredictRequest(fields, 1),
    (error) => error instanceof Problem && error.options.errors!.length === 100,
  );
});

Deno.test("readPredictRequest() refuses more records than the limits", () => {
  const records = (count: number) => Array(count).fill({});
  readPredictRequest({ records: records(3) }, 3);
  readPredictRequest({ records: records(100), contributions: true }, 1000);
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ records: records(4) }, /at most 3 records.*found 4\. .*\/predict\/batch/],
    [{ records: records(4), contributions: true }, /at most 3 records.* for contributions/],
  ];
  for (const [body, message] of cases) {
    assert.throws(
      () => readPredictRequest(body, 3),
      (error: Error) =>
        error instanceof Problem && error.status === 413 && message.test(error.message),
    );
  }
  assert.throws(
    () => readPredictRequest({ records: records(101), contributions: true }, 1000),
    /^Problem: Expected at most 100 records/,
  );
});

Deno.test("levelOf() finds the levels of PERCENTS and no others", () => {
  assert.deepEqual(PERCENTS, [80, 90]);
  assert.deepEqual(PERCENTS.map(levelOf), [0.8, 0.9]);
  for (const other of [0.8, "80", 95, NaN, null]) assert.equal(levelOf(other), undefined);
});

import assert from "node:assert/strict";
import { deflateSync, inflateSync } from "node:zlib";
import { UserError } from "../errors.ts";
import { type CandidateName, CANDIDATES } from "../candidates.ts";
import { smallSales } from "../evaluation/testing.ts";
import { type FeatureColumns, LEARNED_FEATURES } from "../features/table.ts";
import { sha256 } from "../hash.ts";
import { compactOutlook } from "../history/compact_outlook.ts";
import { completeOutlook } from "../history/outlook.ts";
import { historyOf } from "../history/sales_history.ts";
import { calibrate } from "../intervals/conformal.ts";
import { fit, LEAF, MISSING_LEFT } from "../trees/mod.ts";
import { createRandom } from "../trees/random.ts";
import { blendCorrections, type Correction, NO_CORRECTION } from "./fit_trees.ts";
import { documentSchema } from "./document_schema.ts";
import { decodeModel, encodeModel } from "./json.ts";
import { storeFactsOf } from "./store_facts.ts";
import type { Model } from "./model.ts";
import { pack } from "./compress.ts";
import { differencesToBytes, toBytes, unpack } from "./pack.ts";
import { forecast } from "./predict.ts";
import { comparable, FIRST_DAY } from "./testing.ts";
import { trainingRows } from "./training_rows.ts";
import { isWritten } from "./written_document.ts";

const tree = {
  n_estimators: 4,
  max_depth: null,
  max_leaf_nodes: null,
  min_samples_leaf: 2,
  max_features: 0.7,
  max_bins: 255,
  random_state: 7,
};

const parameters: Required<Model["training"]["parameters"]> = {
  seasonal: { rank: 2 },
  folds: { count: 3, step_weeks: 8, horizon_weeks: 39 },
  rf: { ...tree, bootstrap: true, max_samples: 1 },
  gbr: { ...tree, loss: "squared_error", alpha: 0.9, learning_rate: 0.1, subsample: 1 },
  shares: { rf: 0.25, gbr: 0.5 },
};

/** What corrects the forecast, learned from made up sales, by candidate. */
function makeCorrections(): Record<CandidateName, Correction> {
  const rows = trainingRows(smallSales(80), 2, 39);
  const learn = (learner: Parameters<typeof fit>[1]): Correction => {
    const { ensemble, importance } = fit(rows, learner);
    const features = LEARNED_FEATURES.map(({ name }) => name);
    return {
      features,
      ensemble,
      importance: Object.fromEntries(features.map((name, i) => [name, importance[i]!])),
    };
  };
  const rf = learn({ algorithm: "random_forest", parameters: parameters.rf });
  const gbr = learn({ algorithm: "gradient_boosting", parameters: parameters.gbr });
  return {
    seasonal: NO_CORRECTION,
    rf,
    gbr,
    blend: blendCorrections({ rf, gbr }, parameters.shares),
  };
}

const corrections = makeCorrections();

function makeModel(name: CandidateName): { model: Model; columns: FeatureColumns } {
  const sales = smallSales(80);
  const metrics = { rmse: 1.5, mae: 1, wmae: 1.25, r2: 0.5, bias: -0.25, n: 300 };
  const { features, ensemble, importance } = corrections[name];
  const model: Model = {
    name,
    features,
    ensemble,
    outlook: completeOutlook(compactOutlook(historyOf(sales), 2)),
    stores: storeFactsOf(sales.features),
    intervals: calibrate({
      residuals: sales.sales.map((value) => value - 1000),
      horizons: sales.sales.map((_, row) => 1 + row % 39),
      scales: sales.sales.map((value) => 20 + Math.abs(value)),
      origins: new Uint8Array(sales.length),
    }),
    training: {
      data: { train: "0".repeat(64), validation: "1".repeat(64) },
      fitted_on: "all",
      rows: sales.length,
      weeks: { first: "2010-02-05", last: "2011-08-12", count: 80 },
      split: { strategy: "time", validation_weeks: 1 },
      parameters,
      metrics: { train: metrics, folds: metrics, validation: metrics },
      importance,
    },
  };
  return { model, columns: sales.features };
}

Deno.test("decodeModel() gives back the model that encodeModel() took, to the last bit", async () => {
  for (const name of CANDIDATES) {
    const { model, columns } = makeModel(name);
    const text = await encodeModel(model);
    const decoded = await decodeModel(text);
    assert.deepEqual(comparable(decoded), comparable(model));
    assert.deepEqual(forecast(decoded, columns), forecast(model, columns));
    assert.equal(await encodeModel(decoded), text);
  }
});

Deno.test("decodeModel() reads a model of which nothing is said that may be missing", async () => {
  const { model } = makeModel("seasonal");
  const { seasonal, folds } = parameters;
  model.training.parameters = { seasonal, folds };
  model.training.metrics = { validation: model.training.metrics.validation };
  assert.deepEqual(model.features, []);
  const text = await encodeModel(model);
  assert.deepEqual(comparable(await decodeModel(text)), comparable(model));
  assert.doesNotMatch(text, /"(rf|gbr|shares)":/);
});

Deno.test("decodeModel() refuses a text cut off anywhere", async () => {
  const text = await encodeModel(makeModel("rf").model);
  const random = createRandom(1);
  for (let i = 0; i < 50; i++) {
    const cut = text.slice(0, random.integer(text.length - 2));
    await assert.rejects(decodeModel(cut, "rf.json"), /^UserError: rf\.json .*breaks off/);
  }
});

Deno.test("decodeModel() refuses a text with any character changed that changes the model", async () => {
  const { model } = makeModel("gbr");
  const text = await encodeModel(model);
  const random = createRandom(2);
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const at = random.integer(text.length);
    const character = String.fromCharCode(33 + random.integer(90));
    if (text[at] === character || text[at]!.trim() === "") continue;
    const edited = text.slice(0, at) + character + text.slice(at + 1);
    // The last bits of base64 and zlib's own checksum carry nothing: there a change is none.
    const decoded = await decodeModel(edited).catch((error) => {
      assert.ok(error instanceof UserError, `at ${at}: ${error}`);
    });
    if (decoded) assert.deepEqual(comparable(decoded), comparable(model), `at ${at}`);
    else refused++;
  }
  assert.ok(refused > 200);
});

Deno.test("decodeModel() says foreign, newer or edited", async () => {
  const text = await encodeModel(makeModel("rf").model);
  const change = (key: string, value: unknown) =>
    JSON.stringify({ ...JSON.parse(text), [key]: value });
  const refuses = (text: string, message: RegExp) =>
    assert.rejects(decodeModel(text, "x.json"), message);
  await refuses("[]", /x\.json is not a model of this project: .* found none/);
  await refuses("null", /is not a model of this project/);
  await refuses(change("format", "onnx"), /found "onnx"/);
  await refuses(
    change("version", 5),
    /has version 5, but this program reads version 4\. Update/,
  );
  await refuses(
    change("version", 3),
    /has version 3, but this program reads version 4\. Train it anew/,
  );
  await refuses(change("name", "gbr"), /does not match its checksum/);
  await refuses(change("name", "other"), /x\.json is damaged: name: /);
  await refuses(change("ensemble", {}), /x\.json is damaged: ensemble\.combine/);
});

/**
 * Written by hand, so that its file depends on nothing but the code here and on what of an outlook
 * the file holds.
 */
const handmade: Model = {
  name: "gbr",
  features: ["Store", "Size", "Lag_52"],
  ensemble: {
    combine: "sum",
    base: 15_981.25,
    leafStep: 0.25,
    features: [
      { kind: "category", categories: Float64Array.of(1, 2, 4, 10, 20, 35, 36, 45) },
      { kind: "number", edges: Float64Array.of(39_690.5, 151_315) },
      { kind: "number", edges: Float64Array.of(-0.5, 0, 1.25) },
    ],
    roots: Uint32Array.of(0, 7, 8, 11),
    nodes: {
      feature: Uint8Array.of(0, 1, LEAF, LEAF, 2, LEAF, LEAF, LEAF, 0, LEAF, LEAF),
      split: Uint32Array.of(0, 2, 0, 0, 1 + MISSING_LEFT, 0, 0, 0, 2, 0, 0),
      right: Uint32Array.of(4, 3, 0, 0, 6, 0, 0, 0, 10, 0, 0),
      value: Float32Array.of(0, 0, -12_000.25, 300, 0, 7, 40_000.5, 0, 0, 1, -1),
      cover: Uint32Array.of(0, 0, 40, 90, 0, 20, 150, 300, 0, 299, 1),
      sets: Uint8Array.of(0b1000_0101, 1, 0b0000_0010, 0),
    },
  },
  outlook: completeOutlook({
    history: {
      firstDay: FIRST_DAY,
      weeks: 5,
      stores: Uint16Array.of(1, 1, 45),
      departments: Uint16Array.of(7, 92, 3),
      // deno-fmt-ignore
      sales: Float64Array.of(
        21_500, 40_250, 33_333, NaN, 18_000,
        NaN, NaN, -12, 0, 350,
        NaN, NaN, NaN, NaN, NaN,
      ),
    },
    // deno-fmt-ignore
    seasonal: Float64Array.of(
      44_000, 41_000, 20_000, 21_000,
      5, -7, 3, 340,
      0, 0, 120, 130,
    ),
  }),
  stores: new Map([[1, { type: 0, size: 151_315 }], [2, { type: 2, size: 42_988 }]]),
  intervals: {
    horizons: [4, 13],
    scales: [500.5],
    widths: [[[0.25, 0.125], [0.375, 0.1875], [0.5, 0.25]], [[0.75, 0.5], [1, 0.625], [1.5, 1]]],
  },
  training: {
    data: { train: "0".repeat(64), validation: "1".repeat(64) },
    fitted_on: "train",
    rows: 300,
    weeks: { first: "2010-02-05", last: "2010-02-12", count: 2 },
    split: { strategy: "time", validation_weeks: 1 },
    parameters,
    metrics: {
      train: { rmse: 1.5, mae: 1, wmae: 1.25, r2: 0.5, bias: -0.25, n: 300 },
      folds: { rmse: 3.5, mae: 3, wmae: 3.25, r2: 0.75, bias: -0.125, n: 200 },
      validation: { rmse: 2.5, mae: 2, wmae: 2.25, r2: 0.25, bias: 0.125, n: 150 },
    },
    importance: { Store: 0.75, Size: 0.125, Lag_52: 0.125 },
  },
};

// deno-lint-ignore no-explicit-any -- files of any shape are what these tests are about.
type Json = any;

/** The handmade model's file as JSON, after a change. */
async function changed(change: (document: Json) => unknown): Promise<Json> {
  const document = JSON.parse(await encodeModel(handmade));
  change(document);
  return document;
}

/** Puts the right checksum on a document, by README.md alone: who edits a file can do so as well. */
async function seal(document: Json): Promise<string> {
  const parts: Uint8Array[] = [];
  const take = (packed: string) => {
    parts.push(inflateSync(Uint8Array.fromBase64(packed)));
  };
  const { checksum: _, ...plain } = structuredClone(document);
  for (const { values, threshold, missing_left, sets } of plain.features) {
    [values, threshold, missing_left, sets].forEach(take);
  }
  plain.features = plain.features.map(({ name, kind }: Json) => ({ name, kind }));
  const takeFrom = (section: Json, fields: string[]) => {
    for (const field of fields) {
      take(section[field]);
      delete section[field];
    }
  };
  takeFrom(plain.ensemble, ["feature", "value", "cover"]);
  takeFrom(plain.outlook, ["stores", "departments", "known", "sales", "seasonal"]);
  parts.unshift(new TextEncoder().encode(JSON.stringify(plain)));
  parts.unshift(new TextEncoder().encode(JSON.stringify(parts.map(({ length }) => length))));
  const digest = await sha256(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()));
  return JSON.stringify({ ...document, checksum: `sha256:${digest}` });
}

const same = comparable(handmade);

/** Checks that a text is refused in one short line, or is the handmade model to the last bit. */
async function checkRefusedOrSame(text: string, what: string): Promise<"refused" | "same"> {
  try {
    assert.deepEqual(comparable(await decodeModel(text, "x.json")), same, what);
    return "same";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assert.match(error.message, /^x\.json (is|has|breaks) [^\p{C}]{1,300}\.$/u, what);
    return "refused";
  }
}

/** Path of every field of a document, those of arrays and objects among them. */
function pathsOf(value: Json, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.keys(value).flatMap((key) => pathsOf(value[key], [...path, key]));
  return path.length > 0 ? [path, ...below] : below;
}

/** The object that holds the field at `path`. */
function holder(document: Json, path: string[]): Json {
  return path.slice(0, -1).reduce((value, key) => value[key], document);
}

Deno.test("encodeModel() writes the same bytes as ever", async () => {
  const text = await encodeModel(handmade);
  assert.deepEqual(comparable(await decodeModel(text)), same);
  // Another digest is another format: then VERSION has to rise, and README.md to say so.
  assert.equal(
    await sha256(text),
    "19023fd4f53a41e59329a6612ea13d2a37242a79bf008f637d7dbca6743599c9",
  );
});

Deno.test("encodeModel() takes the checksum as README.md says", async () => {
  const document = await changed(() => {});
  assert.equal(await seal(document), JSON.stringify(document));
});

Deno.test("decodeModel() refuses a file with a bit flipped in any byte, or reads the same model", async () => {
  const bytes = new TextEncoder().encode(await encodeModel(handmade));
  let unchanged = 0;
  for (let at = 0; at < bytes.length; at++) {
    const edited = bytes.slice();
    edited[at] = edited[at]! ^ 1 << at % 8;
    const text = new TextDecoder().decode(edited);
    if (await checkRefusedOrSame(text, `byte ${at}`) === "same") unchanged++;
  }
  // White space to other white space, and bits of base64 that mean nothing.
  assert.ok(unchanged < bytes.length / 50, `${unchanged} of ${bytes.length}`);
});

Deno.test("decodeModel() refuses a file cut off at any place", async () => {
  const text = await encodeModel(handmade);
  for (let length = 0; length < text.length - 1; length++) {
    assert.equal(await checkRefusedOrSame(text.slice(0, length), `cut at ${length}`), "refused");
  }
});

Deno.test("decodeModel() refuses any field that is removed, of another type, or another value", async () => {
  const document = await changed(() => {});
  const others = [null, true, 0, -1, 1.5, 2 ** 53, "", "AAAA", "eJwDAAAAAAE=", [], {}, [[]], [
    null,
  ]];
  for (const path of pathsOf(document)) {
    const key = path.at(-1)!;
    const original = JSON.stringify(holder(document, path)[key]);
    const removed = structuredClone(document);
    if (Array.isArray(holder(removed, path))) holder(removed, path).splice(Number(key), 1);
    else delete holder(removed, path)[key];
    const what = path.join(".");
    assert.equal(await checkRefusedOrSame(JSON.stringify(removed), what), "refused", what);
    for (const other of others) {
      if (JSON.stringify(other) === original) continue;
      const edited = structuredClone(document);
      holder(edited, path)[key] = other;
      const outcome = await checkRefusedOrSame(JSON.stringify(edited), what);
      // Nothing, in another spelling of base64.
      if (other !== "eJwDAAAAAAE=") assert.equal(outcome, "refused", `${what}: ${other}`);
    }
  }
});

Deno.test("isWritten() knows what encodeModel() writes, and nothing that the schema refuses or changes", async () => {
  for (const name of CANDIDATES) {
    assert.equal(isWritten(JSON.parse(await encodeModel(makeModel(name).model))), true, name);
  }
  const random = { strategy: "random", validation_fraction: 0.2, seed: 7 };
  const bare = await changed(({ training }) => {
    training.split = random;
    training.parameters = { seasonal: { rank: 1 }, folds: parameters.folds };
    delete training.metrics.folds;
  });
  assert.equal(isWritten(bare), true);
  const infinite = JSON.parse("1e999");
  // deno-fmt-ignore
  const others = [
    null, true, "", "A", "time", "rf", "number", "Dept", "2011-02-29", "2012-02-29", [], [1], {}, [[]],
    -1, 0, 1, 2, 3, 52, 53, 255, 256, 1000, 1001, 10_001, 2 ** 32, 2 ** 53, 0.5, 1.5, 2 ** -121, 2 ** 97,
    -infinite, infinite, random, { a: 1 },
  ];
  let taken = 0;
  const compare = (edited: Json, what: string) => {
    if (!isWritten(edited)) return;
    taken++;
    const { success, data } = documentSchema.safeParse(edited);
    assert.ok(success, what);
    assert.equal(JSON.stringify(data), JSON.stringify(edited), what);
  };
  for (const document of [await changed(() => {}), bare]) {
    for (const path of pathsOf(document)) {
      const key = path.at(-1)!, what = path.join(".");
      const edit = (change: (inside: Json) => unknown) => {
        const edited = structuredClone(document);
        change(holder(edited, path));
        compare(edited, what);
      };
      for (const other of others) edit((inside) => inside[key] = other);
      // Removed, with another beside it, and moved behind the others.
      edit((inside) => Array.isArray(inside) ? inside.splice(Number(key), 1) : delete inside[key]);
      edit((inside) => Array.isArray(inside) ? inside.push(inside.at(-1)) : inside.other = 1);
      edit((inside) => {
        const value = inside[key];
        delete inside[key];
        inside[key] = value;
      });
    }
  }
  assert.ok(taken > 300, String(taken));
});

Deno.test("decodeModel() refuses a file with any two values swapped", async () => {
  const document = await changed(() => {});
  const paths = pathsOf(document).filter((path) => typeof holder(document, path) === "object");
  for (const a of paths) {
    for (const b of paths) {
      const [x, y] = [a, b].map((path) => JSON.stringify(holder(document, path)[path.at(-1)!]));
      const isInside = b.slice(0, a.length).join() === a.join();
      if (a.join() >= b.join() || x === y || isInside || typeof x !== typeof y) continue;
      const edited = structuredClone(document);
      holder(edited, a)[a.at(-1)!] = JSON.parse(y!);
      holder(edited, b)[b.at(-1)!] = JSON.parse(x!);
      const what = `${a.join(".")} and ${b.join(".")}`;
      assert.equal(await checkRefusedOrSame(JSON.stringify(edited), what), "refused", what);
    }
  }
});

Deno.test("decodeModel() refuses foreign, nested and huge JSON in one short line", async () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const text = await encodeModel(handmade);
  const texts = {
    empty: "",
    space: " ",
    number: "1",
    string: '"retail-demand-model"',
    page: "<!DOCTYPE html>",
    deep,
    "deep format": `{"format":${deep}}`,
    "long format": JSON.stringify({ format: "x\n".repeat(100_000) }),
    "deep training": text.replace(/"rows": 300/, `"rows": ${deep}`),
    "long key": text.replace(/"rows"/, `"${"\u2028\\n".repeat(1000)}"`),
    "version of text": text.replace(/"version": 4/, '"version": "2"'),
    "version of later": text.replace(/"version": 4/, '"version": 1e300'),
    "infinite base": text.replace("15981.25", "1e999"),
    "infinite width": text.replace("0.1875", "1e999"),
    twice: text + text,
  };
  for (const [what, other] of Object.entries(texts)) {
    assert.notEqual(other, text, what);
    assert.equal(await checkRefusedOrSame(other, what), "refused", what);
  }
});

Deno.test("decodeModel() takes nothing from __proto__", async () => {
  const text = await encodeModel(handmade);
  const starts = [...text.matchAll(/\{/g)].map(({ index }) => index + 1);
  assert.ok(starts.length > 10);
  for (const at of starts) {
    const edited = text.slice(0, at) + '"__proto__":{"weeks":1,"trees":9},' + text.slice(at);
    await checkRefusedOrSame(edited, `at ${at}`);
    // In the place of fields, they are missing.
    const renamed = text.slice(0, at) + text.slice(at).replace(/"\w+"/, '"__proto__"');
    assert.equal(await checkRefusedOrSame(renamed, `renamed at ${at}`), "refused");
  }
  assert.equal(Object.hasOwn(Object.prototype, "weeks"), false);
});

/** Checks that the handmade model is refused after a change, though the checksum is right. */
async function refuses(message: RegExp, change: (document: Json) => unknown): Promise<void> {
  const text = await seal(await changed(change));
  assert.equal(await checkRefusedOrSame(text, String(message)), "refused");
  await assert.rejects(decodeModel(text), message);
}

const bytes = (...values: number[]) => pack(Uint8Array.from(values));

Deno.test("decodeModel() refuses trees that do not fit, though the checksum is right", async () => {
  const numbers = (...values: number[]) => pack(toBytes(Float64Array.from(values)));
  const edit = (packed: string, change: (bytes: Uint8Array) => unknown) => {
    const unpacked = unpack(packed);
    change(unpacked);
    return pack(unpacked);
  };
  const store = ({ features }: Json) => features[0], size = ({ features }: Json) => features[1];

  await refuses(/Expected bytes of 8 numbers/, ({ ensemble }) => ensemble.trees = 5);
  await refuses(/Expected bytes of \d+ numbers/, ({ ensemble }) => ensemble.trees = 2 ** 53 - 1);
  await refuses(/Expected 4 whole trees/, ({ ensemble }) => ensemble.trees = 4);
  await refuses(/ensemble\.trees: /, ({ ensemble }) => ensemble.trees = 0);
  for (const step of [0, -0.25, 3, 0.3, 2 ** 90 * (1 + Number.EPSILON), 2 ** -121, 2 ** 97]) {
    await refuses(/ensemble\.leaf_step: /, ({ ensemble }) => ensemble.leaf_step = step);
  }
  for (const index of [3, 200, 254]) {
    await refuses(/some are left over/, ({ ensemble }) => {
      ensemble.feature = edit(ensemble.feature, (feature) => feature[8] = index);
    });
  }
  await refuses(/Expected 3 whole trees/, ({ ensemble }) => {
    ensemble.feature = edit(ensemble.feature, (feature) => feature.reverse());
  });
  await refuses(/Expected bytes of/, ({ ensemble }) => ensemble.feature = bytes());
  await refuses(/Expected bytes of/, ({ ensemble }) => ensemble.value = bytes(1));
  await refuses(/Expected bytes of 7 numbers/, ({ ensemble }) => ensemble.cover = bytes(1));
  await refuses(/a cover of at least 1/, ({ ensemble }) => {
    ensemble.cover = bytes(40, 90, 20, 150, 0, 200, 1);
  });

  await refuses(/thresholds below 3 and/, (document) => size(document).threshold = bytes(3));
  await refuses(/missing_left of 0 or 1/, (document) => size(document).missing_left = bytes(2));
  await refuses(/parts of splits on a number/, (document) => size(document).sets = bytes(0));
  await refuses(/splits and leaves/, (document) => {
    size(document).threshold = size(document).missing_left = bytes(0, 0);
  });
  await refuses(
    /parts of splits on a category/,
    (document) => store(document).sets = bytes(1, 1, 1),
  );
  await refuses(/parts of splits on a number/, (document) => store(document).kind = "number");
  await refuses(/parts of splits on a category/, (document) => size(document).kind = "category");

  await refuses(
    /8 bytes a number/,
    (document) => size(document).values = bytes(1, 2, 3, 4, 5, 6, 7),
  );
  for (const values of [[NaN, 1], [1, NaN], [1, 1], [2, 1]]) {
    await refuses(/ascending order/, (document) => size(document).values = numbers(...values));
    await refuses(/ascending order/, (document) => store(document).values = numbers(...values));
  }
  const many = Array.from({ length: 256 }, (_, i) => i);
  await refuses(
    /at most 255 bins/,
    (document) => size(document).values = numbers(...many.slice(1)),
  );
  await refuses(/at most 255 bins/, (document) => store(document).values = numbers(...many));

  await refuses(/features: expected each feature once/, (document) => {
    document.features.push({ ...size(document), threshold: bytes(), missing_left: bytes() });
  });
  // Without features there may be leaves, but no splits.
  await refuses(/Expected 11 splits and leaves, but found 7/, (document) => document.features = []);
});

Deno.test("decodeModel() refuses an outlook that does not fit, though the checksum is right", async () => {
  const numbers = (...values: number[]) => pack(differencesToBytes(Int32Array.from(values)));
  const refusesWith = (fields: Json, message: RegExp) =>
    refuses(message, ({ outlook }) => Object.assign(outlook, fields));
  await refusesWith({ stores: numbers(1, 2, 1) }, /in order, but series 2 is not/);
  await refusesWith({ stores: numbers(45, 1, 1) }, /in order, but series 1 is not/);
  await refusesWith({ departments: numbers(92, 7, 3) }, /in order, but series 1 is not/);
  await refusesWith({ departments: numbers(7, 7, 3) }, /in order, but series 1 is not/);
  for (const wrong of [0, -1, 10_000, 2 ** 16 + 1]) {
    await refusesWith({ stores: numbers(wrong, 45, 46) }, /in order, but series 0 is not/);
    await refusesWith({ departments: numbers(7, 92, wrong) }, /in order, but series 2 is not/);
  }
  for (const field of ["stores", "departments", "sales", "seasonal"]) {
    await refusesWith({ [field]: bytes() }, /Expected bytes of \d+ numbers, but found 0 bytes/);
    await refusesWith(
      { [field]: numbers(1, 2) },
      /Expected bytes of \d+ numbers, but found 2 bytes/,
    );
  }
  for (const length of [0, 14, 16]) {
    const known = bytes(...new Array<number>(length).fill(1));
    await refusesWith({ known }, /Expected 15 marks of known weeks/);
  }
  await refusesWith({ known: bytes(...new Array<number>(15).fill(2)) }, /marks of 0 or 1/);
  const most = Number.MAX_SAFE_INTEGER;
  await refusesWith({ weeks: most }, /Expected bytes of \d+/);
  await refusesWith({ weeks: most, seasonal_weeks: most }, /Expected bytes of \d+/);
  await refusesWith({ series: most }, /Expected bytes of \d+/);
  await refusesWith({ series: 2 }, /Expected bytes of 2 numbers/);
  await refusesWith({ weeks: 4 }, /Expected (bytes of|\d+ marks)/);
  await refusesWith({ seasonal_weeks: 3, seasonal: numbers(1, 2) }, /Expected bytes of 9 numbers/);
  await refusesWith(
    { seasonal_weeks: 6, seasonal: numbers(...new Array<number>(18).fill(1)) },
    /Expected at most 5 seasonal weeks, but found 6/,
  );
  for (const field of ["weeks", "seasonal_weeks", "series"]) {
    for (const value of [0, -1, 1.5, 2 ** 53, "5", null]) {
      await refusesWith({ [field]: value }, new RegExp(`damaged: outlook\\.${field}: `));
    }
  }
  for (const date of ["2010-02-30", "10000-01-01", "2010-2-5", "", 14_645]) {
    await refusesWith({ first_week: date }, /damaged: outlook\.first_week: /);
  }
  await refusesWith({ origin: 1 }, /damaged: outlook: /);
});

Deno.test("decodeModel() refuses other fields that do not fit, though the checksum is right", async () => {
  await refuses(/damaged: name: /, (document) => document.name = "winner");
  await refuses(/damaged: features\.0\.name: /, ({ features }) => features[0].name = "Colour");
  await refuses(/expected a width for each/, ({ intervals }) => intervals.widths.pop());
  await refuses(/expected a width for each/, ({ intervals }) => intervals.widths[1].pop());
  await refuses(/expected a width for each/, ({ intervals }) => intervals.widths[1][2].pop());
  await refuses(/expected a width for each/, ({ intervals }) => intervals.horizons.push(26));
  await refuses(/expected a width for each/, ({ intervals }) => intervals.scales.pop());
  await refuses(/intervals\.widths\.0\.1\.0: /, ({ intervals }) => intervals.widths[0][1][0] = -1);
  await refuses(/training\.fitted_on: /, ({ training }) => training.fitted_on = "validation");
  await refuses(/training\.metrics\.validation: /, ({ training }) => {
    delete training.metrics.validation;
  });
  await refuses(/training\.parameters: /, ({ training }) => training.parameters.extra = 1);
  await refuses(/training\.parameters\.seasonal: /, ({ training }) => {
    delete training.parameters.seasonal;
  });
  await refuses(/training\.importance/, ({ training }) => training.importance.Colour = 0.5);
});

Deno.test("decodeModel() reads values in more bytes than they need as the same model", async () => {
  const text = await seal(
    await changed(({ ensemble }) => {
      const planes = unpack(ensemble.value);
      ensemble.value = pack(Uint8Array.from([...planes, ...new Uint8Array(7)]));
    }),
  );
  assert.equal(await checkRefusedOrSame(text, "wide"), "same");
});

Deno.test("decodeModel() reads any sales in a week not known as the same model", async () => {
  const text = await seal(
    await changed(({ outlook }) => {
      // deno-fmt-ignore
      const sales = Int32Array.of(
        21_500, 40_250, 33_333, 9, 18_000,
        8, 7, -12, 0, 350,
        1, 2, 3, 4, 5,
      );
      outlook.sales = pack(differencesToBytes(sales));
    }),
  );
  assert.equal(await checkRefusedOrSame(text, "unknown"), "same");
});

Deno.test("decodeModel() refuses a short file that would unpack to much", async () => {
  const bomb = deflateSync(new Uint8Array(2 ** 26)).toString("base64");
  const one = await changed(({ features }) => features[2].sets = bomb);
  // With room for it, it is read, and what is wrong with it told.
  await assert.rejects(decodeModel(await seal(one)), /parts of splits on a number/);
  const known = await changed(({ outlook }) => outlook.known = bomb);
  await assert.rejects(decodeModel(await seal(known)), /but found 67108864/);
  const ofOutlook = await changed(({ outlook }) => {
    for (const field of ["stores", "departments", "known", "sales"]) outlook[field] = bomb;
  });
  await assert.rejects(decodeModel(JSON.stringify(ofOutlook)), /unpack to too much/);
  const many = await changed(({ features }) => {
    for (const feature of features) {
      for (const field of ["values", "threshold", "missing_left", "sets"]) feature[field] = bomb;
    }
  });
  await assert.rejects(decodeModel(JSON.stringify(many)), /unpack to too much/);
});

import assert from "node:assert/strict";
import { deflateSync, inflateSync } from "node:zlib";
import { UserError } from "../errors.ts";
import { FEATURES } from "../features/table.ts";
import type { FeatureColumns } from "../features/table.ts";
import type { Candidate } from "../candidates.ts";
import { sha256 } from "../hash.ts";
import { fit, LEAF, MISSING_LEFT } from "../trees/mod.ts";
import { createRandom } from "../trees/random.ts";
import { fitFeatures, trainingData } from "./columns.ts";
import { decodeModel, encodeModel } from "./json.ts";
import type { Model } from "./model.ts";
import { pack, toBytes, unpack } from "./pack.ts";
import { predict } from "./predict.ts";

const parameters = {
  n_estimators: 4,
  max_depth: null,
  max_leaf_nodes: null,
  min_samples_leaf: 2,
  max_features: 0.7,
  max_bins: 255,
  random_state: 7,
};

/** Random columns in which MarkDowns and CPI have gaps. */
function makeColumns(rows: number, random = createRandom(3)): FeatureColumns {
  const gap = (name: string) =>
    (name.startsWith("Mark") || name === "CPI") && random.integer(3) === 0;
  const column = (name: string) =>
    Float64Array.from({ length: rows }, () => gap(name) ? NaN : random.integer(40));
  return Object.fromEntries(FEATURES.map(({ name }) => [name, column(name)])) as FeatureColumns;
}

function makeModel(learner: Candidate): { model: Model; columns: FeatureColumns } {
  const columns = makeColumns(300);
  const sales = columns.Store.map((store, row) => store * 100 + columns.Dept[row]! ** 2);
  const features = fitFeatures(columns);
  const { ensemble } = fit(trainingData(features, columns, sales), learner);
  const metrics = { rmse: 1.5, mae: 1, wmae: 1.25, r2: 0.5, bias: -0.25, n: 300 };
  const training: Model["training"] = {
    data: { train: "0".repeat(64), validation: "1".repeat(64) },
    rows: 300,
    weeks: { first: "2010-02-05", last: "2010-02-12", count: 2 },
    split: { strategy: "time", validation_weeks: 1 },
    parameters: learner.parameters,
    metrics: { train: metrics, validation: metrics },
    importance: { Store: 1 },
  };
  const { algorithm } = learner;
  return { model: { name: "rf", algorithm, features, ensemble, training }, columns };
}

const forest: Candidate = {
  algorithm: "random_forest",
  parameters: { ...parameters, bootstrap: true, max_samples: 1 },
};
const boosting: Candidate = {
  algorithm: "gradient_boosting",
  parameters: {
    ...parameters,
    loss: "squared_error",
    alpha: 0.9,
    learning_rate: 0.1,
    subsample: 1,
  },
};

Deno.test("decodeModel() gives back the model that encodeModel() took, to the last bit", async () => {
  for (const learner of [forest, boosting]) {
    const { model, columns } = makeModel(learner);
    const text = await encodeModel(model);
    const decoded = await decodeModel(text);
    assert.deepEqual(decoded, model);
    assert.deepEqual(predict(decoded, columns), predict(model, columns));
    assert.equal(await encodeModel(decoded), text);
  }
});

Deno.test("predict() fills a missing value with the training median where the table says so", () => {
  const { model, columns } = makeModel(forest);
  const { fill } = model.features.find(({ name }) => name === "CPI")!;
  const seen = Array.from(columns.CPI.filter((value) => !Number.isNaN(value))).sort((a, b) =>
    a - b
  );
  const below = seen.filter((value) => value < fill!).length;
  const above = seen.filter((value) => value > fill!).length;
  assert.ok(Math.max(below, above) <= seen.length / 2);
  const gaps = { ...columns, CPI: columns.CPI.map(() => NaN) };
  const filled = { ...columns, CPI: columns.CPI.map(() => fill!) };
  assert.deepEqual(predict(model, gaps), predict(model, filled));
});

Deno.test("decodeModel() refuses a text cut off anywhere", async () => {
  const text = await encodeModel(makeModel(forest).model);
  const random = createRandom(1);
  for (let i = 0; i < 50; i++) {
    const cut = text.slice(0, random.integer(text.length - 2));
    await assert.rejects(decodeModel(cut, "rf.json"), /^UserError: rf\.json .*breaks off/);
  }
});

Deno.test("decodeModel() refuses a text with any character changed that changes the model", async () => {
  const { model } = makeModel(boosting);
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
    if (decoded) assert.deepEqual(decoded, model, `at ${at}`);
    else refused++;
  }
  assert.ok(refused > 200);
});

Deno.test("decodeModel() says foreign, newer or edited", async () => {
  const text = await encodeModel(makeModel(forest).model);
  const change = (key: string, value: unknown) =>
    JSON.stringify({ ...JSON.parse(text), [key]: value });
  const refuses = (text: string, message: RegExp) =>
    assert.rejects(decodeModel(text, "x.json"), message);
  await refuses("[]", /x\.json is not a model of this project: .* found none/);
  await refuses("null", /is not a model of this project/);
  await refuses(change("format", "onnx"), /found "onnx"/);
  await refuses(
    change("version", 3),
    /has version 3, but this program reads version 2\. Update/,
  );
  await refuses(
    change("version", 1),
    /has version 1, but this program reads version 2\. Train it anew/,
  );
  await refuses(change("name", "other"), /does not match its checksum/);
  await refuses(change("ensemble", {}), /x\.json is damaged: ensemble\.combine/);
});

/** Written by hand, so that its file depends on nothing but the code here. */
const handmade: Model = {
  name: "gbr",
  algorithm: "gradient_boosting",
  features: [
    { name: "Store", fill: null },
    { name: "CPI", fill: 211.5 },
    { name: "MarkDown1", fill: null },
  ],
  ensemble: {
    combine: "sum",
    base: 15_981.25,
    leafStep: 0.25,
    features: [
      { kind: "category", categories: Float64Array.of(1, 2, 4, 10, 20, 35, 36, 45) },
      { kind: "number", edges: Float64Array.of(126.1, 189.5) },
      { kind: "number", edges: Float64Array.of(-0.5, 0, 1e6) },
    ],
    roots: Uint32Array.of(0, 7, 8, 11),
    nodes: {
      feature: Uint8Array.of(0, 1, LEAF, LEAF, 2, LEAF, LEAF, LEAF, 0, LEAF, LEAF),
      split: Uint32Array.of(0, 2, 0, 0, 1 + MISSING_LEFT, 0, 0, 0, 2, 0, 0),
      right: Uint32Array.of(4, 3, 0, 0, 6, 0, 0, 0, 10, 0, 0),
      value: Float32Array.of(0, 0, -12_000.25, 300, 0, 7, 40_000.5, 0, 0, 1, -1),
      sets: Uint8Array.of(0b1000_0101, 1, 0b0000_0010, 0),
    },
  },
  training: {
    data: { train: "0".repeat(64), validation: "1".repeat(64) },
    rows: 300,
    weeks: { first: "2010-02-05", last: "2010-02-12", count: 2 },
    split: { strategy: "time", validation_weeks: 1 },
    parameters: boosting.parameters,
    metrics: {
      train: { rmse: 1.5, mae: 1, wmae: 1.25, r2: 0.5, bias: -0.25, n: 300 },
      validation: { rmse: 2.5, mae: 2, wmae: 2.25, r2: 0.25, bias: 0.125, n: 150 },
    },
    importance: { Store: 0.75, CPI: 0.125, MarkDown1: 0.125 },
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
  plain.features = plain.features.map(({ name, kind, fill }: Json) => ({ name, kind, fill }));
  take(plain.ensemble.feature);
  take(plain.ensemble.value);
  delete plain.ensemble.feature;
  delete plain.ensemble.value;
  parts.unshift(new TextEncoder().encode(JSON.stringify(plain)));
  parts.unshift(new TextEncoder().encode(JSON.stringify(parts.map(({ length }) => length))));
  const digest = await sha256(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()));
  return JSON.stringify({ ...document, checksum: `sha256:${digest}` });
}

/** Checks that a text is refused in one short line, or is the handmade model to the last bit. */
async function checkRefusedOrSame(text: string, what: string): Promise<"refused" | "same"> {
  try {
    assert.deepEqual(await decodeModel(text, "x.json"), handmade, what);
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
  assert.deepEqual(await decodeModel(text), handmade);
  // Another digest is another format: then VERSION has to rise, and README.md to say so.
  assert.equal(
    await sha256(text),
    "2653260a2829d930255a18416747573cf7df655af90491713423c7f16ba8c75f",
  );
});

Deno.test("encodeModel() takes the checksum as README.md says", async () => {
  const document = await changed(() => {});
  assert.equal(await seal(document), JSON.stringify(document));
});

Deno.test("decodeModel() refuses a file with a bit flipped in any byte, or reads the same model", async () => {
  const bytes = new TextEncoder().encode(await encodeModel(handmade));
  let same = 0;
  for (let at = 0; at < bytes.length; at++) {
    const edited = bytes.slice();
    edited[at] = edited[at]! ^ 1 << at % 8;
    const text = new TextDecoder().decode(edited);
    if (await checkRefusedOrSame(text, `byte ${at}`) === "same") same++;
  }
  // White space to other white space, and bits of base64 that mean nothing.
  assert.ok(same < bytes.length / 50, `${same} of ${bytes.length}`);
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
    "version of text": text.replace(/"version": 2/, '"version": "2"'),
    "version of later": text.replace(/"version": 2/, '"version": 1e300'),
    "infinite base": text.replace("15981.25", "1e999"),
    "infinite fill": text.replace("211.5", "-1e999"),
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
    const edited = text.slice(0, at) + '"__proto__":{"fill":1,"trees":9},' + text.slice(at);
    await checkRefusedOrSame(edited, `at ${at}`);
    // In the place of fields, they are missing.
    const renamed = text.slice(0, at) + text.slice(at).replace(/"\w+"/, '"__proto__"');
    assert.equal(await checkRefusedOrSame(renamed, `renamed at ${at}`), "refused");
  }
  assert.equal(Object.hasOwn(Object.prototype, "fill"), false);
});

Deno.test("decodeModel() refuses trees that do not fit, though the checksum is right", async () => {
  const bytes = (...values: number[]) => pack(Uint8Array.from(values));
  const numbers = (...values: number[]) => pack(toBytes(Float64Array.from(values)));
  const edit = (packed: string, change: (bytes: Uint8Array) => unknown) => {
    const unpacked = unpack(packed);
    change(unpacked);
    return pack(unpacked);
  };
  const refuses = async (message: RegExp, change: (document: Json) => unknown) => {
    const text = await seal(await changed(change));
    assert.equal(await checkRefusedOrSame(text, String(message)), "refused");
    await assert.rejects(decodeModel(text), message);
  };
  const store = ({ features }: Json) => features[0], cpi = ({ features }: Json) => features[1];

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

  await refuses(/thresholds below 3 and/, (document) => cpi(document).threshold = bytes(3));
  await refuses(/missing_left of 0 or 1/, (document) => cpi(document).missing_left = bytes(2));
  await refuses(/parts of splits on a number/, (document) => cpi(document).sets = bytes(0));
  await refuses(/splits and leaves/, (document) => {
    cpi(document).threshold = cpi(document).missing_left = bytes(0, 0);
  });
  await refuses(
    /parts of splits on a category/,
    (document) => store(document).sets = bytes(1, 1, 1),
  );
  await refuses(/parts of splits on a number/, (document) => store(document).kind = "number");
  await refuses(/parts of splits on a category/, (document) => cpi(document).kind = "category");

  await refuses(
    /8 bytes a number/,
    (document) => cpi(document).values = bytes(1, 2, 3, 4, 5, 6, 7),
  );
  for (const values of [[NaN, 1], [1, NaN], [1, 1], [2, 1]]) {
    await refuses(/ascending order/, (document) => cpi(document).values = numbers(...values));
    await refuses(/ascending order/, (document) => store(document).values = numbers(...values));
  }
  const many = Array.from({ length: 256 }, (_, i) => i);
  await refuses(/at most 255 bins/, (document) => cpi(document).values = numbers(...many.slice(1)));
  await refuses(/at most 255 bins/, (document) => store(document).values = numbers(...many));

  await refuses(/features: expected each feature once/, (document) => {
    document.features.push({ ...cpi(document), threshold: bytes(), missing_left: bytes() });
  });
  await refuses(/features: /, (document) => document.features = []);
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

Deno.test("decodeModel() refuses a short file that would unpack to much", async () => {
  const bomb = deflateSync(new Uint8Array(2 ** 26)).toString("base64");
  const one = await changed(({ features }) => features[2].sets = bomb);
  // With room for it, it is read, and what is wrong with it told.
  await assert.rejects(decodeModel(await seal(one)), /parts of splits on a number/);
  const many = await changed(({ features }) => {
    for (const feature of features) {
      for (const field of ["values", "threshold", "missing_left", "sets"]) feature[field] = bomb;
    }
  });
  await assert.rejects(decodeModel(JSON.stringify(many)), /unpack to too much/);
});

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Hono } from "hono";
import { BodyRoom } from "./body_room.ts";
import { createDeadline } from "./deadline.ts";
import { Problem } from "./problem.ts";
import { type BodyLimits, readJson } from "./read_body.ts";
import { testRecord } from "./testing.ts";

const LIMITS: BodyLimits = {
  maxBytes: 64,
  maxRecords: 10,
  within: (promise) => promise,
  room: new BodyRoom(Infinity),
};
const JSON_TYPE = { "content-type": "application/json" };

/** What comes of a body: its value, or the problem's status and sentence. */
async function read(
  body: BodyInit | null,
  headers: Record<string, string> = JSON_TYPE,
  limits = LIMITS,
): Promise<unknown> {
  const app = new Hono();
  let result: unknown;
  app.post("/", async (context) => {
    try {
      result = await readJson(context, limits);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      result = [error.status, error.message];
    }
    return context.body(null);
  });
  const request = new Request("http://host/", { method: "POST", body });
  for (const name of [...request.headers.keys()]) request.headers.delete(name);
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  await app.request(request);
  return result;
}

async function refuses(status: number, message: RegExp, ...args: Parameters<typeof read>) {
  const result = await read(...args);
  assert.ok(Array.isArray(result), JSON.stringify(result));
  assert.equal(result[0], status);
  assert.match(result[1], message);
}

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) => typeof part === "string" ? [...new TextEncoder().encode(part)] : part),
  );

Deno.test("readJson() reads JSON in UTF-8, in one piece or several, with and without its length", async () => {
  const text = '{"é": ["🍎", null, 1e2]}';
  const value = JSON.parse(text);
  assert.deepEqual(await read(text), value);
  assert.deepEqual(await read(text, { ...JSON_TYPE, "content-length": "27" }), value);
  const single = ReadableStream.from(Array.from(bytes(text), (byte) => Uint8Array.of(byte)));
  assert.deepEqual(await read(single), value);
  assert.deepEqual(await read(bytes([0xef, 0xbb, 0xbf], text)), value);
  assert.equal(await read("1"), 1);
});

Deno.test("readJson() takes content types of JSON in UTF-8 alone", async () => {
  for (
    const type of [
      "application/json",
      "Application/JSON ; Charset=UTF-8",
      'application/json; charset="utf-8"',
      "application/json;charset=utf8",
      "application/json; charset=us-ascii",
      "application/json; profile=x",
    ]
  ) assert.equal(await read("1", { "content-type": type }), 1, type);
  await refuses(415, /content-type application\/json, but found none\.$/, "1", {});
  for (
    const type of [
      "text/plain",
      "text/json",
      "application/jsonp",
      "application/problem+json",
      "multipart/form-data; boundary=x",
      "application/x-www-form-urlencoded",
      ";",
      "x".repeat(1000),
    ]
  ) await refuses(415, /application\/json, but found ".{0,60}"\.$/, "1", { "content-type": type });
  for (const charset of ["utf-16", "iso-8859-1", "utf-16le", ""]) {
    const type = `application/json; charset=${charset}`;
    await refuses(415, /^Expected text in UTF-8, but found charset=/, "1", {
      "content-type": type,
    });
  }
});

Deno.test("readJson() refuses compressed bodies", async () => {
  for (const encoding of ["gzip", "br", "deflate", "zstd", "identity, gzip"]) {
    const headers = { ...JSON_TYPE, "content-encoding": encoding };
    await refuses(415, /without compression, but found the content-encoding/, "1", headers);
  }
  assert.equal(await read("1", { ...JSON_TYPE, "content-encoding": "identity" }), 1);
});

Deno.test("readJson() reads bytes that are no UTF-8 as U+FFFD, whatever the length", async () => {
  for (const length of [{}, { "content-length": "6" }]) {
    const headers = { ...JSON_TYPE, ...length };
    assert.equal(await read(bytes('"caf', [0xe9], '"'), headers), "caf\ufffd");
    assert.equal(await read(bytes('"', [0xed, 0xa0, 0x80], '"'), headers), "\ufffd\ufffd\ufffd");
    await refuses(400, /cannot be read/, bytes([0xff, 0xfe], [0x31, 0]), headers);
  }
});

Deno.test("readJson() refuses what is no JSON", async () => {
  const mark = "\ufeff";
  // The first is taken off where a body is read to its end.
  await refuses(400, /but it begins with a byte order mark, which/, mark + mark + "1");
  for (const text of [`[${mark}1]`, `["${mark}", x]`, `x${mark}`]) {
    await refuses(400, /but it cannot be read: Unexpected token/, text);
  }
  await refuses(400, /cannot be read/, bytes([0x31, 0]));
  await refuses(400, /cannot be read/, bytes([0x1f, 0x0b, 8]));
  for (const text of ["", "  \r\n\t"]) {
    await refuses(400, /^Expected JSON as the body, but it is empty or ends too early\.$/, text);
  }
  await refuses(400, /empty/, null);
  for (
    const text of [
      "{",
      "[1,]",
      "{'a': 1}",
      "NaN",
      "Infinity",
      "01",
      "// 1\n1",
      "1 2",
      '{"a":1',
      "\u00a01",
    ]
  ) {
    await refuses(400, /^Expected JSON as the body, but it cannot be read: /, text);
  }
  const value = await read("[".repeat(10), JSON_TYPE, { ...LIMITS, maxBytes: 2 ** 21 });
  assert.ok(Array.isArray(value) && value[1].length < 300);
});

Deno.test("readJson() reads deep nesting, keys of prototypes and double keys as JSON.parse() does", async () => {
  const limits = { ...LIMITS, maxBytes: 2 ** 21 };
  let value = await read("[".repeat(500_000) + "]".repeat(500_000), JSON_TYPE, limits);
  let depth = 0;
  for (; Array.isArray(value); value = value[0]) depth++;
  assert.equal(depth, 500_000);
  const found = await read('{"__proto__": {"a": 1}, "b": 1, "b": 2}') as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(found), Object.prototype);
  assert.deepEqual([Object.keys(found), found.a, found.b], [["__proto__", "b"], undefined, 2]);
});

Deno.test("readJson() refuses bodies above the limit, whatever they say of their length", async () => {
  const fits = `"${"x".repeat(62)}"`, long = `"${"x".repeat(63)}"`;
  assert.equal(await read(fits), "x".repeat(62));
  const message = /^Expected a body of at most 64 bytes, but found more\. Send fewer/;
  await refuses(413, message, long);
  for (const length of ["65", "100000000", "1e99"]) {
    await refuses(413, message, "1", { ...JSON_TYPE, "content-length": length });
  }
  // Servers hold bodies to a length that is one.
  await refuses(413, message, long, { ...JSON_TYPE, "content-length": "x" });
  let taken = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(++taken && 32)),
  });
  await refuses(413, message, endless);
  assert.ok(taken < 6);
});

Deno.test("readJson() refuses a body that does not arrive, or breaks off", async () => {
  const limits = { ...LIMITS, within: createDeadline(0.05, "Late.") };
  for (const headers of [JSON_TYPE, { ...JSON_TYPE, "content-length": "10" }]) {
    const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
    await refuses(408, /^Late\.$/, silent, headers, limits);
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError("connection reset")),
    });
    await refuses(400, /^Expected the whole body, but it broke off\.$/, broken, headers);
  }
});

Deno.test("readJson() takes no room for a request that is answered already", async () => {
  const room = new BodyRoom(1_000);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const limits: BodyLimits = { ...LIMITS, room, within: (body) => Promise.race([body, late]) };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      // Longer than a turn, so that the reader lets others go first once this part is there.
      await delay(5);
      controller.enqueue(new Uint8Array(60));
      for (let step = 0; step < 50; step++) await Promise.resolve();
      reject(new Problem(408, "Late."));
    },
  });
  await refuses(408, /^Late\.$/, body, JSON_TYPE, limits);
  await delay(20);
  room.take(new Request("http://host/"), 1_000);
});

Deno.test("readJson() refuses more values than the records have, before it makes them", async () => {
  const limits = { ...LIMITS, maxBytes: 2 ** 24, maxRecords: 10_000 };
  const message = /^Expected at most 10000 records in a request, but found more values than/;
  for (const part of ["{},", "[", "0,", '"a":0,', '{"a":']) {
    await refuses(413, message, part.repeat(2 ** 24 / part.length), JSON_TYPE, limits);
  }
  const record = await testRecord({ CPI: 211.096358123, Temperature: 42.31, Fuel_Price: 2.572 });
  const records = Array(10_000).fill(record);
  const body = JSON.stringify({ records });
  assert.ok(body.length > 2 ** 21);
  assert.deepEqual(await read(body, JSON_TYPE, limits), { records });
});

Deno.test("readJson() refuses a body in very many small parts, and lets others go first", async () => {
  const limits = { ...LIMITS, maxBytes: 2 ** 20 };
  const inParts = (count: number, size: number) => {
    let sent = 0;
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (sent++ < count) controller.enqueue(new Uint8Array(size).fill(32));
        else controller.close();
      },
    });
  };
  await refuses(
    400,
    /in parts of at least 500 bytes, but found 1003 bytes in 1003/,
    inParts(1e5, 1),
    JSON_TYPE,
    limits,
  );
  await refuses(400, /it is empty/, inParts(900, 1), JSON_TYPE, limits);
  await refuses(400, /it is empty/, inParts(2_000, 512), JSON_TYPE, limits);
});

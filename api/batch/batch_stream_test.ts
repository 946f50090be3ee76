import assert from "node:assert/strict";
import type { BatchFormat } from "./batch.ts";
import { batchStream } from "./batch_stream.ts";

/** Says each piece again; fails on "bad". */
const ECHO: BatchFormat = {
  type: "text/plain",
  next(piece, isLast) {
    if (piece === "bug") throw new TypeError("ours");
    return { text: piece + (isLast ? "." : ""), predicted: piece.length };
  },
  fail: (message) => `failed: ${message}`,
};

const bytes = (text: string) => new TextEncoder().encode(text);

/** A body whose pieces are sent by hand. */
function openBody() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    body,
    send: (text: string) => controller.enqueue(bytes(text)),
    close: () => controller.close(),
    fail: () => controller.error(new Error("cut off")),
  };
}

function options(timeout = 10) {
  const ends: number[] = [];
  return { ends, timeout, onEnd: (predicted: number) => ends.push(predicted) };
}

Deno.test("batchStream() answers a piece before the next has come", async () => {
  const { body, send, close } = openBody();
  const told = options();
  send("one");
  const reader = (await batchStream(body, ECHO, told)).getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  assert.equal(await read(), "one");
  send("two");
  assert.equal(await read(), "two");
  assert.deepEqual(told.ends, []);
  close();
  assert.equal(await read(), ".");
  assert.equal((await reader.read()).done, true);
  assert.deepEqual(told.ends, [6]);
});

Deno.test("batchStream() decodes characters that are cut in two", async () => {
  const body = ReadableStream.from(Array.from(bytes("é🍎"), (byte) => Uint8Array.of(byte)));
  const stream = await batchStream(body, ECHO, options());
  assert.equal(await new Response(stream).text(), "é🍎.");
});

Deno.test("batchStream() ends when the client goes", async () => {
  const { body, send } = openBody();
  const told = options();
  send("one");
  const stream = await batchStream(body, ECHO, told);
  await stream.cancel();
  assert.deepEqual(told.ends, [3]);
});

Deno.test("batchStream() tells of an input that breaks off", async () => {
  const { body, send, fail } = openBody();
  const told = options();
  send("one");
  const reader = (await batchStream(body, ECHO, told)).getReader();
  await reader.read();
  fail();
  const { value } = await reader.read();
  assert.match(
    new TextDecoder().decode(value),
    /^failed: Expected the whole body, but it broke off/,
  );
  assert.equal((await reader.read()).done, true);
  assert.deepEqual(told.ends, [3]);
  const early = openBody();
  early.fail();
  await assert.rejects(batchStream(early.body, ECHO, told), /^Problem: Expected the whole body/);
});

Deno.test("batchStream() keeps mistakes of ours apart from failed input", async () => {
  const first = options();
  await assert.rejects(batchStream(ReadableStream.from([bytes("bug")]), ECHO, first), TypeError);
  assert.deepEqual(first.ends, [0]);
  const { body, send } = openBody();
  const told = options();
  send("one");
  const reader = (await batchStream(body, ECHO, told)).getReader();
  await reader.read();
  send("bug");
  await assert.rejects(reader.read(), TypeError);
  assert.deepEqual(told.ends, [3]);
});

Deno.test("batchStream() refuses an input that does not begin, and tells of one that stops", async () => {
  const told = options(0.02);
  await assert.rejects(
    batchStream(openBody().body, ECHO, told),
    /^Problem: Expected the next part of the body within 0\.02 s, but none came\.$/,
  );
  assert.deepEqual(told.ends, [0]);
  const { body, send } = openBody();
  send("one");
  const text = await new Response(await batchStream(body, ECHO, told)).text();
  assert.match(text, /^onefailed: Expected the next part/);
  assert.deepEqual(told.ends, [0, 3]);
});

Deno.test("batchStream() breaks off where the input only drips", async () => {
  const { body, send, close } = openBody();
  let drops = 0;
  const drip = setInterval(() => {
    if (drops++ < 200) send("x");
    else close();
  }, 5);
  const text = await new Response(await batchStream(body, ECHO, options(0.1))).text();
  clearInterval(drip);
  assert.match(text, /^x+failed: Expected the next part/);
});

Deno.test("batchStream() goes on with an input of many small parts", async () => {
  const { body, send, close } = openBody();
  let parts = 0;
  const timer = setInterval(() => {
    if (parts++ < 30) send("x".repeat(1024));
    else {
      clearInterval(timer);
      close();
    }
  }, 10);
  const text = await new Response(await batchStream(body, ECHO, options(0.2))).text();
  assert.equal(text, "x".repeat(30 * 1024) + ".");
});

Deno.test("batchStream() holds little of the answer for a client that reads", async () => {
  const part = new Uint8Array(65_536).fill(120);
  let sent = 0, taken = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += part.length;
      controller.enqueue(part.slice());
    },
  }, { highWaterMark: 0 });
  const stream = await batchStream(body, ECHO, options());
  const reader = stream.getReader();
  for (let chunk = 0; chunk < 30; chunk++) {
    taken += (await reader.read()).value!.length;
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(sent - taken <= 4 * part.length, `${(sent - taken) / part.length} parts of 64 KiB`);
  }
  await reader.cancel();
});

Deno.test("batchStream() holds a bounded part of the answer for a client that does not read", async () => {
  const part = "x".repeat(2 ** 20);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent++;
      controller.enqueue(bytes(part));
    },
  }, { highWaterMark: 0 });
  const told = options(0.2);
  const reader = (await batchStream(body, ECHO, told)).getReader();
  while (told.ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(sent >= 16 && sent <= 18, `${sent} parts of 1 MiB`);
  await assert.rejects(reader.read(), /^Error: The client has stopped reading\.$/);
});

Deno.test("batchStream() is not over before the client has read all", async () => {
  const told = options();
  const stream = await batchStream(ReadableStream.from([bytes("one"), bytes("two")]), ECHO, told);
  const reader = stream.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(told.ends, []);
  await reader.read();
  await reader.read();
  assert.equal((await reader.read()).done, true);
  assert.deepEqual(told.ends, [6]);
});

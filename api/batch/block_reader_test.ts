import assert from "node:assert/strict";
import { createBlockReader } from "./block_reader.ts";

/** An endless body, which notes how much it is asked for. */
function endlessBody() {
  const asked: number[] = [];
  const body = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const request = controller.byobRequest!;
      asked.push(request.view!.byteLength);
      request.respond(request.view!.byteLength);
    },
  });
  return { body, asked };
}

Deno.test("createBlockReader() asks for little at once, and only for the next block", async () => {
  const { body, asked } = endlessBody();
  const read = createBlockReader(body, 10);
  for (let block = 1; block <= 3; block++) {
    assert.equal((await read())!.length, 65_536);
    assert.equal(Math.max(...asked), 4096);
    assert.equal(asked.length, 16 * block);
  }
});

Deno.test("createBlockReader() takes the same memory for each block", async () => {
  const read = createBlockReader(endlessBody().body, 10);
  const { buffer } = (await read())!;
  assert.equal((await read())!.buffer, buffer);
});

Deno.test("createBlockReader() cuts a body that comes in one piece", async () => {
  const whole = Uint8Array.from({ length: 150_000 }, (_, i) => i % 251);
  const body = ReadableStream.from([whole.slice(), new Uint8Array(0), Uint8Array.of(7)]);
  const read = createBlockReader(body, 10);
  const found: number[] = [];
  for (;;) {
    const block = await read();
    if (!block) break;
    assert.ok(block.length <= 65_536, `${block.length} bytes`);
    found.push(...block);
  }
  assert.deepEqual(found, [...whole, 7]);
  assert.equal(await read(), undefined);
});

Deno.test("createBlockReader() returns what came before a body breaks off", async () => {
  let pulls = 0;
  const body = new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (++pulls === 1) controller.enqueue(new Uint8Array(2048));
      else controller.error(new Error("cut off"));
    },
  });
  const read = createBlockReader(body, 10);
  assert.equal((await read())!.length, 2048);
  await assert.rejects(read(), /^Problem: Expected the whole body, but it broke off\.$/);
});

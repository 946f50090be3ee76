import assert from "node:assert/strict";
import { BodyRoom } from "./body_room.ts";

Deno.test("BodyRoom refuses what is beyond its bytes until a request gives back its own", () => {
  const room = new BodyRoom(100);
  const [first, second, third] = [1, 2, 3].map(() => new Request("http://host/"));
  room.take(first!, 40);
  room.take(first!, 20);
  room.take(second!, 40);
  assert.throws(() => room.take(third!, 1), {
    status: 429,
    headers: { "content-type": "application/problem+json", "retry-after": "1" },
  });
  room.free(third!);
  assert.throws(() => room.take(third!, 1));
  room.free(first!);
  room.free(first!);
  room.take(third!, 60);
  assert.throws(() => room.take(third!, 1));
});

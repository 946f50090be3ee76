import assert from "node:assert/strict";
import { freePort, peakOf, startServer } from "./server.ts";

const BODY = JSON.stringify({ records: [{}] });

const deno = (code: string) => (
  { name: "The server", command: Deno.execPath(), args: ["eval", code], env: {} }
);

Deno.test("startServer() waits for a prediction, tells memory, and ends the process", async () => {
  const port = freePort();
  const code = `let count = 0;
    Deno.serve({ port: ${port}, hostname: "127.0.0.1" }, () =>
      ++count < 3 ? new Response("", { status: 503 }) : Response.json({ predictions: [1] }))`;
  {
    await using server = await startServer(deno(code), port, BODY);
    assert.equal(server.url, `http://127.0.0.1:${port}/predict`);
    assert.ok(server.startMs > 0);
    const peak = await server.peakMb();
    if (Deno.build.os === "linux") assert.ok(peak! > 10 && peak! < 1000, `${peak} MB`);
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/predict`));
});

Deno.test("startServer() tells what a server said that ended", async () => {
  const broken = deno('console.error("No port is free."); Deno.exit(1)');
  await assert.rejects(startServer(broken, freePort(), BODY), /did not start:\nNo port is free\./);
});

Deno.test("startServer() tells an answer that is no prediction", async () => {
  const port = freePort();
  const code = `Deno.serve({ port: ${port}, hostname: "127.0.0.1" },
    () => new Response("no records", { status: 422 }))`;
  await assert.rejects(startServer(deno(code), port, BODY), {
    message: "Expected a prediction of The server, but found 422: no records",
  });
});

Deno.test("peakOf() finds the highest mark of memory", () => {
  assert.equal(peakOf("Name:\tdeno\nVmHWM:\t  125000 kB\nVmRSS:\t  100000 kB\n"), 128);
  assert.equal(peakOf("Name:\tdeno\n"), undefined);
});

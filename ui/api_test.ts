import assert from "node:assert/strict";
import { createApi } from "./api.ts";

/** Serves `answer` while `act` runs. */
async function serve(
  answer: (request: Request) => Response | Promise<Response>,
  act: (url: string) => Promise<void>,
) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  try {
    await act(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

const OPTIONS = { apiKey: undefined, timeout: 2000, retries: 0 };

Deno.test("createApi() sends the key, and the body as it is", async () => {
  await serve(
    async (request) => Response.json([request.headers.get("authorization"), await request.text()]),
    async (apiUrl) => {
      const api = createApi({ ...OPTIONS, apiUrl, apiKey: "secret" });
      const answer = await api("/predict", { method: "POST", body: "{}" });
      assert.deepEqual(await answer.json(), ["Bearer secret", "{}"]);
    },
  );
});

Deno.test("createApi() answers 504 where the API is late", async () => {
  let late: ReturnType<typeof setTimeout>;
  await serve(
    () => new Promise((done) => late = setTimeout(() => done(new Response("")), 400)),
    async (apiUrl) => {
      const answer = await createApi({ ...OPTIONS, apiUrl, timeout: 50 })("/models");
      assert.equal(answer.status, 504);
      assert.match((await answer.json()).detail, /did not answer within 0.05 seconds/);
    },
  );
  clearTimeout(late!);
});

Deno.test("createApi() answers 502 where nobody listens", async () => {
  const closed = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = closed.addr as Deno.NetAddr;
  closed.close();
  const answer = await createApi({ ...OPTIONS, apiUrl: `http://127.0.0.1:${port}`, retries: 1 })(
    "/",
  );
  assert.equal(answer.status, 502);
  assert.match((await answer.json()).detail, /does not answer/);
});

Deno.test("createApi() asks again until the API is back", async () => {
  const closed = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = closed.addr as Deno.NetAddr;
  closed.close();
  const asked = createApi({ ...OPTIONS, apiUrl: `http://127.0.0.1:${port}`, retries: 3 })(
    "/models",
  );
  await new Promise((done) => setTimeout(done, 100));
  const server = Deno.serve(
    { port, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("back"),
  );
  assert.equal(await (await asked).text(), "back");
  await server.shutdown();
});

Deno.test("createApi() follows no redirect, which could lead anywhere", async () => {
  await serve(
    () => Response.redirect("http://127.0.0.1:1/"),
    async (apiUrl) =>
      assert.equal((await createApi({ ...OPTIONS, apiUrl })("/models")).status, 502),
  );
});

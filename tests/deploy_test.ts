import assert from "node:assert/strict";
import { join } from "node:path";
import { testRecord } from "../api/testing.ts";
import { delay } from "./processes.ts";
import { copyProject } from "./project.ts";
import { makeModels } from "./ui_server.ts";

Deno.test("what is staged for Deno Deploy runs there with nothing else at hand", async (t) => {
  const models = await makeModels();
  // Outside of the project, whose packages and configuration would be found otherwise.
  const elsewhere = await Deno.makeTempDir({ prefix: "retail-demand-deploy-" });
  try {
    await run(["run", "-q", "-P=ui_build", "ui/build.ts"]);
    for (const [service, ...options] of [["api", "--models", models], ["ui"]] as const) {
      const said = await run(["task", "-q", "stage", service, ...options]);
      assert.match(
        said,
        /^deploy\/\w+ has all that the \w+ needs?: \d+ files, [\d.]+ MB of at most/,
      );
      await Deno.rename(`deploy/${service}`, join(elsewhere, service));
    }

    await t.step("only what is needed is uploaded", async () => {
      const api = await filesUnder(join(elsewhere, "api"));
      assert.ok(api.includes("models/gbr.json") && api.includes("lib/trees/shap_worker.ts"));
      assert.deepEqual(api.filter((file) => /_test\.ts$|^(pipeline|ui|data)\//.test(file)), []);
      const { imports } = JSON.parse(await Deno.readTextFile(join(elsewhere, "api/deno.json")));
      assert.deepEqual(Object.keys(imports), ["@hono/zod-openapi", "fflate", "hono", "zod"]);
      const pages = JSON.parse(await Deno.readTextFile(join(elsewhere, "ui/deno.json")));
      assert.deepEqual(
        Object.keys(pages.imports).filter((name) => /esbuild|polars/.test(name)),
        [],
      );
      const ui = await filesUnder(join(elsewhere, "ui"));
      assert.ok(ui.some((file) => /^ui\/_bundle\/style-\w+\.css\.br$/.test(file)));
      assert.deepEqual(ui.filter((file) => /^(api|models)\/|_test\.tsx?$/.test(file)), []);
    });

    await t.step("the API forecasts, and the pages ask it", async () => {
      await using api = await serve(join(elsewhere, "api"), {});
      const answer = await fetch(`${api.url}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ records: [await testRecord()] }),
      });
      const { predictions } = await answer.json();
      assert.ok(Number.isFinite(predictions[0]), JSON.stringify(predictions));
      assert.equal((await (await fetch(`${api.url}/models`)).json()).models.length, 2);

      await using ui = await serve(join(elsewhere, "ui"), { API_URL: api.url });
      const page = await (await fetch(`${ui.url}/models`)).text();
      assert.match(page, /gbr/i);
      const style = /\/[\w/]+\/style-\w+\.css/.exec(page)![0];
      const response = await fetch(ui.url + style);
      assert.equal(response.status, 200);
      await response.body?.cancel();
    });
  } finally {
    await Deno.remove(models, { recursive: true });
    await Deno.remove(elsewhere, { recursive: true });
  }
});

Deno.test("deno task stage refuses what it cannot make whole, and writes nothing", async () => {
  const large = await Deno.makeTempDir({ prefix: "retail-demand-deploy-" });
  await Deno.writeTextFile(`${large}/large.json`, "");
  // Takes no room on the disk.
  await Deno.truncate(`${large}/large.json`, 1e9);
  for (
    const [args, error] of [
      [
        ["api", "--models", large],
        /^error: api would be 1,000\.\d MB, but Deno Deploy takes 1,000 MB\./m,
      ],
      [["api", "--models", "docs"], /^error: docs holds no model\. Bring some/m],
      [["spark"], /^error: Expected api or ui, but found "spark"/m],
    ] as const
  ) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "stage", ...args],
    }).output();
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stderr), error);
  }
  await assert.rejects(Deno.stat("deploy/.api"), Deno.errors.NotFound);
  await Deno.remove(large, { recursive: true });
});

Deno.test("deno task stage says that a file stands where its folder should be", async () => {
  await using project = await copyProject();
  await project.write("models/gbr.json", "{}");
  await project.write("deploy", "");
  const { code, stderr } = await project.task("stage", "api");
  assert.equal(code, 1);
  assert.match(stderr, /error: Cannot write deploy\/\.api: a file stands where .+ run again\.\n$/);
});

/** Installs and runs a staged folder as Deno Deploy does, which would give it more rights than these. */
async function serve(folder: string, env: Record<string, string>) {
  const { deploy } = JSON.parse(await Deno.readTextFile(join(folder, "deno.json")));
  const [program, ...args] = deploy.install.split(" ");
  assert.equal(program, "deno");
  await run(args, folder);
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--cached-only", "--allow-read=.", "--allow-env", "--allow-net"],
      deploy.runtime.entrypoint,
    ],
    cwd: folder,
    env: { ...env, DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}` },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  const end = performance.now() + 30_000;
  while (!await fetch(`${url}/health`).then((response) => response.text(), () => undefined)) {
    if (performance.now() > end) throw new Error(`${folder} did not answer within 30 s`);
    await delay(50);
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** What Deno printed, run with these arguments. */
async function run(args: string[], cwd = "."): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.ok(success, text.decode(stderr));
  return text.decode(stdout);
}

async function filesUnder(folder: string, below = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) files.push(...await filesUnder(folder, path));
    else files.push(path);
  }
  return files;
}

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { PACKAGES } from "../docker/slim.ts";
import { build } from "../ui/build.ts";
import { readCompose, readServices, type Service } from "./docker/compose.ts";
import { assertBill } from "./docker/cyclonedx.ts";
import { importGraph } from "../tasks/import_graph.ts";
import { delay } from "./processes.ts";
import { makeModels } from "./ui_server.ts";

const services = await readServices();

/** What runs in the images is made for Linux; macOS is near enough. */
const ignore = Deno.build.os === "windows";

Deno.test("docker-compose.yml keeps to the Compose specification", async () => {
  // From github.com/compose-spec/compose-go v2.16.2, by the licence beside it.
  const path = "tests/docker/compose-spec/compose-spec.json";
  // Formats such as `ports` are Compose's own.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(await Deno.readTextFile(path)));
  const compose = await readCompose();
  assert.equal(validate(compose), true, JSON.stringify(validate.errors));
  assert.equal(validate({ ...compose, services: { api: { port: "8000" } } }), false);
});

Deno.test("each service of docker-compose.yml is confined and limited", async () => {
  for (const [name, service] of Object.entries((await readCompose()).services)) {
    const { read_only, cap_drop, security_opt, deploy, ports = [] } = service;
    assert.equal(read_only, true, name);
    assert.deepEqual(cap_drop, ["ALL"], name);
    assert.deepEqual(security_opt, ["no-new-privileges:true"], name);
    assert.deepEqual(Object.keys(deploy.resources.limits), ["cpus", "memory", "pids"], name);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name);
    assert.equal(services[name]!.user, "1993:1993", name);
  }
});

Deno.test("the pages wait for a healthy API, which cannot change its models", async () => {
  const { api, ui } = (await readCompose()).services;
  assert.deepEqual(ui!.depends_on, { api: { condition: "service_healthy" } });
  const [models] = api!.volumes!;
  assert.deepEqual(models, {
    type: "bind",
    source: "./models",
    target: "/app/models",
    read_only: true,
    bind: { create_host_path: false },
  });
});

Deno.test("the programs of each image import the packages that it has, and no others", async () => {
  const islands = ["batch.tsx", "batch_worker.ts", "chart.tsx", "forecast.tsx", "reload.ts"]
    .map((name) => `ui/islands/${name}`);
  const programs: Record<string, string[]> = {
    api: ["tasks/api.ts", "api/serve.ts"],
    ui: ["ui/serve.ts", ...islands],
    "ui-bundle": ["ui/build.ts", ...islands],
    pipeline: [
      ...["data", "dvc", "export_onnx", "forecast", "lineage", "mlflow", "promote", "pull_model"]
        .map((task) => `tasks/${task}.ts`),
      ...["repro", "setup", "submission"].map((task) => `tasks/${task}.ts`),
      ...["preprocess", "train", "evaluate", "log_mlflow"].map((stage) => `pipeline/${stage}.ts`),
    ],
  };
  for (const [image, scripts] of Object.entries(programs)) {
    const graphs = await Promise.all(scripts.map(importGraph));
    const packages = new Set(graphs.flatMap(({ packages }) => packages));
    assert.deepEqual([...packages].sort(), PACKAGES[image], image);
  }
  assert.deepEqual(Object.keys(PACKAGES), Object.keys(programs));
});

Deno.test("the bill of materials keeps to CycloneDX's schema", { ignore }, async () => {
  const args = ["run", "-q", "--no-prompt", "-P=sbom", "docker/sbom.ts", "retail-demand"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const purls = await assertBill(new TextDecoder().decode(stdout));
  const { imports } = JSON.parse(await Deno.readTextFile("deno.json"));
  for (const requirement of Object.values<string>(imports)) {
    const purl = `pkg:npm/${requirement.replace("npm:", "").replace(/^@/, "%40")}`;
    assert.ok(purls.includes(purl), purl);
  }
  assert.ok(purls.includes("pkg:pypi/dvc@3.67.1"));
});

Deno.test(
  "api and ui run as Compose runs them, and the pages ask the API",
  { ignore },
  async () => {
    await build();
    const made = await makeModels();
    const models = await Deno.makeTempDir();
    const [apiPort, uiPort] = [freePort(), freePort()];
    await using api = await start(services.api!, { PORT: `${apiPort}`, MODELS_DIR: models });
    await api.untilHealth(apiPort, 1);
    for (const name of ["gbr", "seasonal"]) {
      await Deno.rename(`${made}/${name}.json`, `${models}/${name}.json`);
    }
    await api.untilHealth(apiPort, 0);
    // The service's name is the host's own here.
    assert.equal(services.ui!.env.API_URL, "http://api:8000");
    await using ui = await start(services.ui!, {
      PORT: `${uiPort}`,
      API_URL: `http://127.0.0.1:${apiPort}`,
    });
    await ui.untilHealth(uiPort, 0);
    const page = await (await fetch(`http://127.0.0.1:${uiPort}/models`)).text();
    assert.match(page, /seasonal/);
    const { models: served } = await (await fetch(`http://127.0.0.1:${apiPort}/health`)).json();
    assert.deepEqual(served.map(({ name }: { name: string }) => name), ["gbr", "seasonal"]);
    await Deno.remove(made, { recursive: true });
    await Deno.remove(models, { recursive: true });
  },
);

/** Starts the command of a service with its environment and nothing of ours but these variables. */
function start(service: Service, variables: Record<string, string>) {
  const env = { ...service.env, ...variables, DENO_DIR: DENO_DIR };
  const run = ([program, ...args]: string[]) => {
    assert.equal(program, "deno");
    return new Deno.Command(Deno.execPath(), {
      args,
      env,
      clearEnv: true,
      stdin: "null",
      stdout: "null",
    });
  };
  const child = run(service.command).spawn();
  return {
    /** Waits until the health check ends with a code. */
    async untilHealth(port: number, wanted: 0 | 1) {
      const check = service.healthcheck.map((word) =>
        word.replace(`127.0.0.1:${service.env.PORT}/`, `127.0.0.1:${port}/`)
      );
      const end = performance.now() + 30_000;
      while ((await run(check).output()).code !== wanted) {
        assert.ok(performance.now() < end, `${check.join(" ")} did not end with ${wanted} in 30 s`);
        await delay(100);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

const DENO_DIR = JSON.parse(
  new TextDecoder().decode(
    new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync().stdout,
  ),
).denoDir as string;

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

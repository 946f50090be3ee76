import assert from "node:assert/strict";
import { copyProject, type Project } from "../project.ts";
import { delay } from "../processes.ts";
import { makeModels } from "../ui_server.ts";
import { openBuildah } from "./buildah.ts";
import { readServices } from "./compose.ts";
import { assertBill } from "./cyclonedx.ts";
import { type Container, openSandbox } from "./sandbox.ts";

/** Most megabytes that each image may have beyond its base. */
const MEGABYTES = { api: 20, ui: 25, pipeline: 1400 };

const TARGETS = ["api", "ui", "pipeline"] as const;

Deno.test("the images of the Dockerfile", async (t) => {
  const services = await readServices();
  await using project = await copyProject();
  const outside = await project.task("repro");
  assert.equal(outside.code, 0, outside.stderr);
  await using buildah = await openBuildah();
  const containers: Record<string, Container> = {};

  for (const target of TARGETS) {
    await t.step(`${target} is built, configured as the Dockerfile says, and small`, async () => {
      await buildah.build(project.root, target);
      const config = await buildah.inspect(target);
      const { command, healthcheck, user } = services[target]!;
      assert.deepEqual(config.Cmd, command);
      assert.deepEqual(config.Healthcheck?.Test.slice(1) ?? [], healthcheck);
      assert.equal(config.User, user);
      const megabytes = await buildah.size(target);
      assert.ok(megabytes <= MEGABYTES[target], `${megabytes} MB`);
      const variables = config.Env.map((text) => /^([^=]+)=(.*)$/s.exec(text)!);
      containers[target] = {
        name: target,
        tree: await buildah.tree(target),
        env: {
          ...Object.fromEntries(variables.map(([, name, value]) => [name!, value!])),
          ...services[target]!.env,
        },
        user: config.User,
        mounts: [],
        tmpfs: ["/tmp"],
      };
    });
  }

  await t.step("the API's image holds its own packages and no others", async () => {
    const packages: string[] = [];
    for await (const { name } of Deno.readDir(`${containers.api!.tree}/app/node_modules/.deno`)) {
      if (name.includes("@")) packages.push(name);
    }
    assert.deepEqual(packages.map((name) => name.replace(/(?<=.)@.*/, "")).sort(), [
      "@asteasolutions+zod-to-openapi",
      "@hono+zod-openapi",
      "@hono+zod-validator",
      "fflate",
      "hono",
      "openapi3-ts",
      "yaml",
      "zod",
    ]);
    // With the hashes that the whole lock has.
    const { npm } = JSON.parse(await project.read("deno.lock"));
    const own = JSON.parse(await Deno.readTextFile(`${containers.api!.tree}/app/deno.lock`)).npm;
    for (const [name, locked] of Object.entries(own)) assert.deepEqual(locked, npm[name]);
  });

  await t.step("each image lists what it is made of", async () => {
    await using sandbox = await openSandbox(Object.values(containers));
    for (const [name, container] of Object.entries(containers)) {
      const command = ["deno", "run", "-q", "-P=sbom", "docker/sbom.ts", name];
      const { text } = await sandbox.run(container, command);
      const purls = await assertBill(text);
      const count = (kind: string) =>
        purls.filter((purl) => purl.startsWith(`pkg:${kind}/`)).length;
      assert.ok(count("deb") > 50);
      assert.equal(count("pypi") > 100, name === "pipeline");
      assert.equal(purls.some((purl) => purl.includes("polars")), name === "pipeline");
    }
  });

  await t.step("a change of the program leaves the layer of the packages as it was", async () => {
    await project.write("api/version.ts", await project.read("api/version.ts") + "// changed\n");
    const log = await buildah.build(project.root, "api");
    assert.match(log, /RUN deno run .*slim\.ts api .*\n--> Using cache/);
    assert.doesNotMatch(log, /COPY api api\n--> Using cache/);
  });

  await t.step("api and ui run as docker compose up runs them", async () => {
    const models = await makeModels();
    await Deno.chmod(models, 0o755);
    const api: Container = {
      ...containers.api!,
      mounts: [{ source: models, target: "/app/models", readOnly: true }],
    };
    const ui = containers.ui!;
    await using sandbox = await openSandbox([api, ui]);
    for (const container of [api, ui]) {
      const { text } = await sandbox.run(container, ["sh", "-c", PROBE]);
      assert.deepEqual(text.trim().split("\n"), [
        "1993 1993 1993",
        "CapBnd: 0000000000000000",
        "NoNewPrivs: 1",
        "/tmp",
      ]);
    }
    const healthy = async (name: string, container: Container) =>
      (await sandbox.run(container, services[name]!.healthcheck)).code === 0;
    assert.equal(await healthy("api", api), false);
    sandbox.start(api, services.api!.command);
    await until(() => healthy("api", api), 30);
    sandbox.start(ui, services.ui!.command);
    await until(() => healthy("ui", ui), 30);
    assert.match(await sandbox.fetch("http://127.0.0.1:8501/models"), /seasonal/);
    assert.match(await sandbox.fetch("http://127.0.0.1:8000/health"), /"name":"gbr"/);
    await Deno.remove(models, { recursive: true });
  });

  await t.step(
    "the pipeline makes the same bytes as outside, and logs them to mlflow",
    async () => {
      const store = await Deno.makeTempDir();
      await Deno.chown(store, 1993, 1993);
      const mlflow: Container = {
        ...containers.pipeline!,
        name: "mlflow",
        tree: await buildah.tree("pipeline"),
        env: { ...containers.pipeline!.env, ...services.mlflow!.env },
        mounts: [{ source: store, target: "/mlflow", readOnly: false }],
      };
      const pipeline: Container = {
        ...containers.pipeline!,
        // As the README has it: the user whose folder this is, whom the image does not know.
        user: "1000:1000",
        mounts: await prepareMounts(project),
        tmpfs: ["/tmp", "/app/.dvc/tmp"],
      };
      const lock = await project.read("dvc.lock");
      const models = await project.hashes("models");
      await using sandbox = await openSandbox([mlflow, pipeline]);
      sandbox.start(mlflow, services.mlflow!.command);
      const healthy = async () =>
        (await sandbox.run(mlflow, services.mlflow!.healthcheck)).code === 0;
      await until(healthy, 180);
      const { code, text } = await sandbox.run(pipeline, [
        ...services.pipeline!.command,
        "--force",
      ]);
      assert.equal(code, 0, text);
      assert.equal(await project.read("dvc.lock"), lock);
      assert.deepEqual(await project.hashes("models"), models);
      assert.match(text, /http:\/\/mlflow:5000/);
      await Deno.remove(store, { recursive: true });
    },
  );
});

/** Who a program in a container is, what it may, and where it can write. */
const PROBE = `
echo $(id -u) $(id -g) $(id -G)
grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status | tr '\\t' ' '
for folder in / /app /app/api /app/models /deno-dir /etc /tmp /usr /var/tmp; do
  [ -w $folder ] && echo $folder
done
true`;

/** The mounts of the service `pipeline`, in a project of another user. */
async function prepareMounts(project: Project): Promise<Container["mounts"]> {
  const paths = [".dvc/cache", "data", "dvc.lock", "metrics", "models", "params.yaml"];
  await project.run("chown", "-R", "1000:1000", ...paths);
  return paths.map((path) => ({
    source: project.path(path),
    target: `/app/${path}`,
    readOnly: path === "params.yaml",
  }));
}

async function until(isTrue: () => Promise<boolean>, seconds: number): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!await isTrue()) {
    assert.ok(performance.now() < end, `not healthy after ${seconds} s`);
    await delay(200);
  }
}

import assert from "node:assert/strict";
import { copyProject, must, type Project, type Result } from "./project.ts";
import { delay, descendants, running, waitForChild } from "./processes.ts";

const RESULTS = ["models", "metrics", "data/processed"];
/** dvc.lock as it was before DVC started: there only while DVC is at work, or where it was killed. */
const KEPT_LOCK = ".dvc/tmp/dvc.lock.before";
const WINDOWS = Deno.build.os === "windows";

Deno.test("bad input and failing stages", async (t) => {
  await using project = await copyProject();
  await must(project.task("repro", "eval"));
  const before = await project.hashes(...RESULTS);

  const train = await project.read("data/train.csv");
  const lines = train.trimEnd().split("\n");
  const replaceLine = (number: number, from: string | RegExp, to: string) =>
    lines.map((line, index) => index === number - 1 ? line.replace(from, to) : line).join("\n");
  const badTables: [string, string, RegExp][] = [
    ["a missing column", replaceLine(1, "Weekly_Sales", "Sales"), /line 1.*Weekly_Sales/],
    [
      "a wrong type",
      replaceLine(5, /,[\d.]+,(?=\w+$)/, ",many,"),
      /line 5, column Weekly_Sales.*"many"/,
    ],
    ["a duplicate key", train + lines[6], /lines 7 and 2576/],
    ["an unknown store", replaceLine(7, /^1/, "9"), /line 7.*store 9.*stores\.csv/],
    ["an impossible date", replaceLine(7, /2010-..-../, "2010-02-30"), /line 7, column Date/],
    ["no rows", lines[0]! + "\n", /no rows/],
  ];
  for (const [what, text, message] of badTables) {
    await t.step(`preprocess refuses a table with ${what}`, async () => {
      await project.write("data/train.csv", text);
      const result = await stage(project, "preprocess", "preprocess");
      assertRefused(result, /^error: data\/train\.csv/, message);
      assert.deepEqual(await project.hashes(...RESULTS), before);
    });
  }
  await t.step("a failed preprocess leaves all results whole, through DVC too", async () => {
    await project.write("data/train.csv", badTables[1]![1]);
    const { code, stderr } = await project.task("repro");
    assert.notEqual(code, 0);
    assert.match(stderr, /^error: data\/train\.csv, line 5, column Weekly_Sales/m);
    assert.deepEqual(await project.hashes(...RESULTS), before);
  });
  await t.step(
    "repro says where raw data have gone, and makes none up in their place",
    async () => {
      await Deno.remove(project.path("data/train.csv"));
      const result = await project.task("repro");
      assertRefused(result, /data\/train\.csv/, /missing/);
      assert.deepEqual(await project.hashes(...RESULTS), before);
      await assert.rejects(project.read(KEPT_LOCK), Deno.errors.NotFound);
    },
  );
  await project.write("data/train.csv", train);
  await must(project.task("dvc", "commit", "-f", "-q", "data/train.csv.dvc"));

  await t.step("a failed train leaves all results whole", async () => {
    const params = await project.read("params.yaml");
    await project.write("params.yaml", params.replace("max_bins: 255", "max_bins: 999"));
    const { code, stdout, stderr } = await project.task("repro");
    assert.notEqual(code, 0);
    assert.match(stdout, /Running stage 'train'/);
    assert.match(stderr, /^error: params\.yaml: rf\.max_bins/m);
    assert.doesNotMatch(stdout, /seasonal_naive/);
    assert.deepEqual(await project.hashes(...RESULTS), before);
    await project.write("params.yaml", params);
  });

  await t.step("a failed eval leaves all results whole", async () => {
    const file = "models/validation/rf.json";
    const model = await project.read(file);
    await project.write(file, model.slice(0, 1000));
    const { code, stderr } = await project.task("repro", "--single-item", "eval");
    assert.notEqual(code, 0);
    assert.match(stderr, /^error: models\/validation\/rf\.json/m);
    assert.deepEqual(await project.hashes("metrics"), only(before, "metrics/"));
    await project.write(file, model);
  });

  await t.step("log_mlflow names a server that is down, and changes no file", async () => {
    const args = ["log", "--tracking-uri", "http://127.0.0.1:9"];
    assertRefused(await project.task(...args), /127\.0\.0\.1:9/);
    assert.deepEqual(await project.hashes(...RESULTS), before);
  });

  await t.step("the next repro is as if nothing had been", async () => {
    const { stdout } = await must(project.task("repro", "eval"));
    assert.doesNotMatch(stdout, /Running stage/);
  });
});

Deno.test({ name: "kills and locks", ignore: WINDOWS }, async (t) => {
  await using project = await copyProject();
  // Two sets of parameters that share no result, so that a mix of old and new would show.
  const now = await runLine(project);
  const params = await project.read("params.yaml");
  await project.edit("params.yaml", "validation_weeks: 39", "validation_weeks: 38");
  const old = await runLine(project);
  for (const [path, hash] of Object.entries(now)) assert.notEqual(hash, old[path], path);
  await project.write("params.yaml", params);

  const kills: [string, RegExp, number][] = [
    ["preprocess", /deno run .*preprocess\.ts/, 0],
    ["train", /deno run .*train\.ts/, 200],
    ["DVC", /python.* .*dvc repro/, 1000],
    ["eval", /deno run .*evaluate\.ts/, 400],
  ];
  for (const [what, command, wait] of kills) {
    await t.step(
      `after kill -9 of ${what} each result is all old or all new, and the next repro goes on`,
      async () => {
        const repro = project.start("repro", "eval");
        const child = await waitForChild(repro.pid, command);
        await delay(wait);
        const started = (await descendants(repro.pid)).map(({ pid }) => pid);
        Deno.kill(child.pid, "SIGKILL");
        assert.notEqual((await repro.status).code, 0);
        // With DVC gone its stage may still be at work: DVC's own lock would say so.
        for (const pid of await running(started)) Deno.kill(pid, "SIGKILL");
        assertNotMixed(await resultHashes(project), old, now);
      },
    );
  }
  await t.step("the repro after these kills makes all results new", async () => {
    assert.deepEqual(await runLine(project), now);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await t.step(`${signal} ends repro with all that it started`, async () => {
      const repro = project.start("repro", "eval", "--force");
      await waitForChild(repro.pid, /deno run .*train\.ts/);
      const started = (await descendants(repro.pid)).map(({ pid }) => pid);
      repro.kill(signal);
      assert.notEqual((await repro.status).code, 0);
      await delay(200);
      assert.deepEqual(await running(started), []);
      assertNotMixed(await resultHashes(project), now, now);
    });
  }

  await t.step("a second repro says that another one is at work", async () => {
    const first = project.start("repro", "eval", "--force");
    await waitForChild(first.pid, /deno run .*preprocess\.ts/);
    assertRefused(await project.task("repro"), /Another `deno task repro`/);
    assert.equal((await first.status).code, 0);
  });

  await t.step("files of DVC that a kill cut short stop no repro, and cost no stage", async () => {
    const lock = await project.read("dvc.lock");
    await project.write(KEPT_LOCK, lock);
    await project.write(".dvc/tmp/rwlock", '{"write": {"/mod');
    await project.write("dvc.lock", lock.slice(0, lock.lastIndexOf("md5:")));
    const { stdout, stderr } = await must(project.task("repro", "eval"));
    assert.match(stderr, /^dvc\.lock was cut short/m);
    assert.doesNotMatch(stdout, /Running stage/);
    assert.equal(await project.read("dvc.lock"), lock);
    await assert.rejects(project.read(KEPT_LOCK), Deno.errors.NotFound);
  });

  await t.step("a whole dvc.lock is left as it is after a kill", async () => {
    const lock = await project.read("dvc.lock");
    await project.write(KEPT_LOCK, "");
    const { stdout, stderr } = await must(project.task("repro", "eval"));
    assert.doesNotMatch(stdout + stderr, /Running stage|cut short/);
    assert.equal(await project.read("dvc.lock"), lock);
  });
});

/** Runs the line up to its results. */
async function runLine(project: Project): Promise<Record<string, string>> {
  await must(project.task("repro", "eval"));
  return await resultHashes(project);
}

/** Hash of each result; what tells Git what to ignore is none. */
async function resultHashes(project: Project): Promise<Record<string, string>> {
  const hashes = Object.entries(await project.hashes(...RESULTS));
  return Object.fromEntries(hashes.filter(([path]) => !path.endsWith("/.gitignore")));
}

/** Each result, temporary files aside, is the one of the first run or of the second. */
function assertNotMixed(
  found: Record<string, string>,
  first: Record<string, string>,
  second: Record<string, string>,
): void {
  const whole = Object.entries(found).filter(([path]) => !path.endsWith(".tmp"));
  assert.deepEqual(whole.map(([path]) => path).sort(), Object.keys(first).sort());
  for (const [path, hash] of whole) {
    assert.ok(hash === first[path] || hash === second[path], path);
  }
}

/** Runs one stage's script as DVC would. */
function stage(project: Project, name: string, script: string): Promise<Result> {
  return project.run(Deno.execPath(), "run", "-q", `-P=${name}`, `pipeline/${script}.ts`);
}

/** One line on stderr that matches all patterns, no stack trace, exit code 1. */
function assertRefused({ code, stderr }: Result, ...patterns: RegExp[]): void {
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.match(stderr, /^error: /);
  for (const pattern of patterns) assert.match(stderr, pattern);
  assert.equal(code, 1);
}

function only(hashes: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(hashes).filter(([path]) => path.startsWith(prefix)));
}

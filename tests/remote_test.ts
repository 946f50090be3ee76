import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { resolve } from "node:path";
import { parse, stringify } from "yaml";
import { startGoogleDrive } from "./google_drive.ts";
import { cloneProject, commit, copyProject, must, type Project, type Result } from "./project.ts";
import { startS3 } from "./s3_server.ts";

/** Files that DVC keeps, and that come back from a remote. */
const DATA = ["data/train.csv", "data/features.csv", "data/stores.csv", "data/processed"];

const KEY = { id: "key-of-the-tests", secret: "secret-of-the-tests" };

Deno.test("remotes: push, a fresh clone, pull, and nothing to do", async (t) => {
  await using project = await copyProject();
  await keepOneStage(project);
  const config = await project.read(".dvc/config");
  const hashes = await project.hashes(...DATA);
  const folder = await Deno.makeTempDir({ prefix: "retail-demand-" });
  await Deno.mkdir(`${folder}/s3/bucket`, { recursive: true });
  await using s3 = await startS3(`${folder}/s3`, KEY);

  await t.step("a named Google Drive asks for no plugin and stands in nobody's way", async () => {
    assert.match(config, /\['remote "gdrive"'\]\n +url = gdrive:\/\/FOLDER_ID\n/);
    assert.doesNotMatch(config, /^ *remote *=/m);
    await nothingToDo(project);
    const { stderr } = await project.task("dvc", "push");
    assert.match(stderr, /no remote specified/);
  });

  await t.step("a folder", async () => {
    const { stdout } = await must(
      project.task("remote", "--url", `${folder}/dvc`, "--name", "share", "--default"),
    );
    assert.match(stdout, /^The remote share \(.*\/dvc\) works: a small file was written, read/);
    assert.deepEqual(await filesUnder(`${folder}/dvc`), []);
    await commit(project, "folder");
    await must(project.task("dvc", "push"));
    await using clone = await openClone(project);
    await must(clone.task("dvc", "pull"));
    assert.deepEqual(await clone.hashes(...DATA), hashes);
    await nothingToDo(clone);
  });

  await t.step("changes nothing where S3 does not know the credentials", async () => {
    const before = await project.read(".dvc/config");
    project.env.AWS_SECRET_ACCESS_KEY = "wrong";
    const result = await project.task("remote", ...s3Options(s3.url));
    expectError(result, /cannot be used: .*SignatureDoesNotMatch.*Nothing was changed\.$/);
    assert.equal(await project.read(".dvc/config"), before);
  });

  await t.step("S3", async () => {
    project.env.AWS_SECRET_ACCESS_KEY = KEY.secret;
    const { stdout, stderr } = await must(project.task("remote", ...s3Options(s3.url)));
    assert.match(stdout, /^The remote storage \(s3:\/\/bucket\/dvc\) works/);
    assert.deepEqual(await filesUnder(`${folder}/s3/bucket`), []);
    await commit(project, "s3");
    for (const text of [stdout, stderr, await project.read(".dvc/config")]) {
      assert.ok(!text.includes(KEY.secret) && !text.includes(KEY.id), text);
    }
    await must(project.task("dvc", "push"));
    // Three raw tables, and what the stage makes of them.
    assert.equal((await filesUnder(`${folder}/s3/bucket`)).length, 6);
  });

  await t.step("a fresh clone does all but pull before the plugin is there", async () => {
    await using clone = await openClone(project);
    const status = await must(clone.task("dvc", "status"));
    assert.match(status.stdout, /not in cache/);
    const data = await clone.task("data");
    expectError(data, /`deno task remote --name storage` installs it/);
    const pull = await clone.task("dvc", "pull");
    assert.notEqual(pull.code, 0);
    assert.match(pull.stderr, /`deno task remote --name storage` installs it and tests the remote/);

    await linkEnvironment("cloud", project, clone);
    await must(clone.task("remote", "--name", "storage"));
    await must(clone.task("data"));
    await must(clone.task("dvc", "pull"));
    assert.deepEqual(await clone.hashes(...DATA), hashes);
    await nothingToDo(clone);
    assert.equal((await clone.run("git", "status", "--porcelain")).stdout, "");
  });

  await t.step("Google Drive, by a mock of it, with the key in CI's variable", async () => {
    await using drive = startGoogleDrive();
    // DVC opens the default remote in every pull, and S3's plugin is in another environment.
    await must(project.task("dvc", "remote", "default", "--unset"));
    project.env.PYTHONPATH = resolve("tests/python/google_drive");
    project.env.GOOGLE_DRIVE_MOCK = drive.url;
    project.env.DVC_GDRIVE_SERVICE_ACCOUNT_JSON = drive.key;
    const set = await must(project.task("remote", "--url", `gdrive://${drive.folder}`));
    assert.match(set.stdout, /^The remote gdrive \(gdrive:\/\/0AFolderOfTheTests\) works/);
    assert.deepEqual(drive.titles(), []);
    await commit(project, "Google Drive");
    await must(project.task("dvc", "push", "-r", "gdrive"));
    assert.equal(drive.titles().length, 6);

    await using clone = await openClone(project);
    await linkEnvironment("gdrive", project, clone);
    const { stdout, stderr } = await must(clone.task("remote", "--name", "gdrive"));
    await must(clone.task("dvc", "pull", "-r", "gdrive"));
    assert.deepEqual(await clone.hashes(...DATA), hashes);
    await nothingToDo(clone);

    const keyFile = ".dvc/tmp/gdrive-service-account.json";
    assert.equal(await clone.read(keyFile), drive.key);
    assert.equal((await Deno.stat(clone.path(keyFile))).mode! & 0o777, 0o600);
    const local = await clone.read(".dvc/config.local");
    assert.match(local, /gdrive_service_account_json_file_path = .*gdrive-service-account\.json/);
    for (const text of [stdout, stderr, local]) assert.doesNotMatch(text, /PRIVATE KEY/);
    assert.equal((await clone.run("git", "status", "--porcelain")).stdout, "");

    // Another account's key, with an address that the mock knows.
    clone.env.DVC_GDRIVE_SERVICE_ACCOUNT_JSON = otherKey(drive.key);
    const refused = await clone.task("remote", "--name", "gdrive");
    expectError(refused, /cannot be used: .*[Ii]nvalid.*Nothing was changed\.$/);
    assert.doesNotMatch(refused.stderr, /PRIVATE KEY/);
    assert.equal(await clone.read(keyFile), drive.key);
    assert.equal(await clone.read(".dvc/config.local"), local);

    // Even as the default it is needed for nothing but the remote itself.
    await Deno.remove(clone.path("remotes/gdrive/.venv"));
    await must(clone.task("dvc", "remote", "default", "gdrive"));
    await nothingToDo(clone);
  });

  await Deno.remove(folder, { recursive: true });
});

/** Leaves of the line the stage that takes a second, runs it and commits what it made. */
async function keepOneStage(project: Project): Promise<void> {
  // Python's modules compiled once, whatever the environment of the tests says.
  project.env.PYTHONDONTWRITEBYTECODE = "";
  project.env.AWS_ACCESS_KEY_ID = KEY.id;
  const { stages } = parse(await project.read("dvc.yaml"));
  await project.write("dvc.yaml", stringify({ stages: { preprocess: stages.preprocess } }));
  await must(project.task("dvc", "repro"));
  await commit(project, "one stage");
}

async function openClone(project: Project): Promise<Project> {
  const clone = await cloneProject(project);
  Object.assign(clone.env, project.env);
  return clone;
}

/** Gives a clone the plugins that were installed before, so that it is done once. */
async function linkEnvironment(name: string, project: Project, clone: Project): Promise<void> {
  const path = `remotes/${name}/.venv`;
  await Deno.symlink(project.path(path), clone.path(path));
}

function otherKey(key: string): string {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return JSON.stringify({ ...JSON.parse(key), private_key: privateKey });
}

function s3Options(url: string): string[] {
  return ["--url", "s3://bucket/dvc", "--endpoint-url", url, "--default"];
}

/** DVC finds nothing to do, whatever it is asked. */
async function nothingToDo(project: Project): Promise<void> {
  const status = await must(project.task("dvc", "status"));
  assert.match(status.stdout, /Data and pipelines are up to date\./);
  const repro = await must(project.task("dvc", "repro"));
  assert.match(repro.stdout, /Data and pipelines are up to date\./);
  assert.doesNotMatch(repro.stdout, /Running stage/);
}

/** Exit code 1 and an error in one line at the end, that matches. */
function expectError({ code, stderr }: Result, pattern: RegExp): void {
  assert.equal(code, 1, stderr);
  const last = stderr.trimEnd().split("\n").at(-1)!;
  assert.match(last, /^error: /);
  assert.match(last, pattern);
}

async function filesUnder(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesUnder(`${folder}/${name}`));
    else files.push(`${folder}/${name}`);
  }
  return files;
}

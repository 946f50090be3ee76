import { dirname, join, resolve } from "node:path";
import { RAW_PATHS } from "../lib/dataset/raw_files.ts";
import { smallHistory } from "./small_history.ts";

/** What a command printed, and its exit code. */
export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** A copy of this project in a temporary folder, with a small history as its raw data. */
export interface Project extends AsyncDisposable {
  root: string;
  /** Variables for what is run in the copy, beside those of the tests. */
  env: Record<string, string>;
  path(file: string): string;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** Replaces text that must be there, once, in a file. */
  edit(file: string, from: string, to: string): Promise<void>;
  /** Runs `deno task ...` in the copy. */
  task(...args: string[]): Promise<Result>;
  /** Starts `deno task ...` in the copy and leaves it running, its output thrown away. */
  start(...args: string[]): Deno.ChildProcess;
  /** Runs any program in the copy. */
  run(command: string, ...args: string[]): Promise<Result>;
  /** Content hash of each file at these paths; folders with all they hold. */
  hashes(...paths: string[]): Promise<Record<string, string>>;
}

/**
 * Copies the working tree (what Git tracks, and new files that it does not ignore) into a temporary
 * Git repository of its own. `.venv` is this project's, by a link; the npm packages are installed
 * by the copy's first task. Trees are few, so that the stages take a second each.
 */
export async function copyProject(): Promise<Project> {
  const root = await Deno.makeTempDir({ prefix: "retail-demand-" });
  const files = await capture(".", "git", ["ls-files", "-coz", "--exclude-standard"]);
  for (const file of files.stdout.split("\0").filter((file) => file !== "")) {
    // A file that was removed but is still in Git's index.
    if (!(await isThere(file))) continue;
    await Deno.mkdir(dirname(join(root, file)), { recursive: true });
    await Deno.copyFile(file, join(root, file));
  }
  await Deno.symlink(resolve(".venv"), join(root, ".venv"));
  const project = openProject(root);
  // What a working tree may hold of its own runs.
  await remove(project.path("dvc.lock"));
  for (const [name, text] of Object.entries(smallHistory())) {
    await project.write(`data/${name}`, text);
  }
  await project.edit("params.yaml", "n_estimators: 100 ", "n_estimators: 4 ");
  await project.edit("params.yaml", "n_estimators: 150 ", "n_estimators: 8 ");
  await must(project.run("git", "init", "-q"));
  await must(project.task("dvc", "add", "-q", ...RAW_PATHS));
  await commit(project, "start");
  return project;
}

/** A Git clone of a copy, as a colleague would get it: what is committed, and no DVC cache. */
export async function cloneProject(project: Project): Promise<Project> {
  const root = await Deno.makeTempDir({ prefix: "retail-demand-" });
  await must(capture(root, "git", ["clone", "-q", project.root, "."]));
  await Deno.symlink(resolve(".venv"), join(root, ".venv"));
  return openProject(root);
}

/** Commits all that Git does not ignore. */
export async function commit(project: Project, message: string): Promise<void> {
  await must(project.run("git", "add", "--all"));
  const who = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  await must(project.run("git", ...who, "commit", "-q", "--allow-empty", "-m", message));
}

/** The result of a command that has to succeed. */
export async function must(running: Promise<Result>): Promise<Result> {
  const result = await running;
  if (result.code === 0) return result;
  throw new Error(`exit code ${result.code}\n${result.stdout}\n${result.stderr}`);
}

// A store of its own in each copy, whatever the environment of the tests says.
const ENV: Record<string, string> = {
  MLFLOW_TRACKING_URI: "",
  MLFLOW_EXPERIMENT_NAME: "",
  NO_COLOR: "1",
};

function openProject(root: string): Project {
  const path = (file: string) => join(root, file);
  const deno = Deno.execPath();
  const env = { ...ENV };
  return {
    root,
    env,
    path,
    read: (file) => Deno.readTextFile(path(file)),
    write: (file, text) => Deno.writeTextFile(path(file), text),
    async edit(file, from, to) {
      const text = await Deno.readTextFile(path(file));
      if (text.split(from).length !== 2) throw new Error(`${file} holds "${from}" not just once`);
      await Deno.writeTextFile(path(file), text.replace(from, () => to));
    },
    task: (...args) => capture(root, deno, ["task", "--quiet", ...args], env),
    start: (...args) =>
      new Deno.Command(deno, {
        args: ["task", "--quiet", ...args],
        cwd: root,
        env,
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn(),
    run: (command, ...args) => capture(root, command, args, env),
    async hashes(...paths) {
      const hashes: Record<string, string> = {};
      for (const each of paths) await hashInto(hashes, root, each);
      return hashes;
    },
    async [Symbol.asyncDispose]() {
      // Files in DVC's cache are read-only; on Windows they would not go.
      await Deno.remove(root, { recursive: true });
    },
  };
}

async function capture(
  cwd: string,
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    env,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function hashInto(hashes: Record<string, string>, root: string, path: string): Promise<void> {
  const full = join(root, path);
  if ((await Deno.stat(full)).isDirectory) {
    for await (const { name } of Deno.readDir(full)) {
      await hashInto(hashes, root, `${path}/${name}`);
    }
    return;
  }
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(full));
  hashes[path] = new Uint8Array(digest).toHex();
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}

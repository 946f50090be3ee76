import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { mockGitHub } from "../lib/github/testing.ts";
import { pathWithDeno } from "../lib/tools.ts";
import { type ExtraEnvironment, extraTool, installExtra } from "../tasks/extra_environment.ts";
import { commit, copyProject, must, type Project } from "./project.ts";

/** Checkers of .github, and Go, which builds one of them. */
const CHECKERS: ExtraEnvironment = { folder: "tests/workflows", content: "zizmor and Go" };

interface Step {
  name?: string;
  if?: string;
  run?: string;
  env?: Record<string, string>;
}

Deno.test("actionlint and zizmor find nothing in .github", async () => {
  await installExtra(CHECKERS);
  const actionlint = resolve(await buildActionlint());
  const workflows = (await Array.fromAsync(Deno.readDir(".github/workflows")))
    .map(({ name }) => `.github/workflows/${name}`).sort();
  assert.ok(workflows.length >= 3);
  // Without the two programs that it would ask where they happen to be.
  await succeeds(actionlint, ["-shellcheck=", "-pyflakes=", ...workflows]);
  await succeeds(resolve(extraTool(CHECKERS, "zizmor")), ["--offline", "--quiet", ".github"]);
});

Deno.test("every task that a workflow runs is one", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  for (const file of ["ci", "cml", "deploy"]) {
    const text = await Deno.readTextFile(`.github/workflows/${file}.yaml`);
    const named = [...text.matchAll(/^[^#\n]*deno task (?:--quiet )?([\w:-]+)/gm)];
    assert.ok(named.length > 0);
    for (const [line, task] of named) assert.ok(task! in tasks, line);
  }
});

Deno.test("the steps of the workflows run in their order", async (t) => {
  await using project = await copyProject();
  await using github = mockGitHub();
  const temp = await Deno.makeTempDir({ prefix: "retail-demand-runner-" });
  // A store on a disk takes half a minute to make, in memory a few seconds.
  const memory = await Deno.makeTempDir({ dir: await inMemory(), prefix: "retail-demand-" });
  try {
    Object.assign(project.env, {
      PATH: pathWithDeno(),
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: "owner/forecasts",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "7",
      GITHUB_STEP_SUMMARY: join(temp, "summary.md"),
      RUNNER_TEMP: temp,
    });
    await must(project.task("setup"));
    await must(project.task("dvc", "repro", "-q", "eval"));
    await commit(project, "results of main");
    await must(project.run("git", "branch", "-M", "main"));
    await must(project.run("git", "checkout", "-q", "-b", "change"));
    await project.edit("params.yaml", "n_estimators: 8 ", "n_estimators: 12 ");
    await commit(project, "more trees");

    await t.step("cml.yaml reports a pull request and comments on it once", async () => {
      const run = async (steps: Step[]) =>
        await runSteps(project, steps, {
          "env.HAS_REMOTE == 'true'": false,
          "steps.data.outcome == 'success'": true,
          "${{ !cancelled() }}": true,
          "${{ !cancelled() && github.event_name == 'pull_request' && env.HAS_TOKEN == 'true' }}":
            true,
          "env.HAS_REMOTE == 'true' && github.ref == 'refs/heads/main'": false,
        }, {
          "secrets.MLFLOW_TRACKING_URI": `sqlite:///${memory}/mlflow.db`,
          "secrets.CML_TOKEN": "ghp_of_the_tests",
          "vars.MLFLOW_TRACKING_URI": "https://mlflow.example.com",
          "github.base_ref && format('origin/{0}', github.base_ref) || github.event.before": "main",
          "github.event.pull_request.number": "12",
        });
      const all = await steps("cml", "report");
      const reporting = ["Write the report", "Put the report under the pull request"];
      assert.deepEqual(await run(all), [
        "Check out what an earlier run kept",
        "Bring synthetic data where these are meant",
        "Run the stages that are due",
        "Log to MLflow",
        ...reporting,
      ]);
      await run(all.filter(({ name }) => reporting.includes(name!)));
      const report = await project.read("report.md");
      assert.match(report, /^## (🟢|🔴|⚪) .*WMAE [\d,]+.* main/);
      assert.match(report, /^\| `gbr.n_estimators` \| `8` \| `12` \|$/m);
      assert.match(report, /^- (🏆 )?retail-demand-gbr, version 1: /m);
      assert.match(report, /https:\/\/mlflow\.example\.com\/#\/runs\/\w{32}\)/);
      assert.match(report, /https:\/\/github\.com\/owner\/forecasts\/actions\/runs\/7#artifacts/);
      const summary = await Deno.readTextFile(join(temp, "summary.md"));
      assert.equal(summary, report + report);
      assert.deepEqual([...github.comments.values()].map((text) => text.split("\n").slice(1)), [
        report.split("\n"),
      ]);
    });

    await t.step("a fork without the data gets the report of what it committed", async () => {
      await must(project.run("git", "checkout", "-q", "."));
      const ran = await runSteps(project, await steps("cml", "report"), {
        "env.HAS_REMOTE == 'true'": false,
        "steps.data.outcome == 'success'": false,
        "${{ !cancelled() }}": true,
        "${{ !cancelled() && github.event_name == 'pull_request' && env.HAS_TOKEN == 'true' }}":
          false,
        "env.HAS_REMOTE == 'true' && github.ref == 'refs/heads/main'": false,
      }, {
        "vars.MLFLOW_TRACKING_URI": "",
        "github.base_ref && format('origin/{0}', github.base_ref) || github.event.before": "main",
      });
      assert.equal(ran.at(-1), "Write the report");
      const report = await project.read("report.md");
      assert.match(report, /^## 🟡 Out of date/);
      assert.match(report, /other values of `gbr.n_estimators`/);
    });

    await t.step("a push with nothing before it is reported against its own commit", async () => {
      const [writing] = (await steps("cml", "report")).filter(({ name }) =>
        name === "Write the report"
      );
      await runSteps(project, [writing!], { "${{ !cancelled() }}": true }, {
        "vars.MLFLOW_TRACKING_URI": "",
        "github.base_ref && format('origin/{0}', github.base_ref) || github.event.before": "0"
          .repeat(40),
      });
      assert.match(await project.read("report.md"), /^\| Model \| WMAE on HEAD \| WMAE now \|/m);
    });

    await t.step("deno task report says what it lacks", async () => {
      const unknown = await project.task("report", "--base", "nowhere");
      assert.equal(unknown.code, 1);
      assert.match(unknown.stderr, /^error: Git finds no common history of "nowhere" and this/m);
      await project.write("dvc.lock", "stages: []");
      const damaged = await project.task("report");
      assert.equal(damaged.code, 1);
      assert.match(damaged.stderr, /^error: dvc\.lock of this folder has another shape/m);
      await must(project.run("git", "checkout", "-q", "dvc.lock"));
    });

    await t.step("deploy.yaml builds and stages both services", async () => {
      const ran = await runSteps(
        project,
        (await steps("deploy", "deploy")).filter(({ name }) => !/^(Deploy|Ask)/.test(name!)),
        {
          "github.event_name == 'release'": false,
          "github.event_name == 'repository_dispatch'": false,
        },
        {},
        { MODELS: "models" },
      );
      assert.deepEqual(ran, ["Build the pages", "Stage what is uploaded"]);
      for (const file of ["api/models/gbr.json", "ui/ui/_bundle/manifest.json"]) {
        assert.ok((await Deno.stat(join(temp, "deploy", file))).isFile);
      }
    });
  } finally {
    await Deno.remove(temp, { recursive: true });
    await Deno.remove(memory, { recursive: true });
  }
});

/** Steps with a script of a job. */
async function steps(workflow: string, job: string): Promise<Step[]> {
  const { jobs } = parse(await Deno.readTextFile(`.github/workflows/${workflow}.yaml`));
  return jobs[job].steps.filter(({ run }: Step) => run !== undefined);
}

/**
 * Runs steps as GitHub does, one after another.
 *
 * @param conditions What each `if` comes to.
 * @param expressions What each expression in `env` comes to.
 * @param env Of the job.
 * @returns The names of those that ran.
 */
async function runSteps(
  project: Project,
  steps: Step[],
  conditions: Record<string, boolean>,
  expressions: Record<string, string>,
  env: Record<string, string> = {},
): Promise<string[]> {
  const ran: string[] = [];
  const known = <T>(table: Record<string, T>, key: string): T => {
    assert.ok(key in table, `the test does not know what "${key}" comes to`);
    return table[key]!;
  };
  for (const step of steps) {
    if (step.if !== undefined && !known(conditions, step.if)) continue;
    const variables = Object.entries(step.env ?? {}).map(([name, text]) => {
      const value = text.replace(
        /^\$\{\{ (.*) \}\}$/,
        (_, expression: string) =>
          /^secrets\.MLFLOW_TRACKING_(?!URI$)/.test(expression)
            ? ""
            : known(expressions, expression),
      );
      return `${name}=${value}`;
    });
    const job = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    assert.doesNotMatch(step.run!, /\$\{\{/, "an expression in a script can be made a command");
    await must(
      project.run("env", ...job, ...variables, "bash", "-e", "-o", "pipefail", "-c", step.run!),
    );
    ran.push(step.name!);
  }
  return ran;
}

/** A folder in memory where the system has one. */
async function inMemory(): Promise<string> {
  const folder = "/dev/shm";
  const isThere = await Deno.stat(folder).then(() => true, () => false);
  return isThere ? folder : dirname(await Deno.makeTempFile());
}

/** Builds actionlint, where it is not there yet, from the modules whose hashes go.sum holds. */
async function buildActionlint(): Promise<string> {
  const program = extraTool(CHECKERS, "actionlint");
  if (await Deno.stat(program).then(() => true, () => false)) return program;
  console.error("Building actionlint (a minute the first time) ...");
  const package_ = "github.com/rhysd/actionlint/cmd/actionlint";
  await succeeds(resolve(extraTool(CHECKERS, "go")), ["build", "-o", resolve(program), package_], {
    cwd: CHECKERS.folder,
    env: { GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local" },
  });
  return program;
}

async function succeeds(
  command: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, ...options })
    .output();
  const text = new TextDecoder();
  assert.ok(success, text.decode(stdout) + text.decode(stderr));
}

import { changeReport } from "../lib/change_report/change_report.ts";
import type { Links } from "../lib/change_report/links_section.ts";
import { readResultSet, type ReadText, type ResultSet } from "../lib/change_report/result_set.ts";
import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { exists, readTextFile } from "../lib/files.ts";
import { parseTrackingUri } from "../lib/mlflow/tracking_uri.ts";

const HERE = "this folder";

/** Where the base is looked for, if none is named. */
const BASES = ["origin/main", "main", "HEAD"];

/** Prints what this folder's results are beside those of the base. */
async function report(named: string | undefined): Promise<void> {
  const base = named ?? await firstRevision(BASES);
  const now = await readResultSet(readHere, HERE);
  if (!now) {
    throw new UserError(
      "metrics/best_val_metrics.json is missing. Make results with `deno task repro`.",
    );
  }
  const revision = await branchingPoint(base);
  console.log(changeReport(nameOf(base), await readBase(revision), now, links()).trimEnd());
}

/** What an earlier program wrote may have another shape: then there is nothing to compare with. */
async function readBase(revision: string): Promise<ResultSet | undefined> {
  try {
    return await readResultSet((path) => gitShow(revision, path), `revision ${revision}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`Not compared with the base: ${error.message}`);
    return undefined;
  }
}

const readHere: ReadText = async (path) =>
  await exists(path) ? await readTextFile(path, "Make it with `deno task repro`.") : undefined;

async function gitShow(revision: string, path: string): Promise<string | undefined> {
  const { ok, text } = await git("show", `${revision}:${path}`);
  return ok ? text : undefined;
}

/** Where this branch left the base: what happened there since is not this branch's doing. */
async function branchingPoint(base: string): Promise<string> {
  const { ok, text } = await git("merge-base", "--end-of-options", base, "HEAD");
  if (ok) return text.trim();
  throw new UserError(
    `Git finds no common history of "${base}" and this folder. Fetch the base with its history ` +
      "(`git fetch --unshallow` where the clone is shallow), or name another with --base.",
  );
}

async function firstRevision(names: readonly string[]): Promise<string> {
  for (const name of names) {
    if ((await git("rev-parse", "--verify", "--quiet", `${name}^{commit}`)).ok) return name;
  }
  throw new UserError(
    "Git has no commit here to compare with. Commit the results first, or name a base with --base.",
  );
}

async function git(...args: string[]): Promise<{ ok: boolean; text: string }> {
  try {
    const { success, stdout } = await new Deno.Command("git", { args, stdin: "null" }).output();
    return { ok: success, text: new TextDecoder().decode(stdout) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError("git was not found. Install Git and run again.");
  }
}

/** A revision for people: a commit by its first digits, a branch without its remote. */
function nameOf(base: string): string {
  return /^[0-9a-f]{40}$/.test(base) ? base.slice(0, 8) : base.replace(/^origin\//, "");
}

function links(): Links {
  const [server, repository, run] = ["SERVER_URL", "REPOSITORY", "RUN_ID"]
    .map((name) => Deno.env.get(`GITHUB_${name}`));
  const store = Deno.env.get("MLFLOW_TRACKING_URI");
  const mlflow = store ? parseTrackingUri(store, Deno.cwd()) : undefined;
  return {
    workflow: run && `${server}/${repository}/actions/runs/${run}`,
    // Without the login that a tracking URI may hold.
    mlflow: mlflow?.kind === "server" ? mlflow.url : undefined,
  };
}

if (import.meta.main) {
  await runCommand({
    name: "deno task report",
    summary:
      "Prints as Markdown what this branch's results are beside those of the base: a verdict, metrics,\n" +
      "slices, parameters and data that changed, champions, charts. Results are what the last\n" +
      "`deno task repro` left in metrics/; the base's are those committed where this branch left it.",
    options: {
      base: {
        type: "string",
        value: "REVISION",
        description: `branch or commit to compare with (default: ${BASES.join(", else ")})`,
      },
    },
    examples: ["deno task report", "deno task report --base v1.2.0 > report.md"],
  }, ({ values }) => report(values.base));
}

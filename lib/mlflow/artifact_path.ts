import { UserError } from "../errors.ts";

/**
 * An artifact's path inside a run, made safe for a URL.
 *
 * The MLflow server does not stop `..`, and would write outside the run's folder, so it is stopped
 * here.
 *
 * @throws {UserError} on an absolute or empty path, a backslash, and segments that are empty, `.`
 * or `..`.
 *
 * @example
 * ```ts
 * import { encodeArtifactPath } from "./artifact_path.ts";
 * encodeArtifactPath("plots/total by week.svg"); // "plots/total%20by%20week.svg"
 * ```
 */
export function encodeArtifactPath(path: string): string {
  const segments = path.split("/");
  // deno-lint-ignore no-control-regex
  const bad = segments.some((segment) => /^\.{0,2}$|[\\\u0000-\u001f]/.test(segment));
  if (bad) {
    throw new UserError(
      `Artifact path ${JSON.stringify(path)} is refused: expected names joined by "/", without ` +
        `".." and backslashes. Rename the file and run again.`,
    );
  }
  return segments.map(encodeURIComponent).join("/");
}

import { UserError } from "../errors.ts";

/**
 * An artifact's path inside a run, made safe for a URL.
 *
 * The MLflow server does not stop `..`, and would write outside the run's folder, so it is stopped
 * here. So are names that the server refuses (`#`) or would change: it decodes what looks encoded,
 * and drops a `?` or `;` at the end.
 *
 * @throws {UserError} on an absolute or empty path, a backslash, a control character, segments that
 * are empty, `.` or `..`, and the names that the server does not keep.
 *
 * @example
 * ```ts
 * import { encodeArtifactPath } from "./artifact_path.ts";
 * encodeArtifactPath("plots/total by week.svg"); // "plots/total%20by%20week.svg"
 * ```
 */
export function encodeArtifactPath(path: string): string {
  const segments = path.split("/");
  if (!segments.every(isSafeName)) {
    throw new UserError(
      `Artifact path ${JSON.stringify(path)} is refused: expected names joined by "/", without ` +
        `".." and backslashes. Rename the file and run again.`,
    );
  }
  if (/#|%[0-9a-f]{2}|[?;]$/i.test(path)) {
    throw new UserError(
      `Artifact path ${JSON.stringify(path)} is refused: MLflow cannot keep names with "#" or ` +
        `with "%" before two hexadecimal digits, or ending in "?" or ";". ` +
        "Rename the file and run again.",
    );
  }
  return segments.map(encodeURIComponent).join("/");
}

/** Whether a name stays in its folder: no separator in it, no control character, not `..`. */
export function isSafeName(name: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/^\.{0,2}$|[/\\\u0000-\u001f\u007f]/.test(name);
}

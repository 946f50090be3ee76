import { parse, YAMLParseError } from "yaml";
import { UserError } from "./errors.ts";
import { readTextFile } from "./files.ts";
import { type Params, paramsSchema } from "./params_schema.ts";

export type { Params } from "./params_schema.ts";

/** Reads and checks params.yaml.
 *
 * @throws {UserError} naming the key, what it should be and what it is.
 */
export async function readParams(path = "params.yaml"): Promise<Params> {
  const text = await readTextFile(path, "Restore it with `git checkout params.yaml`.");
  return parseParams(text, path);
}

/** Checks the text of params.yaml; as {@linkcode readParams}. */
export function parseParams(text: string, path = "params.yaml"): Params {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new UserError(
      `${path} is not valid YAML: ${error.message.split("\n")[0]} Correct it and run again.`,
    );
  }
  const result = paramsSchema.safeParse(value);
  if (!result.success) {
    // A key that is misspelt is missing as well: the name as it was written says more.
    const { issues } = result.error;
    const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
    const key = issue.path.join(".") || "the document";
    throw new UserError(`${path}: ${key}: ${issue.message}. Correct it and run again.`);
  }
  return result.data;
}

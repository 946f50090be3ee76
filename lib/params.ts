import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { UserError } from "./errors.ts";
import { readTextFile } from "./files.ts";

const seed = z.int().min(0).max(2 ** 32 - 1);
const share = z.number().gt(0).max(1);

const tree = {
  n_estimators: z.int().min(1).max(10_000),
  max_depth: z.int().min(1).nullable(),
  max_leaf_nodes: z.int().min(2).nullable(),
  min_samples_leaf: z.int().min(1),
  max_features: share,
  max_samples: share,
  max_bins: z.int().min(2).max(255),
  seed,
};

const schema = z.strictObject({
  split: z.strictObject({
    strategy: z.enum(["time", "random"]),
    validation_weeks: z.int().min(1),
    validation_fraction: z.number().gt(0).lt(1),
    seed,
  }),
  select: z.strictObject({ metric: z.enum(["rmse", "mae", "wmae"]) }),
  rf: z.strictObject(tree),
  gbr: z.strictObject({ ...tree, learning_rate: z.number().gt(0).max(1) }),
});

/** What params.yaml holds; the file itself says what each value means. */
export type Params = z.infer<typeof schema>;

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
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const key = issue.path.join(".") || "the document";
    throw new UserError(`${path}: ${key}: ${issue.message}. Correct it and run again.`);
  }
  return result.data;
}

import type { Model, Models } from "./answers.ts";
import type { ModelChoice } from "./forecast.ts";

/** The model of a name, else the usual one, else any; `undefined` where there is none. */
export function chooseModel(
  { models, default_model }: Models,
  name: string | undefined,
): Model | undefined {
  const named = (name: string | null | undefined) => models.find((model) => model.name === name);
  return named(name) ?? named(default_model) ?? models[0];
}

/** What pages say of a model where one is chosen. */
export function choiceOf(model: Model): ModelChoice {
  const { name, is_default, metrics, baseline, origin, intervals } = model;
  const wmae = metrics.validation?.wmae ?? null;
  return {
    name,
    isDefault: is_default,
    wmae,
    skill: skillOf(wmae, baseline?.validation.wmae),
    origin,
    intervals,
  };
}

/** By which share an error is below the baseline's; `null` where one is not known. */
export function skillOf(
  wmae: number | null | undefined,
  baseline: number | null | undefined,
): number | null {
  return wmae === null || wmae === undefined || !baseline ? null : 1 - wmae / baseline;
}

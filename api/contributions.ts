import { readRecords } from "../lib/features/read_records.ts";
import { DERIVED_FEATURES, type Feature, FEATURES } from "../lib/features/table.ts";
import { prepareExplanation, type Term } from "../lib/model/explain.ts";
import type { Model } from "../lib/model/model.ts";
import type { Explainer } from "./explainer.ts";

/** What one thing adds to a forecast. */
export interface Contribution {
  /** `Sales history`, `Base`, or a feature's name; see {@linkcode Term}. */
  feature: string;
  /** Of a feature: its value as a record has it, `null` where missing. */
  value?: number | string | boolean | null;
  /** In USD. */
  contribution: number;
}

/**
 * Takes forecasts apart: terms that sum to the prediction.
 *
 * @param records Checked, without errors.
 */
export async function contributionsOf(
  model: Model,
  records: readonly unknown[],
  explain: Explainer,
): Promise<{ terms: Contribution[] }[]> {
  const { columns } = readRecords(records);
  const { values, terms } = prepareExplanation(model, columns);
  const shap = values.length > 0 ? await explain(model.ensemble, values) : undefined;
  return terms(shap).map((ofRecord) => ({ terms: ofRecord.map(describe) }));
}

const ROWS = new Map<string, Feature>(
  [...FEATURES, ...DERIVED_FEATURES].map((feature) => [feature.name, feature]),
);

function describe({ name, value, amount }: Term): Contribution {
  const feature = ROWS.get(name);
  return {
    feature: name,
    ...feature && value !== undefined && { value: decodeValue(feature, value) },
    contribution: amount,
  };
}

/** The value that a number stands for: what `encodeValue()` does, the other way. */
function decodeValue(feature: Feature, code: number): number | string | boolean | null {
  if (Number.isNaN(code)) return null;
  if (feature.kind === "flag") return code === 1;
  return "values" in feature ? feature.values[code] ?? null : code;
}

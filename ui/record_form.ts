import { checkValue } from "../lib/features/check_value.ts";
import { describeValues, isInteger } from "../lib/features/describe_values.ts";
import type { RawValue } from "../lib/features/encode.ts";
import { readCell } from "../lib/features/read_cell.ts";
import { type Feature, type FeatureName, FEATURES } from "../lib/features/table.ts";

/** The form of a record as it is typed: a text for each feature, "" where nothing is. */
export type Form = Record<FeatureName, string>;

/** A record as the API takes it. */
export type FormRecord = Record<FeatureName, RawValue>;

/** What is wrong, in a sentence, by feature. */
export type FormErrors = Partial<Record<FeatureName, string>>;

/** Features under the heading under which people find them, in the order of the table. */
export const GROUPS: readonly { name: Feature["group"]; features: readonly FormFeature[] }[] =
  groupFeatures();

/** A feature that a form asks for. */
export type FormFeature = Feature & { name: FeatureName };

function groupFeatures() {
  const groups = Map.groupBy<Feature["group"], FormFeature>(FEATURES, ({ group }) => group);
  return [...groups].map(([name, features]) => ({ name, features }));
}

/** The form that shows a record. */
export function formOf(record: Readonly<Record<string, unknown>>): Form {
  return makeForm((name) => {
    const value = record[name];
    return value === null || value === undefined ? "" : String(value);
  });
}

/**
 * The form that an address or a post carries; what it leaves out is as in `defaults`.
 *
 * @param get Value of a field; none where there is no such field.
 */
export function readForm(get: (name: string) => string | null | undefined, defaults: Form): Form {
  return makeForm((name) => get(name)?.trim() ?? defaults[name]);
}

function makeForm(text: (name: FeatureName) => string): Form {
  return Object.fromEntries(FEATURES.map(({ name }) => [name, text(name)])) as Form;
}

/** What an address carries of a form: the model and all fields. */
export function formQuery(model: string, form: Form): string {
  const query = new URLSearchParams({ model });
  // Written too where it is empty: left out, it would be the default.
  for (const { name } of FEATURES) query.set(name, form[name]);
  return query.toString();
}

/** The record of a form, and what is wrong with it. */
export function checkForm(form: Form): { record: FormRecord; errors: FormErrors } {
  const errors: FormErrors = {};
  const record = Object.fromEntries(FEATURES.map((feature: FormFeature) => {
    const value = readCell(feature, form[feature.name]);
    if (checkValue(feature, value) !== undefined) errors[feature.name] = complaint(feature, value);
    return [feature.name, value];
  })) as FormRecord;
  return { record, errors };
}

/** What to do about a wrong value. */
function complaint(feature: Feature, value: unknown): string {
  const what = describeValues(feature).replace(/, or none$/, "");
  if (value === null || value === undefined) return `This is needed: ${what}.`;
  return `Give ${what}.`;
}

/** What stands below a field: what it means, and what it takes. */
export function hintOf(feature: Feature): string {
  if (feature.kind === "flag" || "values" in feature) return feature.description;
  const [min, max] = [feature.min, feature.max].map((value) => value.toLocaleString("en-US"));
  const whole = isInteger(feature) ? ", whole numbers" : "";
  const empty = feature.missing === "keep" ? "; may stay empty" : "";
  return `${feature.description} From ${min} to ${max}${whole}${empty}.`;
}

/** The unit beside a field, where the label does not say it already. */
export function unitOf(feature: Feature): string {
  if (feature.kind !== "number") return "";
  return feature.label.toLowerCase() === feature.unit.toLowerCase() ? "" : feature.unit;
}

import { isInteger } from "../../lib/features/describe_values.ts";
import { type Form, type FormFeature, hintOf, unitOf } from "../record_form.ts";

/** What a field of a feature needs to be drawn. */
export interface FieldProps {
  feature: FormFeature;
  value: Form[keyof Form];
  /** What is wrong with it. */
  error?: string | undefined;
  /** Values to choose from, where they are known. */
  choices?: readonly Choice[] | undefined;
  onInput?: (value: string) => void;
}

/** A value to choose. */
export interface Choice {
  value: string;
  label: string;
  /** Heading under which it stands. */
  group?: string;
}

/** A labelled field for a feature, with its unit, its hint and what is wrong with its value. */
export function Field({ feature, value, error, choices, onInput }: FieldProps) {
  const id = `field-${feature.name}`;
  const unit = unitOf(feature);
  const common = {
    id,
    name: feature.name,
    "aria-describedby": `${id}-hint${error ? ` ${id}-error` : ""}`,
    "aria-invalid": error ? true : undefined,
    onInput: onInput &&
      ((event: Event) => onInput((event.currentTarget as HTMLInputElement).value)),
  };
  const options = choices ?? choicesOf(feature);
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={id}>
        {feature.label} {unit && <span class="unit">{unit}</span>}
      </label>
      {options
        ? (
          <select {...common} value={value}>
            <Options options={withValue(options, value)} value={value} />
          </select>
        )
        : (
          <input
            {...common}
            value={value}
            inputMode={isInteger(feature) ? "numeric" : "decimal"}
            autocomplete="off"
            required={feature.missing === "refuse"}
          />
        )}
      {error && <p class="error" id={`${id}-error`}>{error}</p>}
      <p class="hint" id={`${id}-hint`}>{choices ? feature.description : hintOf(feature)}</p>
    </div>
  );
}

function choicesOf(feature: FormFeature): Choice[] | undefined {
  if (feature.kind === "flag") {
    return [{ value: "false", label: "No" }, { value: "true", label: "Yes" }];
  }
  if (!("values" in feature)) return undefined;
  return feature.values.map((value) => ({ value, label: value }));
}

/** A value that is not among those to choose stays what it is, so that it can be told as wrong. */
function withValue(options: readonly Choice[], value: string): readonly Choice[] {
  if (options.some((option) => option.value === value)) return options;
  return [{ value, label: value === "" ? "Choose" : `${value} (not known)` }, ...options];
}

function Options({ options, value }: { options: readonly Choice[]; value: string }) {
  const groups = [...Map.groupBy(options, ({ group }) => group ?? "")];
  return (
    <>
      {groups.map(([group, options]) => {
        const items = options.map((option) => (
          <option value={option.value} selected={option.value === value}>{option.label}</option>
        ));
        return group ? <optgroup key={group} label={group}>{items}</optgroup> : items;
      })}
    </>
  );
}

import type { ModelChoice } from "../forecast.ts";
import { dollars } from "../format.ts";

/** The models to choose from, each with its error. */
export function ModelOptions({ models, chosen }: { models: ModelChoice[]; chosen: string }) {
  return (
    <>
      {models.map(({ name, isDefault, wmae }) => (
        <option key={name} value={name} selected={name === chosen}>
          {name}
          {isDefault ? " (usual choice)" : ""}
          {wmae === null ? "" : `, error ${dollars(wmae)}`}
        </option>
      ))}
    </>
  );
}

import type { ReportInput } from "./report_input.ts";
import { tableHtml } from "./table.ts";

/** What of params.yaml made the models, section by section. */
export function parametersSection({ parameters }: ReportInput): string {
  return tableHtml({
    id: "parameters-values",
    caption: "Parameters, as params.yaml explains them",
    columns: ["Name", "Value"],
    groups: Object.entries(parameters).map(([section, values]) => ({
      name: section,
      rows: Object.entries(values).map(([name, value]) => ({ name, cells: [String(value)] })),
    })),
    words: true,
  });
}

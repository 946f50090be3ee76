import { modelTitle } from "../charts/theme.ts";
import { escape } from "../escape.ts";
import { inlineSvg } from "./inline_svg.ts";
import type { ReportInput } from "./report_input.ts";

/**
 * All pictures: those of the run, then those of each model, whose names end with the model's. Each
 * says in its own text what it shows.
 */
export function picturesSection({ pictures, figures }: ReportInput): string {
  const names = Object.keys(figures);
  const modelOf = (file: string) => names.find((name) => file.endsWith(`_${name}.svg`));
  const files = Object.keys(pictures);
  const draw = (files: string[]) =>
    files.map((file) => {
      const name = file.slice(0, -".svg".length);
      return `<figure tabindex="0">${inlineSvg(pictures[file]!, name)}</figure>`;
    }).join("\n");
  return [
    draw(files.filter((file) => modelOf(file) === undefined)),
    ...names.flatMap((name) => {
      const own = files.filter((file) => modelOf(file) === name);
      return own.length > 0 ? [`<h3>${escape(modelTitle(name))}</h3>`, draw(own)] : [];
    }),
  ].join("\n");
}

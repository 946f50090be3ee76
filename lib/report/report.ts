import { choiceSection } from "./choice_section.ts";
import { dataSection } from "./data_section.ts";
import { intervalsSection } from "./intervals_section.ts";
import { modelsSection } from "./models_section.ts";
import { parametersSection } from "./parameters_section.ts";
import { picturesSection } from "./pictures_section.ts";
import type { ReportInput } from "./report_input.ts";
import { slicesSection } from "./slices_section.ts";
import { STYLE } from "./style.ts";

/** Sections below the choice: id, heading, content. */
const SECTIONS: readonly [id: string, title: string, section: (input: ReportInput) => string][] = [
  ["models", "Models", modelsSection],
  ["by-slice", "By slice", slicesSection],
  ["intervals", "Prediction intervals", intervalsSection],
  ["pictures", "Pictures", picturesSection],
  ["data", "Data", dataSection],
  ["parameters", "Parameters", parametersSection],
];

/**
 * The report of an evaluation as one HTML page that needs nothing else: no script, no network, all
 * pictures inside. For narrow screens, dark ones, screen readers and the keyboard too. Equal inputs
 * give equal bytes. The stage eval writes it to metrics/report.html.
 */
export function reportHtml(input: ReportInput): string {
  const sections = SECTIONS.flatMap(([id, title, section]) => {
    const content = section(input);
    return content === "" ? [] : [{ id, title, content }];
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Retail demand: evaluation</title>
<style>
${STYLE}</style>
</head>
<body>
<main>
<h1>Retail demand: evaluation</h1>
${choiceSection(input)}
<nav aria-label="Sections">
<ul>
${sections.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join("\n")}
</ul>
</nav>
${
    sections.map(({ id, title, content }) =>
      `<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${content}\n</section>`
    ).join("\n")
  }
</main>
</body>
</html>
`;
}

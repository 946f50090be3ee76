import { html, raw } from "hono/html";
import type { OpenApiDocument } from "../openapi/document.ts";

/** What the page shows of a route. */
interface Operation {
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { description: string }>;
}

/** The page that `GET /docs` answers: each route with a form to try it, then the schemas. */
export function docsPage({ info, paths = {}, components }: OpenApiDocument): string {
  const schemas = components?.schemas ?? {};
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) =>
      routeSection(method.toUpperCase(), path, operation)
    )
  );
  return String(html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${info.title} API</title>
        <link rel="stylesheet" href="docs.css">
        <script src="docs.js" defer></script>
      </head>
      <body>
        <main>
    <h1>${info.title} API ${info.version}</h1>
    <p>${info.description ?? ""} <a href="openapi.json">openapi.json</a></p>
    <label>API key, where the server asks for one <input id="key" type="password" autocomplete="off"></label>
    <h2>Routes</h2>
    ${routes}
    <h2>Schemas</h2>
    ${Object.entries(schemas).map(([name, schema]) =>
      html`
        <details id="${name}">
          <summary>${name}</summary>
          <pre>${JSON.stringify(schema, null, 2)}</pre>
        </details>
      `
    )}
        </main>
      </body>
    </html>
  `);
}

function routeSection(
  method: string,
  path: string,
  { summary, parameters = [], requestBody, responses }: Operation,
) {
  const media = Object.entries(requestBody?.content ?? {});
  const example = media[0]?.[1].example ?? "";
  return html`
    <details>
      <summary><span class="method">${method}</span> <code>${path}</code> ${summary}</summary>
      <form data-method="${method}" data-path="${path}">
    ${parameters.map(({ name, in: place, required = false, description = "" }) =>
      html`<label>
<code>${name}</code> (${place}${required ? ", required" : ""}) ${description}
<input name="${name}" data-in="${place}"${required ? raw(" required") : ""}></label>`
    )}
    ${media.length === 0 ? "" : html`<label>Content type <select>
${media.map(([type]) => html`<option>${type}</option>`)}</select></label>
<label>Body <textarea spellcheck="false">${
      typeof example === "string" ? example : JSON.stringify(example, null, 2)
    }</textarea></label>`}
    <button>Send</button>
    <pre><output></output></pre>
      </form>
      <table>
    <tr><th>Status</th><th>Answer</th></tr>
    ${Object.entries(responses).map(([status, { description }]) =>
      html`
        <tr>
          <td>${status}</td>
          <td>${description}</td>
        </tr>
      `
    )}
      </table>
    </details>
  `;
}

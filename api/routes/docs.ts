import type { Hono } from "hono";
import type { ApiOptions } from "../app.ts";
import { DOCS_SCRIPT } from "../docs/script.ts";
import { DOCS_STYLE } from "../docs/style.ts";
import type { Models } from "../models.ts";
import type { OpenApiDocument } from "../openapi/document.ts";

/** Lets the page load its own style and program, and ask this server; nothing else. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `GET /openapi.json` and `GET /docs`: what the API takes and answers, for programs and people. */
export function addDocs(app: Hono, { store, config }: ApiOptions): void {
  let made: { models: Models; document: OpenApiDocument } | undefined;

  /** What makes it takes long to import: not before somebody asks. */
  async function describe(): Promise<OpenApiDocument> {
    // A document made before would have no example to send.
    await store.ready();
    const models = store.current;
    if (made?.models !== models) {
      const { openApiDocument } = await import("../openapi/document.ts");
      made = { models, document: openApiDocument(config, models) };
    }
    return made.document;
  }

  app.get("/openapi.json", async (context) => context.json(await describe()));
  app.get("/docs", async (context) => {
    const { docsPage } = await import("../docs/page.ts");
    context.header("content-security-policy", POLICY);
    context.header("referrer-policy", "no-referrer");
    return context.html(docsPage(await describe()));
  });
  app.get(
    "/docs.js",
    (context) =>
      context.body(DOCS_SCRIPT, 200, { "content-type": "text/javascript; charset=utf-8" }),
  );
  app.get(
    "/docs.css",
    (context) => context.body(DOCS_STYLE, 200, { "content-type": "text/css; charset=utf-8" }),
  );
}

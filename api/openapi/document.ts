import { OpenAPIHono } from "@hono/zod-openapi";
import type { Config } from "../config.ts";
import { exampleRecord } from "../describe_model.ts";
import type { Models } from "../models.ts";
import { VERSION } from "../version.ts";
import { problemAnswer } from "./path.ts";
import { describePaths } from "./paths.ts";
import { recordSchema } from "./record_schema.ts";
import { answerSchemas } from "./schemas.ts";

/** What describes the API, after OpenAPI 3.1. */
export type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

/**
 * Describes the API. Importing this takes a while: what serves does so on the first request for it.
 *
 * @param models Whose default gives the example; none is shown where requests need a key.
 */
export function openApiDocument(
  { API_KEY_HASHES, MAX_RECORDS }: Pick<Config, "API_KEY_HASHES" | "MAX_RECORDS">,
  { fallback }: Pick<Models, "fallback">,
): OpenApiDocument {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  const needsKey = API_KEY_HASHES.length > 0;
  const example = fallback && !needsKey
    ? { model: fallback.name, version: fallback.version, record: exampleRecord(fallback.model) }
    : undefined;
  registry.register("Record", recordSchema(example?.record));
  for (const [name, schema] of Object.entries(answerSchemas(MAX_RECORDS))) {
    registry.registerComponent("schemas", name, schema);
  }
  registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  registry.registerComponent("securitySchemes", "key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
  });
  for (const { isOpen = false, answers, problems = [], ...path } of describePaths(example)) {
    const statuses = [...problems, 500, ...needsKey && !isOpen ? [401] : []];
    registry.registerPath({
      ...path as Pick<typeof path, "method" | "path" | "summary">,
      operationId: `${path.method}${path.path.replace(/\W+(\w?)/g, (_, c) => c.toUpperCase())}`,
      security: needsKey && !isOpen ? [{ bearer: [] }, { key: [] }] : [],
      responses: {
        ...Object.fromEntries(statuses.map((status) => [status, problemAnswer(status, path.path)])),
        ...answers,
      } as never,
    });
  }
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Retail demand",
      version: VERSION,
      description: "Forecasts of weekly sales of departments of stores. Problems are " +
        "application/problem+json (RFC 9457).",
    },
  });
}

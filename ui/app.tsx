import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { except } from "hono/combine";
import { compress } from "hono/compress";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { CallApi } from "./api.ts";
import { createReader, type Reader } from "./answers.ts";
import { assetResponse } from "./assets.ts";
import { problemResponse } from "./failures.ts";
import { Reload } from "./components/layout.tsx";
import { Assets } from "./island.tsx";
import { ASSETS, type Manifest } from "./manifest.ts";
import { ErrorPage } from "./routes/error.tsx";
import { batchRoutes } from "./routes/batch.tsx";
import { forecastRoutes } from "./routes/forecast.tsx";
import { modelsRoutes } from "./routes/models.tsx";
import { proxyRoutes } from "./routes/proxy.ts";
import { isOurs, secureHeaders } from "./security.ts";

/** What the routes need. */
export interface Services {
  api: CallApi;
  reader: Reader;
  /** Answers with a page. */
  page(context: Context, page: VNode, status?: 200 | 404 | 422 | 500 | 502): Response;
}

/** The application that serves the pages and passes the browser's questions on to the API. */
export function createApp(
  api: CallApi,
  manifest: Manifest,
  { reload = false }: {
    /** Whether pages load themselves again when another server takes this one's place. */
    reload?: boolean;
  } = {},
): Hono {
  const app = new Hono();
  const services: Services = {
    api,
    reader: createReader(api),
    page(context, page, status = 200) {
      const html = renderToString(
        <Assets.Provider value={manifest}>
          <Reload.Provider value={reload}>{page}</Reload.Provider>
        </Assets.Provider>,
      );
      return context.html(`<!doctype html>${html}`, status);
    },
  };

  app.use(secureHeaders);
  app.use(async (context, next) => {
    // Only our own pages may post: another site cannot use a visitor's access to this one.
    if (context.req.method !== "GET" && context.req.method !== "HEAD" && !isOurs(context.req.raw)) {
      return problemResponse(403, "This request did not come from one of the pages here.");
    }
    return await next();
  });
  // A batch streams through; all else is read whole.
  app.use(except("/api/batch", bodyLimit({ maxSize: MOST_BYTES, onError: tooMuch })));
  app.get(
    `${ASSETS}:name`,
    ({ req }) => assetResponse(req.param("name"), req.header("accept-encoding") ?? ""),
  );
  app.get("/favicon.svg", (context) =>
    context.body(FAVICON, 200, {
      "content-type": "image/svg+xml",
      "cache-control": "public, max-age=86400",
    }));
  app.get("/health/live", (context) => context.json({ status: "ok" }));
  if (reload) {
    const server = crypto.randomUUID();
    app.get("/dev/server", (context) => context.text(server));
  }
  app.use("*", compress());
  app.route("/", forecastRoutes(services));
  app.route("/batch", batchRoutes(services));
  app.route("/models", modelsRoutes(services));
  app.route("/api", proxyRoutes(services));

  app.notFound((context) =>
    services.page(
      context,
      <ErrorPage
        title="There is no such page"
        text="The address may have a typing mistake in it."
      />,
      404,
    )
  );
  app.onError((error, context) => {
    // For those who run it; visitors get a sentence.
    console.error(error);
    if (context.req.path.startsWith("/api/")) {
      return problemResponse(500, "The page's server made an error. Try again.");
    }
    return services.page(
      context,
      <ErrorPage
        title="Something went wrong here"
        text="That is an error of this page and not yours. Load it again; if it stays, tell those who run it."
      />,
      500,
    );
  });
  return app;
}

/** The most of a form or of a question that is read. */
const MOST_BYTES = 2 ** 21;

function tooMuch(): Response {
  return problemResponse(413, "That is too much for one question.");
}

const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none"
 stroke="#0b7a66" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">
<path d="M4 20v-6M10 20V9M16 20v-8" opacity=".5"/><path d="M3 11l7-6 6 4 5-6"/></svg>`;

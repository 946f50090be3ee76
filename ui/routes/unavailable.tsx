import { Layout } from "../components/layout.tsx";
import { FailureNotice, Notice } from "../components/notice.tsx";
import type { Failure } from "../failures.ts";

/** A page in place of one that cannot do without the API. */
export function Unavailable(
  { title, path, failure, retry }: {
    title: string;
    path: string;
    failure: Failure;
    /** Address of what was asked for. */
    retry: string;
  },
) {
  return (
    <Layout title={title} path={path}>
      <FailureNotice title="The forecasts are out of reach" failure={failure} retry={retry} />
    </Layout>
  );
}

/** A page in place of one that needs a model, where there is none yet. */
export function NoModels({ title, path }: { title: string; path: string }) {
  return (
    <Layout title={title} path={path}>
      <Notice tone="hint" title="There is no model yet">
        <p>
          Train the models with <code>deno task repro</code>{" "}
          and load this page again: the service finds them by itself.
        </p>
        <p>
          <a class="button quiet" href={path}>Load again</a>
        </p>
      </Notice>
    </Layout>
  );
}

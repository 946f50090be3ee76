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
      <FailureNotice
        title="The forecasts are out of reach"
        // Whatever it is: those who run the service may mend it.
        failure={{ ...failure, canRetry: true }}
        retry={retry}
      />
    </Layout>
  );
}

/** A page in place of one that needs a model, where there is none yet. */
export function NoModels(
  { title, path, problems }: { title: string; path: string; problems: string[] },
) {
  return (
    <Layout title={title} path={path}>
      <Problems problems={problems} />
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

/** What the service says of files that it cannot use, a sentence each. */
export function Problems({ problems }: { problems: string[] }) {
  if (problems.length === 0) return null;
  return (
    <Notice title="The service could not read all of its files">
      <ul class="problems">
        {problems.map((problem) => <li key={problem}>{problem}</li>)}
      </ul>
    </Notice>
  );
}

import type { ComponentChildren } from "preact";
import type { Failure } from "../failures.ts";

/** Says that something went wrong, or has to be known; `role` alert is read aloud at once. */
export function Notice(
  { tone = "problem", title, children }: {
    tone?: "problem" | "hint";
    title?: string;
    children: ComponentChildren;
  },
) {
  return (
    <div class={`notice ${tone}`} role={tone === "problem" ? "alert" : "status"}>
      {title && <p class="notice-title">{title}</p>}
      <div>{children}</div>
    </div>
  );
}

/** A failure in words, and a way to try again. */
export function FailureNotice(
  { title, failure, retry }: {
    title: string;
    failure: Failure;
    /** What the button does: a function in the browser, else an address to load. */
    retry: (() => void) | string;
  },
) {
  return (
    <Notice title={title}>
      <p>{failure.message}</p>
      {failure.canRetry && (
        <p>
          {typeof retry === "string"
            ? <a class="button quiet" href={retry}>Try again</a>
            : <button type="button" class="quiet" onClick={retry}>Try again</button>}
        </p>
      )}
    </Notice>
  );
}

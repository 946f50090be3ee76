/** What the log tells of a request. */
export interface LoggedRequest {
  id: string;
  method: string;
  /** Of the URL, decoded. */
  path: string;
  status: number;
  /** Until all of the answer was made. */
  milliseconds: number;
}

/**
 * A line of the log, as JSON: nothing of bodies, queries and headers, where secrets are.
 *
 * @example
 * ```ts
 * import { requestLine } from "./request_log.ts";
 * console.log(requestLine({ id: "1", method: "GET", path: "/", status: 200, milliseconds: 0.5 }));
 * ```
 */
export function requestLine({ id, method, path, status, milliseconds }: LoggedRequest): string {
  return `{"time":"${timeNow()}","request_id":"${id}","method":"${method}",` +
    `"path":${showPath(path)},"status":${status},"ms":${milliseconds.toFixed(3)}}`;
}

let second = 0, beginning = "";

/** As `Date.toISOString()`; all but the milliseconds is written once a second. */
function timeNow(): string {
  const now = Date.now(), milliseconds = now % 1000;
  if (now - milliseconds !== second) {
    second = now - milliseconds;
    beginning = new Date(second).toISOString().slice(0, -4);
  }
  return `${beginning}${milliseconds < 10 ? "00" : milliseconds < 100 ? "0" : ""}${milliseconds}Z`;
}

/** Paths are the same few, but for those that somebody makes up. */
const shown = new Map<string, string>();
const MOST_SHOWN = 100;

/** A path as JSON; among others there are characters that break lines or command terminals. */
function showPath(path: string): string {
  let text = shown.get(path);
  if (text !== undefined) return text;
  text = JSON.stringify(path.slice(0, 200)).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  if (path.length <= 200 && shown.size < MOST_SHOWN) shown.set(path, text);
  return text;
}

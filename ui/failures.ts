/** What is wrong with one value of a record, as the API says it. */
export interface FieldError {
  record: number;
  field?: string;
  message: string;
}

/** Why something did not work, in words for people. */
export interface Failure {
  /** HTTP status; 0 where no answer came at all. */
  status: number;
  /** One sentence or two: what is wrong and what to do. */
  message: string;
  /** What is wrong with which value; empty where it is nothing of the kind. */
  errors: FieldError[];
  /** Whether the same may work a little later. */
  canRetry: boolean;
}

/** Said where the server of the pages itself is not reached. */
export const NO_SERVER: Failure = {
  status: 0,
  message: "This page's server does not answer. Check your connection and try again.",
  errors: [],
  canRetry: true,
};

/** Reads an answer that is no success. Never throws: what cannot be read is told by its status. */
export async function readFailure(response: Response): Promise<Failure> {
  const { status } = response;
  const problem: unknown = await response.json().catch(() => undefined);
  const { detail, errors, request_id } = Object(problem) as Record<string, unknown>;
  const number = typeof request_id === "string" ? ` Its number is ${request_id}.` : "";
  return {
    status,
    message: messageOf(status, typeof detail === "string" ? detail : "", number),
    errors: Array.isArray(errors) ? errors.filter(isFieldError) : [],
    canRetry: status >= 500 || status === 429 || status === 408,
  };
}

function messageOf(status: number, detail: string, number: string): string {
  if (status === 429) {
    return "The forecast service has too much to do right now. Try again in a few seconds.";
  }
  if (status === 502 || status === 504) return detail || "The forecast service does not answer.";
  if (status === 503) {
    return detail || "The forecast service is not ready yet. Try again in a few seconds.";
  }
  if (status >= 500) {
    return "The forecast service made an error of its own. Try again; if it stays, tell those who " +
      `run it.${number}`;
  }
  if (status === 401 || status === 403) {
    return "The forecast service refused this page's key. Whoever runs this page has to set API_KEY.";
  }
  if (status === 413) {
    return "That was more than the forecast service takes at once. Send less of it.";
  }
  return detail || `The forecast service refused this (status ${status}).`;
}

function isFieldError(value: unknown): value is FieldError {
  const { record, message } = Object(value) as Record<string, unknown>;
  return typeof record === "number" && typeof message === "string";
}

/** An answer in the shape of the API's problems (RFC 9457). */
export function problemResponse(status: number, detail: string): Response {
  return Response.json({ type: "about:blank", title: "Not done", status, detail }, {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}

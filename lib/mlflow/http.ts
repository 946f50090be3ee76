import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import { UserError } from "../errors.ts";
import { explainFetchError, explainShape, explainStatus, parseJson } from "./client_errors.ts";
import { authorization as toAuthorization } from "./credentials.ts";
import { idleSignal } from "./idle_signal.ts";
import { Limiter } from "./limiter.ts";
import { type Sleep, withRetries } from "./retry.ts";
import { secretsOf } from "./secrets.ts";
import { parseTrackingUri } from "./tracking_uri.ts";

/** What {@linkcode MlflowClient} needs to know about a server. */
export interface ClientOptions {
  /** Address; a login in it is used where there is no other, and shown nowhere. */
  url: string;
  /** Value of the `Authorization` header. */
  authorization?: string | null;
  /** Seconds that one request may take, or stand still in; MLflow's own clients wait as long. */
  timeout?: number;
  /** Waits between two tries; for tests. */
  sleep?: Sleep;
}

/** How a request is sent. */
export interface RequestOptions {
  /** It makes something new each time, so it is not sent again once the server may have it. */
  once?: boolean;
  /** Ends the request, its tries and all waits. */
  signal?: AbortSignal;
}

/** A request as {@linkcode HttpClient.send} takes it. */
export interface HttpRequest extends RequestOptions {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Path and query, encoded. */
  path: string;
  contentType?: string;
  /** Makes the body of one try. A stream calls `moved` for each of its parts. */
  body?: (moved: () => void) => BodyInit | Promise<BodyInit>;
}

/** As MLflow's clients do: a server with one worker cannot answer more at once. */
const MAX_REQUESTS = 8;

/** Seconds in which a server must answer for the first time. */
const FIRST_TIMEOUT = 10;

/**
 * What all parts of {@linkcode MlflowClient} are built on: requests with a login, at most
 * {@linkcode MAX_REQUESTS} at once, tried again where that can help, answered in the expected shape.
 */
export class HttpClient {
  /** The server's address, without credentials and without a slash at its end. */
  readonly url: string;
  readonly #authorization: string | null;
  readonly #secrets: readonly string[];
  readonly #timeout: number;
  readonly #sleep: Sleep;
  readonly #limiter = new Limiter(MAX_REQUESTS);
  #answered = false;

  constructor({ url, authorization = null, timeout = 120, sleep = wait }: ClientOptions) {
    const store = parseTrackingUri(url, ".");
    if (store.kind !== "server") {
      throw new UserError(`Expected the address of an MLflow server, but found a ${store.kind}.`);
    }
    this.url = store.url;
    this.#authorization = authorization ?? toAuthorization(store.login, () => undefined);
    this.#secrets = secretsOf(this.#authorization);
    this.#timeout = timeout;
    this.#sleep = sleep;
  }

  /** Asks for JSON. */
  protected get<T>(path: string, query: Record<string, string>, schema: z.ZodType<T>): Promise<T> {
    const search = new URLSearchParams(query).toString();
    const request = { method: "GET", path: search ? `${path}?${search}` : path } as const;
    return this.send(request, (response) => this.#readJson(request, response, schema));
  }

  /** Sends JSON and gets some back. */
  protected async post<T>(
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    options: RequestOptions & { method?: "POST" | "PATCH" | "DELETE" } = {},
  ): Promise<T> {
    const text = JSON.stringify(body);
    const request: HttpRequest = {
      method: "POST",
      path,
      contentType: "application/json",
      body: () => text,
      ...options,
    };
    return await this.send(request, (response) => this.#readJson(request, response, schema));
  }

  /**
   * Sends a request when it is its turn, and again where that can help: after errors of the
   * connection, 429 and 5xx.
   *
   * @param read Reads a good answer, calling `moved` for each part of a long one.
   */
  protected send<T>(
    request: HttpRequest,
    read: (response: Response, moved: () => void) => Promise<T>,
  ): Promise<T> {
    const { once = false, signal } = request;
    const sleep = (milliseconds: number) => this.#sleep(milliseconds, signal);
    const task = () => withRetries(() => this.#try(request, read), { once, sleep });
    return this.#limiter.run(task, signal);
  }

  async #try<T>(
    request: HttpRequest,
    read: (response: Response, moved: () => void) => Promise<T>,
  ): Promise<T> {
    const { method, path, contentType, body, signal } = request;
    const headers = new Headers();
    if (contentType) headers.set("content-type", contentType);
    if (this.#authorization) headers.set("authorization", this.#authorization);
    const timeout = this.#answered ? this.#timeout : Math.min(this.#timeout, FIRST_TIMEOUT);
    const idle = idleSignal(timeout);
    let response: Response | undefined;
    try {
      // A redirect is not followed: it would turn a POST into a GET, or take the login elsewhere.
      response = await fetch(this.url + path, {
        method,
        headers,
        body: await body?.(idle.moved) ?? null,
        redirect: "manual",
        signal: signal ? AbortSignal.any([idle.signal, signal]) : idle.signal,
      });
      this.#answered = true;
      if (response.ok) return await read(response, idle.moved);
      // What the status says is worth more than a cut text.
      const text = await response.text().catch(() => "");
      throw explainStatus(response, text, this.#facts(request));
    } catch (error) {
      if (error instanceof Error && error.cause instanceof UserError) throw error.cause;
      throw explainFetchError(error, this.url, timeout);
    } finally {
      idle.stop();
      await response?.body?.cancel().catch(() => {});
    }
  }

  async #readJson<T>(request: HttpRequest, response: Response, schema: z.ZodType<T>): Promise<T> {
    const result = schema.safeParse(parseJson(await response.text()));
    if (!result.success) throw explainShape(result.error, this.#facts(request));
    return result.data;
  }

  #facts({ method, path }: HttpRequest) {
    return { url: this.url, name: `${method} ${path}`, secrets: this.#secrets };
  }
}

async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, signal ? { signal } : {});
}

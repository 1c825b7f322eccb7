import type { Credentials } from "../credentials.js";
import type { Environment } from "../environment.js";
import { ChatProblem, ConnectionFailed, problemOf } from "../problem.js";

const JSON_TYPE = "application/json";

/** Makes a request, and sees what comes of it before its caller does. */
export type Guard = <T>(request: () => Promise<T>) => Promise<T>;

/** A request to the REST API. */
export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the API's base path, say `/message/`. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
}

/** One page of a list, and the way to the next. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly next: (() => Promise<Page<T>>) | undefined;
}

/**
 * Asks the REST API.
 *
 * Every method rejects with a {@link ChatProblem} where the service refuses, and with {@link ConnectionFailed} where no
 * whole answer came in time.
 */
export class Http {
  readonly #service: string;
  readonly #credentials: Credentials;
  readonly #environment: Environment;
  readonly #timeout: number;
  readonly #user: string | undefined;
  readonly #guard: Guard;

  /**
   * @param service the service's address, say `https://chat.example`, with the path that it may be under
   * @param timeout milliseconds that an answer may take
   * @param user whose requests these are; the service refuses them while somebody else is signed in
   */
  constructor(
    service: string,
    credentials: Credentials,
    environment: Environment,
    timeout: number,
    user?: string,
    guard: Guard = (request) => request(),
  ) {
    this.#service = service.replace(/\/+$/, "");
    this.#credentials = credentials;
    this.#environment = environment;
    this.#timeout = timeout;
    this.#user = user;
    this.#guard = guard;
  }

  /** The same for one user's requests, which are answered with 401 while somebody else is signed in. */
  of(user: string, guard?: Guard): Http {
    return new Http(this.#service, this.#credentials, this.#environment, this.#timeout, user, guard);
  }

  /** Whose requests these are alone; undefined for those of whoever is signed in. */
  get user(): string | undefined {
    return this.#user;
  }

  /** The answer's JSON. */
  async json<T>(call: Call): Promise<T> {
    return this.#ask(this.#url(call), call, async (response) => (await response.json()) as T);
  }

  /** For answers without a body. */
  async nothing(call: Call): Promise<void> {
    await this.#ask(this.#url(call), call, async (response) => {
      await response.arrayBuffer(); // read to its end, so that the connection can be used again
    });
  }

  /** A list whose pages the header `Link` connects. */
  async page<T>(call: Call): Promise<Page<T>> {
    return this.#pageAt<T>(this.#url(call), call);
  }

  /** An answer that may be large: as it comes, with no limit to the time that it takes as a whole. */
  async stream(call: Call): Promise<ReadableStream<Uint8Array>> {
    return this.#ask(this.#url(call), call, (response) => {
      if (response.body === null) {
        throw new ConnectionFailed("The answer has no body.");
      }
      return Promise.resolve(response.body);
    });
  }

  async #pageAt<T>(url: string, call: Call): Promise<Page<T>> {
    return this.#ask(url, call, async (response) => {
      const items = (await response.json()) as T[];
      const link = nextLink(response.headers.get("Link"));
      // The link names the service as its proxy sees it; only what it asks for is taken.
      const next = link === undefined ? undefined : `${url.split("?")[0] ?? url}${new URL(link, url).search}`;
      return { items, next: next === undefined ? undefined : () => this.#pageAt<T>(next, call) };
    });
  }

  #url(call: Call): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) {
        query.set(name, String(value));
      }
    }
    const text = query.toString();
    return `${this.#service}/api/v1${call.path}${text === "" ? "" : `?${text}`}`;
  }

  async #ask<T>(url: string, call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    return this.#guard(() => this.#fetch(url, call, read));
  }

  async #fetch<T>(url: string, call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const aborter = new AbortController();
    const abort = (): void => {
      aborter.abort();
    };
    call.signal?.throwIfAborted();
    call.signal?.addEventListener("abort", abort);
    const cancelTimeout = this.#environment.after(this.#timeout, abort);
    const init: RequestInit = {
      method: call.method ?? "GET",
      credentials: this.#credentials.policy,
      cache: "no-store",
      signal: aborter.signal,
    };
    if (call.body !== undefined) {
      init.body = JSON.stringify(call.body);
    }
    try {
      init.headers = await unlessAborted(this.#headers(call), aborter.signal);
      const response = await this.#environment.fetch(url, init);
      if (!response.ok) {
        throw await this.#problem(response);
      }
      return await read(response);
    } catch (failure) {
      call.signal?.throwIfAborted();
      if (failure instanceof ChatProblem || failure instanceof ConnectionFailed) {
        throw failure;
      }
      throw new ConnectionFailed(`No whole answer from ${url.split("?")[0] ?? url}`, failure);
    } finally {
      cancelTimeout();
      call.signal?.removeEventListener("abort", abort);
    }
  }

  /** Who asks a host for its token may have to wait, or may not get it. */
  async #headers({ body }: Call): Promise<Record<string, string>> {
    return {
      Accept: JSON_TYPE,
      ...(await this.#credentials.headers()),
      ...(this.#user !== undefined && { "Expected-User": encodeURIComponent(this.#user) }),
      ...(body !== undefined && { "Content-Type": JSON_TYPE }),
    };
  }

  /** A proxy's own page is a problem, too. */
  async #problem(response: Response): Promise<ChatProblem> {
    const text = await response.text();
    const retryAfter = this.#seconds(response.headers.get("Retry-After"));
    let members: unknown;
    try {
      members = JSON.parse(text);
    } catch {
      members = undefined;
    }
    if (typeof members !== "object" || members === null || Array.isArray(members)) {
      const detail = response.statusText === "" ? "The answer is not the service's own." : response.statusText;
      return new ChatProblem({ code: "unexpected", status: response.status, detail, retryAfter });
    }
    return problemOf(members as Record<string, unknown>, response.status, retryAfter);
  }

  /** `Retry-After` is a number of seconds or a date. */
  #seconds(header: string | null): number | undefined {
    if (header === null) {
      return undefined;
    }
    const text = header.trim();
    const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - this.#environment.wallClock()) / 1000;
    return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
  }
}

/**
 * A name as a part of a path.
 *
 * @throws ChatProblem 404 for what no address can have as a part: it would lead to something else
 */
export function segment(name: string): string {
  if (name === "." || name === "..") {
    throw new ChatProblem({ status: 404, code: "not_found", detail: `No address leads to "${name}".` });
  }
  return encodeURIComponent(name);
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => {
        reject(new Error("The request has ended before it could be made."));
      });
    }),
  ]);
}

function nextLink(header: string | null): string | undefined {
  const link = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(header ?? "");
  return link?.[1];
}

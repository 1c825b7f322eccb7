/** A token, or what gives the one of the moment: a host's tokens may expire, and be replaced. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

/**
 * How requests say who makes them: by the browser's cookie, which no script sees, or by a bearer token.
 */
export class Credentials {
  readonly mode: "cookie" | "bearer";
  #token: TokenSource | undefined;

  constructor(mode: "cookie" | "bearer", token?: TokenSource) {
    this.mode = mode;
    this.#token = token;
  }

  /** Takes the token of a session that has begun; with a cookie the browser has taken it already. */
  begin(token: string): void {
    if (this.mode === "bearer") {
      this.#token = token;
    }
  }

  /** What requests are made with from here on. */
  get held(): TokenSource | undefined {
    return this.#token;
  }

  /** Forgets the token of a session that has ended, unless another one has begun since. A host's own stay its own. */
  end(held: TokenSource | undefined): void {
    if (this.#token === held && typeof held === "string") {
      this.#token = undefined;
    }
  }

  /** The token to send, if there is one to be sent. */
  async token(): Promise<string | undefined> {
    return typeof this.#token === "function" ? await this.#token() : this.#token;
  }

  /** Headers of a request, and of a handshake where headers can be set. */
  async headers(): Promise<Record<string, string>> {
    const token = await this.token();
    return token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  /** Whether a browser is to send its cookie, and take one: not beside a bearer token, whose session is another one. */
  get policy(): RequestCredentials {
    return this.mode === "cookie" ? "same-origin" : "omit";
  }
}

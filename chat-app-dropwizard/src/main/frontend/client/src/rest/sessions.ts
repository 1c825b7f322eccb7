import type { Session, SignedIn } from "../contract.js";
import type { Credentials } from "../credentials.js";
import { isSignedOut } from "../problem.js";
import type { Http } from "./http.js";

/** Signing in and out. */
export class Sessions {
  readonly #http: Http;
  readonly #credentials: Credentials;

  constructor(http: Http, credentials: Credentials) {
    this.#http = http;
    this.#credentials = credentials;
  }

  /** Status 401 if either is wrong, 429 after too many attempts. */
  async signIn(username: string, password: string): Promise<SignedIn> {
    const body = { username, password };
    const session = await this.#http.json<SignedIn>({ method: "POST", path: "/session/", body });
    this.#credentials.begin(session.token);
    return session;
  }

  /** Ends this session; one that has ended already is as good. Whoever has signed in meanwhile stays so. */
  async signOut(): Promise<void> {
    const { held } = this.#credentials;
    try {
      await this.#http.nothing({ method: "DELETE", path: "/session/current/" });
    } catch (failure) {
      if (!isSignedOut(failure)) {
        throw failure;
      } else if (this.#http.user !== undefined) {
        return; // what is held may be somebody else's
      }
    }
    this.#credentials.end(held);
  }

  async list(): Promise<readonly Session[]> {
    return this.#http.json({ path: "/session/" });
  }

  /** Its open WebSockets close, too. */
  async end(id: number): Promise<void> {
    await this.#http.nothing({ method: "DELETE", path: `/session/${id}/` });
  }

  async endOthers(): Promise<void> {
    await this.#http.nothing({ method: "DELETE", path: "/session/" });
  }
}

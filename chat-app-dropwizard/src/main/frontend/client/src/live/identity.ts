import type { Credentials } from "../credentials.js";
import { sameUser } from "../contract.js";
import type { Environment } from "../environment.js";
import { ChatProblem } from "../problem.js";
import type { Accounts } from "../rest/accounts.js";

const COOKIE_TRUST = 5_000;

/**
 * Makes sure that requests still speak for the user whose feed and outbox these are: somebody else may have signed in
 * since, in another tab of the same browser, and the cookie is theirs now. A connection needs no such care, as it stays
 * the one's who opened it.
 */
export class Identity {
  readonly #user: string;
  readonly #accounts: Accounts;
  readonly #credentials: Credentials;
  readonly #environment: Environment;
  #confirmed: { readonly token: string | undefined; readonly at: number } | undefined;
  #asking: Promise<boolean> | undefined;

  constructor(user: string, accounts: Accounts, credentials: Credentials, environment: Environment) {
    this.#user = user;
    this.#accounts = accounts;
    this.#credentials = credentials;
    this.#environment = environment;
  }

  /**
   * Resolves if it is the right user.
   *
   * @throws {@link ChatProblem} of status 401 if it is somebody else or nobody; or why that cannot be known
   */
  async confirm(): Promise<void> {
    const token = await this.#credentials.token();
    if (this.#confirmed !== undefined && this.#confirmed.token === token && this.#isFresh(this.#confirmed.at)) {
      return;
    }
    this.#asking ??= this.#ask(token).finally(() => {
      this.#asking = undefined;
    });
    if (!(await this.#asking)) {
      throw new ChatProblem({ code: "somebody_else", status: 401, detail: "Somebody else is signed in now." });
    }
  }

  /** A token is the same user's for ever; a cookie may be replaced unseen. */
  #isFresh(at: number): boolean {
    return this.#credentials.mode === "bearer" || this.#environment.now() - at < COOKIE_TRUST;
  }

  async #ask(token: string | undefined): Promise<boolean> {
    this.#confirmed = undefined;
    const me = await this.#accounts.me();
    if (sameUser(me.username, this.#user)) {
      this.#confirmed = { token, at: this.#environment.now() };
      return true;
    }
    return false;
  }
}

import type { Account, SignedIn } from "../contract.js";
import type { Credentials } from "../credentials.js";
import type { Http } from "./http.js";

/** A new account; it is signed in already. */
export type NewAccount = Account & SignedIn;

/** Opening an account, and one's own. */
export class Accounts {
  readonly #http: Http;
  readonly #credentials: Credentials;

  constructor(http: Http, credentials: Credentials) {
    this.#http = http;
    this.#credentials = credentials;
  }

  /** Opens an account and signs in. Status 409 if the name is taken, 403 if accounts are not opened here. */
  async signUp(account: {
    readonly username: string;
    readonly password: string;
    readonly email?: string;
  }): Promise<NewAccount> {
    const created = await this.#http.json<NewAccount>({ method: "POST", path: "/account/", body: account });
    this.#credentials.begin(created.token);
    return created;
  }

  async me(): Promise<Account> {
    return this.#http.json({ path: "/account/" });
  }

  /** Sets the address, or clears it with null. */
  async setEmail(email: string | null): Promise<Account> {
    return this.#http.json({ method: "PATCH", path: "/account/", body: { email } });
  }

  /** Ends every other session of mine, too. */
  async changePassword(current: string, chosen: string): Promise<void> {
    const body = { current_password: current, new_password: chosen };
    await this.#http.nothing({ method: "POST", path: "/account/password/", body });
  }

  /** Has a link mailed, if there is such an account; whether there is one the answer does not tell. */
  async forgotPassword(whose: { readonly username: string } | { readonly email: string }): Promise<void> {
    await this.#http.nothing({ method: "POST", path: "/password-reset/", body: whose });
  }

  /** Chooses a new password by the token of such a link; every session of the account ends. */
  async resetPassword(token: string, chosen: string): Promise<void> {
    const body = { token, new_password: chosen };
    await this.#http.nothing({ method: "POST", path: "/password-reset/confirm/", body });
  }

  /** Everything that is mine, as one JSON document, as it comes. Status 429 while another one runs. */
  async export(): Promise<ReadableStream<Uint8Array>> {
    return this.#http.stream({ path: "/account/export/" });
  }

  /** Erases my account, for good. */
  async erase(password: string): Promise<void> {
    const { held } = this.#credentials;
    await this.#http.nothing({ method: "DELETE", path: "/account/", body: { password } });
    this.#credentials.end(held);
  }
}

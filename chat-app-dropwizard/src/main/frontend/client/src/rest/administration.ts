import type { AdministeredAccount } from "../contract.js";
import { type Http, type Page, segment } from "./http.js";

/** For administrators; others get status 403. */
export class Administration {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async list(wanted: { readonly q?: string; readonly limit?: number } = {}): Promise<Page<AdministeredAccount>> {
    return this.#http.page({ path: "/admin/account/", query: { ...wanted } });
  }

  async find(username: string): Promise<AdministeredAccount> {
    return this.#http.json({ path: this.#path(username) });
  }

  /** Who is disabled cannot sign in, and their sessions end. */
  async setDisabled(username: string, disabled: boolean): Promise<AdministeredAccount> {
    return this.#http.json({ method: "PATCH", path: this.#path(username), body: { disabled } });
  }

  async erase(username: string): Promise<void> {
    await this.#http.nothing({ method: "DELETE", path: this.#path(username) });
  }

  #path(username: string): string {
    return `/admin/account/${segment(username)}/`;
  }
}

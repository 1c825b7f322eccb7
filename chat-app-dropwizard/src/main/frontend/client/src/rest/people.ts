import type { Contact, Profile } from "../contract.js";
import { type Http, type Page, segment } from "./http.js";

/** People to write to, and those from whom one does not want to hear. */
export class People {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Everybody but me, by name; with `q` those whose names begin so, in any case. */
  async list(wanted: { readonly q?: string; readonly limit?: number } = {}): Promise<Page<Contact>> {
    return this.#http.page({ path: "/user/", query: { ...wanted } });
  }

  async find(username: string): Promise<Profile> {
    return this.#http.json({ path: `/user/${segment(username)}/` });
  }

  /** Whom I block. */
  async blocked(): Promise<readonly Pick<Contact, "username">[]> {
    return this.#http.json({ path: "/block/" });
  }

  async block(username: string): Promise<void> {
    await this.#http.nothing({ method: "PUT", path: `/block/${segment(username)}/` });
  }

  async unblock(username: string): Promise<void> {
    await this.#http.nothing({ method: "DELETE", path: `/block/${segment(username)}/` });
  }
}

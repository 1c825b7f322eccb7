import type { Conversation } from "../contract.js";
import { type Http, type Page, segment } from "./http.js";

/** My conversations. */
export class Conversations {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Latest first. */
  async list(wanted: { readonly limit?: number } = {}): Promise<Page<Conversation>> {
    return this.#http.page({ path: "/conversation/", query: { ...wanted } });
  }

  /** My conversation with somebody. A 404 says that we have said nothing to each other, or that nobody has that name. */
  async find(user: string): Promise<Conversation> {
    return this.#http.json({ path: `/conversation/${segment(user)}/` });
  }

  /** I have read up to a place in the conversation. Goes forward only; less than before changes nothing. */
  async markRead(user: string, seq: number): Promise<void> {
    await this.#mark("read", user, seq);
  }

  /** What was said up to a place has reached me; likewise. */
  async markDelivered(user: string, seq: number): Promise<void> {
    await this.#mark("delivered", user, seq);
  }

  async #mark(mark: "read" | "delivered", user: string, seq: number): Promise<void> {
    const path = `/conversation/${segment(user)}/${mark}/`;
    await this.#http.nothing({ method: "POST", path, body: { seq } });
  }
}

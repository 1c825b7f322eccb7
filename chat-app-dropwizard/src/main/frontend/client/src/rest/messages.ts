import type { Message, MessagePage } from "../contract.js";
import type { Http, Page } from "./http.js";

/** A message to be sent. */
export interface Draft {
  readonly recipient: string;
  readonly body: string;
  /** The id of the message that it answers. */
  readonly reply_to?: number;
  /** The same key, however often and late, is the same message: it is stored once. */
  readonly client_id?: string;
}

/** Which stretch of a conversation: the newest, or those next to a place. */
export interface Stretch {
  readonly before?: number;
  readonly after?: number;
  /** 1 to 100. */
  readonly limit?: number;
}

/** Messages, one request each. What is to survive a reload or a lost connection is sent by {@link LiveChat.send}. */
export class Messages {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Sends once, and does not repeat. With the key of a message that was sent already, answers with that one. */
  async send(draft: Draft): Promise<Message> {
    return this.#http.json({ method: "POST", path: "/message/", body: draft });
  }

  /** What was said with somebody, newest first. */
  async with(user: string, stretch: Stretch = {}): Promise<MessagePage> {
    return this.#http.json({ path: "/message/", query: { target: user, ...stretch } });
  }

  async find(id: number): Promise<Message> {
    return this.#http.json({ path: `/message/${id}/` });
  }

  /** Its sender alone may. */
  async edit(id: number, body: string): Promise<Message> {
    return this.#http.json({ method: "PATCH", path: `/message/${id}/`, body: { body } });
  }

  /** Takes a message back: it keeps its place, and its body is gone. Its sender alone may. */
  async unsend(id: number): Promise<void> {
    await this.#http.nothing({ method: "DELETE", path: `/message/${id}/` });
  }

  /** Over all my conversations or the one with `target`, newest first; `before` is a message's id. */
  async search(
    q: string,
    where: { readonly target?: string; readonly before?: number; readonly limit?: number } = {},
  ): Promise<Page<Message>> {
    return this.#http.page({ path: "/message/search/", query: { q, ...where } });
  }
}

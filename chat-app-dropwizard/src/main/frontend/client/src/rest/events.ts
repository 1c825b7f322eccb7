import type { EventPage } from "../contract.js";
import type { Http } from "./http.js";

/** My feed, as requests. {@link LiveChat} follows it as it grows. */
export class Events {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** What happened after a cursor; 1,000 events at most. Status 410, with `last`, if that is no longer kept. */
  async after(cursor: number, limit?: number): Promise<EventPage> {
    return this.#http.json({ path: "/event/", query: { after: cursor, limit } });
  }
}

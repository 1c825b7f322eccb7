import type { Environment } from "../environment.js";
import type { ClientFrame } from "./frames.js";

/** Tells the other side that I am writing, now and then; never later than it is true. */
export class TypingNotices {
  readonly #environment: Environment;
  readonly #send: (frame: ClientFrame) => boolean;
  readonly #pause: number;
  readonly #told = new Map<string, number>();

  /** @param pause milliseconds between two notices to the same user */
  constructor(environment: Environment, send: (frame: ClientFrame) => boolean, pause: number) {
    this.#environment = environment;
    this.#send = send;
    this.#pause = pause;
  }

  /** To be called at each key that is pressed. */
  typing(user: string): void {
    const name = user.toLowerCase();
    const now = this.#environment.now();
    const told = this.#told.get(name);
    if ((told === undefined || now - told >= this.#pause) && this.#send(this.#frame(user))) {
      this.#told.set(name, now);
    }
  }

  /** With a key, so that its refusal is taken for nobody else's. */
  #frame(user: string): ClientFrame {
    return { type: "typing", client_id: this.#environment.uuid(), user };
  }

  /** The message is sent: the next key begins another. */
  done(user: string): void {
    this.#told.delete(user.toLowerCase());
  }
}

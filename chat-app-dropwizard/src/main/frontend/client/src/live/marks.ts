import type { MarkEvent } from "../contract.js";
import { sameUser } from "../contract.js";
import type { Cancel, Environment } from "../environment.js";
import { isPassing } from "../problem.js";
import { Backoff } from "./backoff.js";
import type { ClientFrame } from "./frames.js";

export type Mark = "read" | "delivered";

/** What marks need of others. */
export interface MarkDelivery {
  /** Whether the frame went on its way over the connection. */
  frame(frame: ClientFrame): boolean;
  /** Marks by request. */
  request(mark: Mark, user: string, seq: number): Promise<void>;
  onFault(failure: unknown): void;
}

/** How far something is to be marked: `fresh`, on its way over a connection, or to be asked for. */
interface Wish {
  readonly mark: Mark;
  readonly user: string;
  readonly seq: number;
  way: "fresh" | "unsure" | "sent";
}

/**
 * Brings read and delivered marks to the service, the furthest of a moment only. Over a connection nothing answers a
 * mark, so those of a connection that was lost are repeated by request, which does.
 */
export class Marks {
  readonly #user: string;
  readonly #environment: Environment;
  readonly #delivery: MarkDelivery;
  readonly #pause: number;
  readonly #backoff: Backoff;
  readonly #wishes = new Map<string, Wish>();
  #cancel: Cancel | undefined;
  #running = false;
  #requesting = false;

  /** @param pause milliseconds in which marks are gathered */
  constructor(
    user: string,
    environment: Environment,
    delivery: MarkDelivery,
    pause: number,
    backoff: { readonly first: number; readonly most: number },
  ) {
    this.#user = user;
    this.#environment = environment;
    this.#delivery = delivery;
    this.#pause = pause;
    this.#backoff = new Backoff(environment, backoff.first, backoff.most);
  }

  start(): void {
    this.#running = true;
    this.#soon(this.#pause);
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Marks go forward only; less than what is wished already changes nothing. */
  mark(mark: Mark, user: string, seq: number): void {
    const name = nameOf(mark, user);
    if (seq > (this.#wishes.get(name)?.seq ?? 0)) {
      this.#wishes.set(name, { mark, user, seq, way: "fresh" });
      this.#soon(this.#pause);
    }
  }

  /** The feed tells that a mark of mine has moved. */
  confirm(event: MarkEvent): void {
    const name = nameOf(event.type === "conversation.read" ? "read" : "delivered", event.user);
    const wish = this.#wishes.get(name);
    if (wish !== undefined && wish.seq <= event.upto && sameUser(event.by, this.#user)) {
      this.#wishes.delete(name);
    }
  }

  /** The connection is gone; what went over it may have arrived or not. */
  lost(): void {
    for (const wish of this.#wishes.values()) {
      wish.way = "unsure";
    }
    this.#soon(this.#pause);
  }

  #soon(millis: number): void {
    if (this.#running && !this.#requesting && this.#cancel === undefined) {
      this.#cancel = this.#environment.after(millis, () => {
        this.#cancel = undefined;
        void this.#flush();
      });
    }
  }

  async #flush(): Promise<void> {
    this.#requesting = true;
    let wait: number | undefined;
    for (const [name, wish] of [...this.#wishes]) {
      const { mark, user, seq, way } = wish;
      if (way === "sent") {
        continue;
      } else if (way === "fresh" && this.#delivery.frame({ type: mark, user, seq })) {
        wish.way = "sent";
        continue;
      }
      try {
        await this.#delivery.request(mark, user, seq);
        this.#backoff.reset();
        this.#done(name, wish);
      } catch (failure) {
        if (isPassing(failure)) {
          wait = this.#backoff.next();
          break;
        }
        this.#done(name, wish);
        this.#delivery.onFault(failure);
      }
    }
    this.#requesting = false;
    const unsent = [...this.#wishes.values()].some((wish) => wish.way !== "sent");
    if (unsent) {
      this.#soon(wait ?? this.#pause);
    }
  }

  /** Unless more was wished in the meantime. */
  #done(name: string, wish: Wish): void {
    if (this.#wishes.get(name) === wish) {
      this.#wishes.delete(name);
    }
  }
}

function nameOf(mark: Mark, user: string): string {
  return `${mark} ${user.toLowerCase()}`;
}

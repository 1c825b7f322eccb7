import type { MarkEvent } from "../contract.js";
import { sameUser } from "../contract.js";
import type { Cancel, Environment } from "../environment.js";
import { ChatProblem, isPassing, isSignedOut } from "../problem.js";
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
  /** What an error calls its frame by. */
  readonly clientId: string;
  way: "fresh" | "unsure" | "sent";
  /** When it went. */
  sent: number;
}

/**
 * Brings read and delivered marks to the service, the furthest of a moment only. Over a connection a mark is answered by
 * its event, or by an error; but one that moves nothing by neither, and an error may not say what it answers. So those of a
 * connection that was lost, those that may have been refused, and those that nothing has answered for long are repeated by
 * request, which always is.
 */
export class Marks {
  readonly #user: string;
  readonly #environment: Environment;
  readonly #delivery: MarkDelivery;
  readonly #pause: number;
  readonly #patience: number;
  readonly #backoff: Backoff;
  readonly #wishes = new Map<string, Wish>();
  #cancel: Cancel | undefined;
  #cancelWatch: Cancel | undefined;
  #notBefore = 0;
  #running = false;
  #requesting = false;

  /**
   * @param times in milliseconds: the `pause` in which marks are gathered, and the `patience` with an answer over the
   *     connection
   */
  constructor(
    user: string,
    environment: Environment,
    delivery: MarkDelivery,
    times: { readonly pause: number; readonly patience: number },
    backoff: { readonly first: number; readonly most: number },
  ) {
    this.#user = user;
    this.#environment = environment;
    this.#delivery = delivery;
    this.#pause = times.pause;
    this.#patience = times.patience;
    this.#backoff = new Backoff(environment, backoff.first, backoff.most);
  }

  start(): void {
    this.#running = true;
    this.#soon();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
  }

  /** Marks go forward only; less than what is wished already changes nothing. */
  mark(mark: Mark, user: string, seq: number): void {
    const name = nameOf(mark, user);
    if (seq > (this.#wishes.get(name)?.seq ?? 0)) {
      this.#wishes.set(name, { mark, user, seq, clientId: this.#environment.uuid(), way: "fresh", sent: 0 });
      this.#soon();
    }
  }

  /** The feed tells that a mark of mine has moved. */
  confirm({ type, user, by, upto }: MarkEvent): void {
    if (sameUser(by, this.#user)) {
      this.#settle(nameOf("delivered", user), upto); // what is read is delivered, and no event of its own will tell
      if (type === "conversation.read") {
        this.#settle(nameOf("read", user), upto);
      }
    }
  }

  /** The service has refused a frame; false if it was none of a mark that is still wished. */
  refused(clientId: string, problem: ChatProblem): boolean {
    for (const [name, wish] of this.#wishes) {
      if (wish.way === "sent" && wish.clientId === clientId) {
        this.#failed(name, wish, problem);
        this.#soon();
        return true;
      }
    }
    return false;
  }

  /** The service has refused some frame, and does not say which: each that is not answered may have been it. */
  doubt(problem: ChatProblem): void {
    if (this.#doubtSent(Infinity) && isPassing(problem)) {
      this.#postpone(problem);
    }
    this.#soon();
  }

  /** The connection is gone; what went over it may have arrived or not. */
  lost(): void {
    for (const wish of this.#wishes.values()) {
      wish.way = "unsure";
    }
    this.#soon();
  }

  #soon(): void {
    const unsent = [...this.#wishes.values()].some(({ way }) => way !== "sent");
    if (this.#running && !this.#requesting && this.#cancel === undefined && unsent) {
      const millis = Math.max(this.#pause, this.#notBefore - this.#environment.now());
      this.#cancel = this.#environment.after(millis, () => {
        this.#cancel = undefined;
        void this.#flush();
      });
    }
  }

  async #flush(): Promise<void> {
    this.#requesting = true;
    for (const [name, wish] of [...this.#wishes]) {
      if (!this.#running || this.#environment.now() < this.#notBefore) {
        break;
      } else if (wish.way === "sent" || this.#wishes.get(name) !== wish) {
        continue;
      } else if (wish.way === "unsure" || !this.#sendFrame(wish)) {
        await this.#request(name, wish);
      }
    }
    this.#requesting = false;
    this.#soon();
    this.#watch();
  }

  #sendFrame(wish: Wish): boolean {
    const { mark: type, user, seq, clientId } = wish;
    const goes = this.#delivery.frame({ type, client_id: clientId, user, seq });
    if (goes) {
      wish.way = "sent";
      wish.sent = this.#environment.now();
    }
    return goes;
  }

  async #request(name: string, wish: Wish): Promise<void> {
    try {
      await this.#delivery.request(wish.mark, wish.user, wish.seq);
      this.#backoff.reset();
      this.#done(name, wish);
    } catch (failure) {
      this.#failed(name, wish, failure);
    }
  }

  /** What may be taken later is wished on, behind the others, so that it holds up none; the rest is given up. */
  #failed(name: string, wish: Wish, failure: unknown): void {
    const isWished = this.#done(name, wish);
    if (!isSignedOut(failure) && !isPassing(failure)) {
      this.#delivery.onFault(failure);
      return;
    }
    if (isWished) {
      wish.way = "unsure";
      this.#wishes.set(name, wish);
    }
    this.#postpone(failure);
  }

  /** Nothing more goes for as long as the service asks for; several refusals of one moment are one failure. */
  #postpone(failure: unknown): void {
    const retryAfter = failure instanceof ChatProblem ? (failure.retryAfter ?? 0) : 0;
    const now = this.#environment.now();
    const wait = now < this.#notBefore ? retryAfter * 1000 : this.#backoff.next(retryAfter);
    this.#notBefore = Math.max(this.#notBefore, now + wait);
  }

  /** Repeats by request what nothing has answered in time. */
  #watch(): void {
    const sent = [...this.#wishes.values()].filter(({ way }) => way === "sent");
    if (this.#running && this.#cancelWatch === undefined && sent.length > 0) {
      const first = Math.min(...sent.map((wish) => wish.sent));
      this.#cancelWatch = this.#environment.after(first + this.#patience - this.#environment.now(), () => {
        this.#cancelWatch = undefined;
        this.#doubtSent(this.#environment.now() - this.#patience);
        this.#soon();
        this.#watch();
      });
    }
  }

  /** Whether there are any that went up to some moment, and are not answered. */
  #doubtSent(upto: number): boolean {
    const doubted = [...this.#wishes.values()].filter(({ way, sent }) => way === "sent" && sent <= upto);
    doubted.forEach((wish) => {
      wish.way = "unsure";
    });
    return doubted.length > 0;
  }

  #settle(name: string, upto: number): void {
    const wish = this.#wishes.get(name);
    if (wish !== undefined && wish.seq <= upto) {
      this.#wishes.delete(name);
    }
  }

  /** False if it was settled in the meantime, or more was wished. */
  #done(name: string, wish: Wish): boolean {
    return this.#wishes.get(name) === wish && this.#wishes.delete(name);
  }
}

function nameOf(mark: Mark, user: string): string {
  return `${mark} ${user.toLowerCase()}`;
}

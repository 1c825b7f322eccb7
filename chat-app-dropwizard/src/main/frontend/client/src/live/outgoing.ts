import type { Message } from "../contract.js";
import type { ChatProblem } from "../problem.js";
import type { StoredMessage } from "./outbox-storage.js";

/** Told of what a message's writer does with it. */
export interface OutgoingOwner {
  isKept(outgoing: Outgoing): boolean;
  retry(outgoing: Outgoing): void;
  discard(outgoing: Outgoing): void;
}

/** A message on its way: what a page shows until the feed brings the message itself. */
export class Outgoing {
  readonly clientId: string;
  readonly recipient: string;
  readonly body: string;
  /** The id of the message that it answers. */
  readonly replyTo: number | undefined;
  /** When it was written, in milliseconds since 1970; no two of an outbox are the same. */
  readonly written: number;
  readonly #owner: OutgoingOwner;
  #state: "pending" | "sent" | "failed" = "pending";
  #message: Message | undefined;
  #failure: ChatProblem | Error | undefined;
  #settled: ((outgoing: Outgoing) => void)[] = [];

  constructor(stored: StoredMessage, owner: OutgoingOwner) {
    this.clientId = stored.client_id;
    this.recipient = stored.recipient;
    this.body = stored.body;
    this.replyTo = stored.reply_to;
    this.written = stored.written;
    this.#owner = owner;
  }

  /** `pending` until it is known; `failed` once it was refused for good. */
  get state(): "pending" | "sent" | "failed" {
    return this.#state;
  }

  /** As the service has it, once it is sent. */
  get message(): Message | undefined {
    return this.#message;
  }

  /** Why it failed. */
  get failure(): ChatProblem | Error | undefined {
    return this.#failure;
  }

  /**
   * Whether the storage has it as it is now, so that until it is sent it outlives the page, if the storage does. What was just
   * written is being stored, and is not kept yet; what the storage does not take is never kept.
   */
  get kept(): boolean {
    return this.#owner.isKept(this);
  }

  /** The message, once it is sent; rejects with the problem if it is refused, and if it is discarded. */
  async sent(): Promise<Message> {
    if (this.#state === "pending") {
      await new Promise<Outgoing>((settled) => this.#settled.push(settled));
    }
    if (this.#message === undefined) {
      throw this.#failure ?? new Error("The message was discarded.");
    }
    return this.#message;
  }

  /** Sends a failed one again, under the same key; it is the last of its conversation then. */
  retry(): void {
    if (this.#state === "failed") {
      this.#owner.retry(this);
    }
  }

  /** Gives it up. One that is pending may have been sent all the same. */
  discard(): void {
    if (this.#state !== "sent") {
      this.#owner.discard(this);
    }
  }

  /** @internal */
  become(state: "pending" | "sent" | "failed", result?: Message | ChatProblem | Error): void {
    this.#state = state;
    this.#message = result === undefined || result instanceof Error ? undefined : result;
    this.#failure = result instanceof Error ? result : undefined;
    if (state !== "pending") {
      const settled = this.#settled;
      this.#settled = [];
      settled.forEach((tell) => {
        tell(this);
      });
    }
  }
}

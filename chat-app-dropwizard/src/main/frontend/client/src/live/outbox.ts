import type { Message } from "../contract.js";
import type { Cancel, Environment } from "../environment.js";
import { ChatProblem, isPassing, isSignedOut } from "../problem.js";
import { Backoff } from "./backoff.js";
import type { OutboxStorage, StoredMessage } from "./outbox-storage.js";
import { Outgoing } from "./outgoing.js";

/** After so many unexpected failures of the service's own in a row, a message no longer holds up those behind it. */
const MAX_FAULTS = 5;

/** What another tab has written is that tab's to send; after so many milliseconds it may be closed, or stuck. */
const OTHERS = 5_000;

/** What an outbox needs of others. */
export interface OutboxDelivery {
  /** Sends once. */
  send(message: StoredMessage): Promise<Message>;
  onChange(outgoing: Outgoing): void;
  onFault(failure: unknown): void;
}

/** A message in its lane. */
interface Waiting {
  readonly outgoing: Outgoing;
  /** Goes up from one to the next: when it was written, or was to be sent again, in whichever tab. */
  readonly place: number;
  /** When it may be sent here: at once, or once its own tab has had its time. */
  readonly free: Promise<void>;
  readonly settled: Promise<void>;
  /** How many unexpected failures of the service's own it has met in a row. */
  faults: number;
}

/** The messages to one recipient, which go one after another. */
interface Lane {
  /** By their places. */
  readonly waiting: Waiting[];
  readonly backoff: Backoff;
  sending: boolean;
  /** Ends the wait for the next attempt, if it may be ended. */
  wake: (() => void) | undefined;
}

/**
 * Sends what was written, each message once and those to one recipient in order, however often the connection or the
 * service fails in between. What is refused for good fails, and what is behind it goes on.
 */
export class Outbox {
  readonly #key: string;
  readonly #storage: OutboxStorage;
  readonly #environment: Environment;
  readonly #delivery: OutboxDelivery;
  readonly #backoff: { readonly first: number; readonly most: number };
  readonly #all = new Map<string, Outgoing>();
  readonly #stored = new Map<string, Promise<void>>();
  /** Those that are in the storage, or were, so that they are gone if they are not there. */
  readonly #kept = new WeakSet<Outgoing>();
  /** The latest state of those of which the storage has not taken it: what it has of them is older. */
  readonly #ahead = new WeakMap<Outgoing, StoredMessage>();
  /** While the storage is being read: of which messages something new is known, here or there, whatever is read of them. */
  #changed: Set<string> | undefined;
  readonly #lanes = new Map<string, Lane>();
  #running = false;
  #stopWatching: Cancel = () => undefined;
  #lastWritten = 0;

  constructor(parts: {
    readonly key: string;
    readonly storage: OutboxStorage;
    readonly environment: Environment;
    readonly delivery: OutboxDelivery;
    readonly backoff: { readonly first: number; readonly most: number };
  }) {
    this.#key = parts.key;
    this.#storage = parts.storage;
    this.#environment = parts.environment;
    this.#delivery = parts.delivery;
    this.#backoff = parts.backoff;
  }

  /** Everything that is not sent, oldest first. */
  get all(): readonly Outgoing[] {
    return [...this.#all.values()].sort(byAge);
  }

  /** Takes in what an earlier page or process has left behind, and others have done meanwhile, and begins to send. */
  async start(): Promise<void> {
    this.#stopWatching();
    this.#stopWatching =
      this.#storage.watch?.(this.#key, (clientId, message) => {
        this.#changed?.add(clientId);
        this.#heard(clientId, message, OTHERS);
      }) ?? this.#stopWatching;
    await this.#load();
    this.#running = true;
    for (const lane of this.#lanes.values()) {
      void this.#send(lane);
    }
  }

  /** Sends no more; what is written waits. */
  stop(): void {
    this.#running = false;
    this.#stopWatching();
    this.wake();
  }

  /** There is a connection: whatever waits for its next attempt makes it now. */
  wake(): void {
    for (const lane of this.#lanes.values()) {
      lane.wake?.();
    }
  }

  add(recipient: string, body: string, replyTo?: number): Outgoing {
    const stored: StoredMessage = {
      client_id: this.#environment.uuid(),
      recipient,
      body,
      ...(replyTo !== undefined && { reply_to: replyTo }),
      written: this.#next(),
    };
    const outgoing = new Outgoing(stored, this);
    this.#all.set(outgoing.clientId, outgoing);
    this.#store(outgoing);
    this.#delivery.onChange(outgoing);
    this.#enqueue(outgoing, outgoing.written);
    return outgoing;
  }

  /** A message of mine is in the feed, so it is sent, whether or not that was answered. */
  confirm(message: Message): void {
    const outgoing = this.#all.get(message.client_id ?? "");
    if (outgoing !== undefined) {
      this.#sent(outgoing, message);
    }
  }

  isKept(outgoing: Outgoing): boolean {
    return this.#kept.has(outgoing) && !this.#ahead.has(outgoing);
  }

  retry(outgoing: Outgoing): void {
    if (this.#all.get(outgoing.clientId) === outgoing) {
      outgoing.become("pending");
      this.#store(outgoing);
      this.#delivery.onChange(outgoing);
      this.#enqueue(outgoing, this.#next());
    }
  }

  discard(outgoing: Outgoing): void {
    this.#settled(outgoing, "discarded");
    this.#remove(outgoing, "discarded");
  }

  /** Brings what is known here to what is in the storage; what becomes of a message while that is read is newer. */
  async #load(): Promise<void> {
    const ahead = this.all.filter((outgoing) => this.#ahead.has(outgoing)).map(({ clientId }) => clientId);
    const changed = new Set([...this.#stored.keys(), ...ahead]);
    this.#changed = changed;
    const left = await this.#read();
    this.#changed = undefined;
    if (left !== undefined && this.#storage.watch !== undefined) {
      const there = new Set(left.map(({ client_id }) => client_id));
      for (const outgoing of this.all) {
        const { clientId } = outgoing;
        if (this.#kept.has(outgoing) && !there.has(clientId) && !changed.has(clientId)) {
          this.#heard(clientId, undefined, 0);
        }
      }
    }
    const unchanged = left?.filter(({ client_id }) => !changed.has(client_id)) ?? [];
    for (const message of unchanged.sort(byAge)) {
      this.#heard(message.client_id, message, 0);
      if (message.settled !== undefined) {
        this.#write(message.client_id, () => this.#storage.remove(this.#key, message.client_id));
      }
    }
  }

  async #read(): Promise<readonly StoredMessage[] | undefined> {
    try {
      return await this.#storage.load(this.#key);
    } catch (failure) {
      this.#delivery.onFault(failure);
      return undefined;
    }
  }

  /**
   * Another tab has written, sent, retried or discarded a message.
   *
   * @param wait for so many milliseconds it is that tab's to send
   */
  #heard(clientId: string, message: StoredMessage | undefined, wait: number): void {
    const known = this.#all.get(clientId);
    if (message === undefined) {
      if (known !== undefined) {
        this.#all.delete(clientId);
        known.become("failed", new Error("The message was removed elsewhere."));
        this.#delivery.onChange(known);
      }
      return;
    } else if (message.settled !== undefined) {
      if (known !== undefined) {
        this.#settled(known, message.settled);
      }
      return;
    }
    const outgoing = known ?? new Outgoing(message, this);
    this.#kept.add(outgoing);
    if (known === undefined) {
      this.#all.set(clientId, outgoing);
      this.#lastWritten = Math.max(this.#lastWritten, outgoing.written);
    }
    if (message.refused !== undefined) {
      outgoing.become("failed", new ChatProblem(message.refused));
    } else if (known?.state === "pending") {
      return; // as it is here
    } else {
      outgoing.become("pending");
      this.#enqueue(outgoing, known === undefined ? outgoing.written : this.#next(), this.#after(wait));
    }
    this.#delivery.onChange(outgoing);
  }

  #after(millis: number): Promise<void> | undefined {
    return millis === 0 ? undefined : new Promise((resolve) => void this.#environment.after(millis, resolve));
  }

  /** A moment behind all that was written so far, in any tab. */
  #next(): number {
    this.#lastWritten = Math.max(this.#environment.wallClock(), this.#lastWritten + 1);
    return this.#lastWritten;
  }

  #enqueue(outgoing: Outgoing, place: number, free?: Promise<void>): void {
    void this.#send(this.#place(outgoing, place, free));
  }

  /** What one tab has written goes before what another has written later, whichever hears of it first. */
  #place(outgoing: Outgoing, place: number, free = Promise.resolve()): Lane {
    const lane = this.#lane(outgoing);
    const settled = outgoing.sent().then(
      () => undefined,
      () => undefined,
    );
    remove(lane, outgoing); // where it failed just now
    const later = lane.waiting.findIndex((other) => other.place > place);
    lane.waiting.splice(later < 0 ? lane.waiting.length : later, 0, { outgoing, place, free, settled, faults: 0 });
    return lane;
  }

  #lane(outgoing: Outgoing): Lane {
    const name = outgoing.recipient.toLowerCase();
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      const backoff = new Backoff(this.#environment, this.#backoff.first, this.#backoff.most);
      lane = { waiting: [], backoff, sending: false, wake: undefined };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  async #send(lane: Lane): Promise<void> {
    if (lane.sending) {
      return;
    }
    lane.sending = true;
    for (let next = lane.waiting[0]; this.#running && next !== undefined; next = lane.waiting[0]) {
      await Promise.all([this.#stored.get(next.outgoing.clientId), Promise.race([next.free, next.settled])]);
      if (next.outgoing.state !== "pending") {
        remove(lane, next.outgoing);
        lane.backoff.reset();
      } else {
        await this.#attempt(lane, next); // once: then another tab's may have come in before it
      }
    }
    lane.backoff.reset();
    lane.sending = false;
  }

  /** Tries the first of a lane; comes to an end when it is settled, or may be tried again. */
  async #attempt(lane: Lane, waiting: Waiting): Promise<void> {
    if (!this.#running || lane.waiting[0] !== waiting) {
      return; // no longer to be sent, or no longer the first
    }
    const { outgoing, settled } = waiting;
    const attempt = this.#delivery.send(stored(outgoing)).catch((failure: unknown) => failure);
    const outcome = await Promise.race([attempt, settled]);
    if (this.#isStopped() || outgoing.state !== "pending" || !lane.waiting.includes(waiting)) {
      // nothing is kept any more, and whoever goes on asks again; or the feed was faster, or its writer has given it up
    } else if (!(outcome instanceof Error)) {
      this.#sent(outgoing, outcome as Message);
    } else if (mayPass(outcome) && (waiting.faults = isFault(outcome) ? waiting.faults + 1 : 0) < MAX_FAULTS) {
      await this.#pause(lane, settled, outcome);
    } else {
      this.#refused(outgoing, outcome);
    }
  }

  /** Asked anew after each wait: it may be stopped at any moment. */
  #isStopped(): boolean {
    return !this.#running;
  }

  /** Waits for the next attempt. What the service asks for is waited in full; else a connection ends the wait. */
  async #pause(lane: Lane, settled: Promise<unknown>, failure: Error): Promise<void> {
    const retryAfter = failure instanceof ChatProblem ? (failure.retryAfter ?? 0) : 0;
    let cancel: Cancel = () => undefined;
    const due = new Promise<void>((resolve) => {
      cancel = this.#environment.after(lane.backoff.next(retryAfter), resolve);
      lane.wake = () => {
        if (retryAfter === 0 || !this.#running) {
          resolve();
        }
      };
    });
    await Promise.race([due, settled]);
    cancel();
    lane.wake = undefined;
  }

  #sent(outgoing: Outgoing, message: Message): void {
    this.#settled(outgoing, message);
    this.#remove(outgoing, message);
  }

  #settled(outgoing: Outgoing, result: Message | "discarded"): void {
    this.#all.delete(outgoing.clientId);
    if (result === "discarded") {
      outgoing.become("failed", new Error("The message was discarded."));
    } else {
      outgoing.become("sent", result);
    }
    this.#delivery.onChange(outgoing);
  }

  #refused(outgoing: Outgoing, failure: Error): void {
    outgoing.become("failed", failure);
    const { status, code, detail } =
      failure instanceof ChatProblem ? failure : { status: 0, code: "unexpected", detail: failure.message };
    this.#store(outgoing, { status, code, detail });
    this.#delivery.onChange(outgoing);
  }

  #store(outgoing: Outgoing, refused?: StoredMessage["refused"]): void {
    const message = { ...stored(outgoing), ...(refused && { refused }) };
    this.#ahead.set(outgoing, message);
    this.#write(outgoing.clientId, async () => {
      await this.#storage.put(this.#key, message);
      this.#kept.add(outgoing);
      if (this.#ahead.get(outgoing) === message) {
        this.#ahead.delete(outgoing);
        this.#tellKept(outgoing);
      }
    });
  }

  #tellKept(outgoing: Outgoing): void {
    if (this.#all.get(outgoing.clientId) === outgoing) {
      this.#delivery.onChange(outgoing);
    }
  }

  /**
   * Whoever shares the storage hears what became of it: its removal alone does not say whether it was sent. What was sent,
   * and cannot be told to be, stays: under its key whoever sends it again finds that out.
   */
  #remove(outgoing: Outgoing, settled: Message | "discarded"): void {
    const { clientId } = outgoing;
    const remove = (): void | Promise<void> => this.#storage.remove(this.#key, clientId);
    this.#write(clientId, async () => {
      if (this.#storage.watch !== undefined) {
        await this.#storage.put(this.#key, { ...stored(outgoing), body: "", settled });
      }
      await remove();
    });
    if (settled === "discarded") {
      this.#write(clientId, remove); // whether or not it was told
    }
  }

  /** One write at a time for each message, in order; a storage that fails keeps nobody from sending. */
  #write(clientId: string, write: () => void | Promise<void>): void {
    this.#changed?.add(clientId);
    const before = this.#stored.get(clientId) ?? Promise.resolve();
    const written = before
      .then(write)
      .catch((failure: unknown) => {
        this.#delivery.onFault(failure);
      })
      .then(() => {
        if (this.#stored.get(clientId) === written) {
          this.#stored.delete(clientId);
        }
      });
    this.#stored.set(clientId, written);
  }
}

function remove({ waiting }: Lane, outgoing: Outgoing): void {
  const at = waiting.findIndex((one) => one.outgoing === outgoing);
  if (at >= 0) {
    waiting.splice(at, 1);
  }
}

/** Whoever is not signed in may be so again. */
function mayPass(failure: unknown): boolean {
  return isPassing(failure) || isSignedOut(failure);
}

function isFault(failure: unknown): boolean {
  return failure instanceof ChatProblem && failure.status === 500;
}

function byAge(one: { readonly written: number }, other: { readonly written: number }): number {
  return one.written - other.written;
}

function stored(outgoing: Outgoing): StoredMessage {
  const { clientId, recipient, body, replyTo, written } = outgoing;
  return { client_id: clientId, recipient, body, ...(replyTo !== undefined && { reply_to: replyTo }), written };
}

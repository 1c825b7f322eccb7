import { type ChatEvent, isKnown } from "../contract.js";
import type { Cancel } from "../environment.js";
import type { NumberedFrame } from "./frames.js";

/** What happened up to a place cannot be told event by event: load afresh what you keep. */
export interface FreshStart {
  /** What is loaded from now on has everything up to here; the next event is the one after it. */
  readonly last: number;
  /** The first time, without a cursor; or later, when too much was missed, or the service was set back to a backup. */
  readonly reason: "first" | "reset";
}

/**
 * Hears of everything, in order, each event once. The next event comes when the listener has done with this one: when
 * the promise that it returns, if any, is fulfilled. What it throws halts the feed; see {@link LiveChat.onHalt}.
 */
export interface FeedListener {
  /** Also what is loaded may already have some of the events that come next. */
  load?(start: FreshStart): void | Promise<void>;
  event(event: ChatEvent): void | Promise<void>;
}

/** Something to deliver. */
export type Item =
  { readonly event: NumberedFrame; readonly place: number } | { readonly start: FreshStart; readonly place: number };

/** Delivers one thing at a time to every listener, and saves the cursor behind it. */
export class Deliveries {
  readonly #save: (cursor: number) => Promise<void>;
  readonly #onHalt: (failure: unknown) => void;
  readonly #onRoom: () => void;
  readonly #listeners = new Set<FeedListener>();
  #queue: Item[] = [];
  #running: Promise<void> | undefined;
  #halted = false;
  /** Who has heard of the first item already, while another listener has yet to manage. */
  #told: { readonly of: Item; readonly by: Set<FeedListener> } | undefined;

  /**
   * @param save never rejects
   * @param onHalt hears what a listener threw
   * @param onRoom is told when everything is delivered
   */
  constructor(save: (cursor: number) => Promise<void>, onHalt: (failure: unknown) => void, onRoom: () => void) {
    this.#save = save;
    this.#onHalt = onHalt;
    this.#onRoom = onRoom;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get halted(): boolean {
    return this.#halted;
  }

  follow(listener: FeedListener): Cancel {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  add(item: Item): void {
    this.#queue.push(item);
    this.#run();
  }

  /** Goes on after a halt, with what the listener could not take. */
  resume(): void {
    this.#halted = false;
    this.#run();
  }

  /** Forgets what is waiting; resolves when nothing is being delivered any more. */
  async clear(): Promise<void> {
    this.#queue = [];
    await this.#running;
    this.#queue = [];
    this.#halted = false;
  }

  #run(): void {
    if (this.#running === undefined && !this.#halted && this.#queue.length > 0) {
      this.#running = this.#deliverAll().finally(() => {
        this.#running = undefined;
        if (this.#queue.length === 0) {
          this.#onRoom();
        }
        this.#run(); // what came in the meantime
      });
    }
  }

  async #deliverAll(): Promise<void> {
    for (let item = this.#queue[0]; item !== undefined; item = this.#queue[0]) {
      try {
        await this.#deliver(item);
      } catch (failure) {
        this.#halted = true;
        this.#onHalt(failure);
        return;
      }
      this.#told = undefined;
      await this.#save(item.place);
      this.#queue.shift();
    }
  }

  async #deliver(item: Item): Promise<void> {
    const told = this.#told !== undefined && isSame(this.#told.of, item) ? this.#told.by : new Set<FeedListener>();
    this.#told = { of: item, by: told };
    for (const listener of [...this.#listeners]) {
      if (!told.has(listener)) {
        await tell(listener, item);
        told.add(listener);
      }
    }
  }
}

async function tell(listener: FeedListener, item: Item): Promise<void> {
  if ("start" in item) {
    await listener.load?.(item.start);
  } else if (isKnown(item.event)) {
    await listener.event(item.event);
  }
}

/** After a stop the same event comes again as another object. */
function isSame(one: Item, other: Item): boolean {
  return one.place === other.place && "start" in one === "start" in other;
}

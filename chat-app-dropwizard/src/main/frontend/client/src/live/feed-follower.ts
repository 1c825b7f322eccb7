import type { EventPage } from "../contract.js";
import { ChatProblem } from "../problem.js";
import type { Deliveries, FreshStart } from "./deliveries.js";
import type { NumberedFrame } from "./frames.js";

const MAX_WAITING = 1_000;
const PAGE = 500;

/** What a follower needs of others. */
export interface FeedSource {
  read(after: number, limit: number): Promise<EventPage>;
  /** An event was taken in: it will be delivered, once. */
  onTaken(event: NumberedFrame): void;
  /** The cursor is beyond the end of the feed: only a new connection can tell where that is now. */
  onBeyond(): void;
}

/**
 * Turns events that may be lost, repeated and out of order into the exact feed.
 *
 * The next event is passed on at once; one already passed on is dropped. Anything further ahead means that something is
 * missing: then the follower reads the feed by request, up to the highest place it was told of. It does so as well after
 * more came than its listeners could take.
 */
export class FeedFollower {
  readonly #source: FeedSource;
  readonly #deliveries: Deliveries;
  #position: number | undefined;
  #target = 0;
  #reading: Promise<void> | undefined;
  /** Goes up whenever it begins; a reader of before is of no interest. */
  #reader = 0;
  /** Goes up at each reset; what was asked for before it is not to be used. */
  #age = 0;

  constructor(source: FeedSource, deliveries: Deliveries) {
    this.#source = source;
    this.#deliveries = deliveries;
  }

  /** The place of the last event that was taken in; undefined until it is known where to begin. */
  get position(): number | undefined {
    return this.#position;
  }

  /** Whether everything that it was told of is taken in. */
  get complete(): boolean {
    return this.#position !== undefined && this.#position >= this.#target;
  }

  /** Whether to catch up is to ask: it is known where to begin, and there is room for what comes. */
  get reads(): boolean {
    return this.#position !== undefined && this.#deliveries.waiting < MAX_WAITING;
  }

  /** Goes on from a cursor; without one it takes in nothing more. */
  begin(cursor: number | undefined): void {
    this.#reader++;
    this.#reading = undefined;
    this.#stand(cursor);
  }

  /** Starts at a place for which the listeners have to load afresh. */
  restart(last: number, reason: FreshStart["reason"]): void {
    this.#stand(last);
    this.#deliveries.add({ start: { last, reason }, place: last });
  }

  /** Takes in an event from the socket. Rejects if something is missing and cannot be read now. */
  async offer(event: NumberedFrame): Promise<void> {
    if (!this.#take(event)) {
      await this.catchUp(event.seq);
    }
  }

  /** Reads on, up to the end of the feed or, where that is known, a place in it. Rejects if that cannot be done now. */
  async catchUp(target = 0): Promise<void> {
    this.#target = Math.max(this.#target, target);
    this.#reading ??= this.#readOn(this.#reader);
    await this.#reading;
  }

  #stand(cursor: number | undefined): void {
    this.#age++;
    this.#position = cursor;
    this.#target = cursor ?? 0;
  }

  /** Whether the event needs nothing more: it is taken in, or was before. */
  #take(event: NumberedFrame): boolean {
    if (this.#position === undefined) {
      return true; // before it is known where to begin, nothing can be missing
    } else if (event.seq <= this.#position) {
      return true;
    } else if (event.seq > this.#position + 1 || this.#deliveries.waiting >= MAX_WAITING) {
      return false;
    }
    this.#position = event.seq;
    this.#target = Math.max(this.#target, event.seq);
    this.#source.onTaken(event);
    this.#deliveries.add({ event, place: event.seq });
    return true;
  }

  async #readOn(reader: number): Promise<void> {
    try {
      await this.#read(reader);
    } catch (failure) {
      if (reader === this.#reader) {
        throw failure;
      }
    } finally {
      if (reader === this.#reader) {
        this.#reading = undefined;
      }
    }
  }

  async #read(reader: number): Promise<void> {
    while (reader === this.#reader && this.#position !== undefined && this.reads) {
      const age = this.#age;
      const before = this.#position;
      const target = this.#target;
      const page = await this.#page(before);
      if (page === undefined || age !== this.#age) {
        if (this.complete) {
          return;
        }
        continue;
      }
      for (const event of page.events) {
        if (!this.#take(event)) {
          break;
        }
      }
      if (this.#position === before) {
        if (this.#target === target) {
          this.#target = before; // told of what is not there: the service was set back
          return;
        } // else it was told of more while it was being answered
      } else if (this.complete && !page.more) {
        return;
      }
    }
  }

  /** Undefined if there is none, and the follower stands elsewhere now. */
  async #page(after: number): Promise<EventPage | undefined> {
    const age = this.#age;
    try {
      return await this.#source.read(after, PAGE);
    } catch (failure) {
      if (age === this.#age && failure instanceof ChatProblem) {
        if (failure.status === 410 && failure.last !== undefined) {
          this.restart(failure.last, "reset");
          return undefined;
        } else if (failure.status === 400 && failure.fieldErrors["after"] !== undefined) {
          this.#source.onBeyond();
        }
      }
      throw failure;
    }
  }
}

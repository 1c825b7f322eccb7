import type { Cancel, Environment } from "../../src/environment.js";

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** A world whose time stands still unless a test moves it, and whose chances repeat. */
export class World implements Environment {
  #now = 0;
  #random: number;
  #uuids = 0;
  readonly #timers = new Set<Timer>();
  readonly #wakes = new Set<() => void>();
  /** What requests are answered by. */
  answer: (url: string, init: RequestInit) => Promise<Response> = () => Promise.reject(new TypeError("no network"));

  constructor(seed = 1) {
    this.#random = seed;
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    return this.answer(url, init);
  }

  now(): number {
    return this.#now;
  }

  wallClock(): number {
    return 1_800_000_000_000 + this.#now;
  }

  /** Mulberry32. */
  random(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  uuid(): string {
    return `key-${++this.#uuids}`;
  }

  after(millis: number, run: () => void): Cancel {
    const timer = { due: this.#now + millis, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  onWake(wake: () => void): Cancel {
    this.#wakes.add(wake);
    return () => {
      this.#wakes.delete(wake);
    };
  }

  /** As when the browser says that it is online again. */
  wake(): void {
    this.#wakes.forEach((wake) => {
      wake();
    });
  }

  get timers(): number {
    return this.#timers.size;
  }

  get wakers(): number {
    return this.#wakes.size;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Lets time pass, and everything happen in it. */
  async pass(millis: number): Promise<void> {
    const end = this.#now + millis;
    await this.settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
      await this.settle();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (first === undefined || timer.due < first.due)) {
        first = timer;
      }
    }
    return first;
  }
}

/** A part of the world that can be switched off, as a process is by `kill -9`. */
export class Mortal implements Environment {
  readonly #world: Environment;
  #dead = false;

  constructor(world: Environment) {
    this.#world = world;
  }

  kill(): void {
    this.#dead = true;
  }

  get dead(): boolean {
    return this.#dead;
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    return this.#alive(this.#world.fetch(url, init));
  }

  now = (): number => this.#world.now();
  wallClock = (): number => this.#world.wallClock();
  random = (): number => this.#world.random();
  uuid = (): string => this.#world.uuid();

  after(millis: number, run: () => void): Cancel {
    return this.#world.after(millis, () => {
      if (!this.#dead) {
        run();
      }
    });
  }

  onWake(wake: () => void): Cancel {
    return this.#world.onWake(() => {
      if (!this.#dead) {
        wake();
      }
    });
  }

  /** What comes after death comes never. */
  #alive<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => {
          if (!this.#dead) {
            resolve(value);
          }
        },
        (failure: unknown) => {
          if (!this.#dead) {
            reject(failure instanceof Error ? failure : new Error(String(failure)));
          }
        },
      );
    });
  }
}

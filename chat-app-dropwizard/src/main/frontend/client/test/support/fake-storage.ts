import type { Cancel } from "../../src/environment.js";
import type { WebStorage } from "../../src/live/cursor-storage.js";
import type { OutboxStorage, StoredMessage } from "../../src/live/outbox-storage.js";
import type { World } from "./world.js";

/** A browser's storage. */
export class FakeStorage implements WebStorage {
  readonly #entries: Map<string, string>;
  readonly #written: (name: string, value: string | null) => void;

  /** @param written hears of every change */
  constructor(
    entries = new Map<string, string>(),
    written: (name: string, value: string | null) => void = () => undefined,
  ) {
    this.#entries = entries;
    this.#written = written;
  }

  get length(): number {
    return this.#entries.size;
  }

  /** In no order that one could rely on. */
  key(index: number): string | null {
    return [...this.#entries.keys()].reverse()[index] ?? null;
  }

  getItem(name: string): string | null {
    return this.#entries.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.#entries.set(name, value);
    this.#written(name, value);
  }

  removeItem(name: string): void {
    this.#entries.delete(name);
    this.#written(name, null);
  }
}

/** The same storage as two tabs see it: what one of them writes, a `storage` event tells the other. */
export function twoTabs(window: EventTarget): readonly [FakeStorage, FakeStorage] {
  const entries = new Map<string, string>();
  const tell = (tab: () => FakeStorage) => (key: string, newValue: string | null) => {
    window.dispatchEvent(Object.assign(new Event("storage"), { storageArea: tab(), key, newValue }));
  };
  const one: FakeStorage = new FakeStorage(
    entries,
    tell(() => two),
  );
  const two: FakeStorage = new FakeStorage(
    entries,
    tell(() => one),
  );
  return [one, two];
}

/** A storage that others share, and that takes its time: what it is asked it answers as it was then, half a second later. */
export class SlowStorage implements OutboxStorage {
  readonly messages = new Map<string, StoredMessage>();
  readonly #world: World;
  #changed: ((clientId: string, message: StoredMessage | undefined) => void) | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  load(): Promise<readonly StoredMessage[]> {
    const messages = [...this.messages.values()];
    return this.#later(() => messages);
  }

  put(_: string, message: StoredMessage): Promise<void> {
    return this.#later(() => void this.messages.set(message.client_id, message));
  }

  remove(_: string, clientId: string): Promise<void> {
    return this.#later(() => void this.messages.delete(clientId));
  }

  watch(_: string, changed: (clientId: string, message: StoredMessage | undefined) => void): Cancel {
    this.#changed = changed;
    return () => {
      this.#changed = undefined;
    };
  }

  /** Somebody else has put a message there, or removed one. */
  elsewhere(clientId: string, message: StoredMessage | undefined): void {
    if (message === undefined) {
      this.messages.delete(clientId);
    } else {
      this.messages.set(clientId, message);
    }
    this.#changed?.(clientId, message);
  }

  #later<T>(run: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.#world.after(500, () => {
        resolve(run());
      });
    });
  }
}

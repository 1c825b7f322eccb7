import type { WebStorage } from "../../src/live/cursor-storage.js";

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

import type { WebStorage } from "../../src/live/cursor-storage.js";

/** A browser's storage. */
export class FakeStorage implements WebStorage {
  readonly #entries = new Map<string, string>();

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
  }

  removeItem(name: string): void {
    this.#entries.delete(name);
  }
}

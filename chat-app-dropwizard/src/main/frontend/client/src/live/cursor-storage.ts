/**
 * Where a client keeps how far it has come in its feed. It belongs with what the events were told to: a page that loads
 * its state afresh every time keeps its cursor in memory, as it keeps the state; a program that writes what it hears to a
 * database keeps it there.
 */
export interface CursorStorage {
  /** Undefined if nothing was ever saved. */
  load(key: string): number | undefined | Promise<number | undefined>;
  save(key: string, cursor: number): void | Promise<void>;
}

/** Forgets with the page, or the process. */
export class MemoryCursorStorage implements CursorStorage {
  readonly #cursors = new Map<string, number>();

  load(key: string): number | undefined {
    return this.#cursors.get(key);
  }

  save(key: string, cursor: number): void {
    this.#cursors.set(key, cursor);
  }
}

/** `localStorage`, which all tabs share, or `sessionStorage`, which each tab has to itself. */
export type WebStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Keeps cursors in a browser's storage. Two tabs must not share one, as either would go on from where the other is. */
export class WebCursorStorage implements CursorStorage {
  readonly #storage: WebStorage;

  constructor(storage: WebStorage) {
    this.#storage = storage;
  }

  load(key: string): number | undefined {
    const text = this.#storage.getItem(`message-center:cursor:${key}`);
    return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  }

  save(key: string, cursor: number): void {
    this.#storage.setItem(`message-center:cursor:${key}`, String(cursor));
  }
}

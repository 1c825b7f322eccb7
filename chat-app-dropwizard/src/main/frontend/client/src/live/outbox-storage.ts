import type { Message } from "../contract.js";
import type { Cancel } from "../environment.js";
import type { WebStorage } from "./cursor-storage.js";

/** A message that is not known to be sent. */
export interface StoredMessage {
  readonly client_id: string;
  readonly recipient: string;
  readonly body: string;
  readonly reply_to?: number;
  /** Goes up from one message to the next; milliseconds since 1970, more or less. */
  readonly written: number;
  /** Why it was refused, if it was: then it waits for its writer. */
  readonly refused?: { readonly status: number; readonly code: string; readonly detail: string };
  /** What became of it, if that is known: then it is about to be removed, and others may hear why. */
  readonly settled?: Message | "discarded";
}

/**
 * Keeps messages until they are sent, so that a reload or a crash loses none. Several tabs may share one: a message
 * that two of them send is still stored once, as its key is the same.
 */
export interface OutboxStorage {
  load(key: string): readonly StoredMessage[] | Promise<readonly StoredMessage[]>;
  /** Adds, or replaces the one with the same client id. */
  put(key: string, message: StoredMessage): void | Promise<void>;
  remove(key: string, clientId: string): void | Promise<void>;
  /** Tells of all that others who share it, as other tabs do, have put there, or removed (undefined), in its order. */
  watch?(key: string, changed: (clientId: string, message: StoredMessage | undefined) => void): Cancel;
}

/** Forgets with the page, or the process. */
export class MemoryOutboxStorage implements OutboxStorage {
  readonly #boxes = new Map<string, Map<string, StoredMessage>>();

  load(key: string): readonly StoredMessage[] {
    return [...this.#box(key).values()];
  }

  put(key: string, message: StoredMessage): void {
    this.#box(key).set(message.client_id, message);
  }

  remove(key: string, clientId: string): void {
    this.#box(key).delete(clientId);
  }

  #box(key: string): Map<string, StoredMessage> {
    const box = this.#boxes.get(key) ?? new Map<string, StoredMessage>();
    this.#boxes.set(key, box);
    return box;
  }
}

/** Keeps messages in a browser's storage, an entry each, so that tabs do not overwrite each other's. */
export class WebOutboxStorage implements OutboxStorage {
  readonly #storage: WebStorage;

  constructor(storage: WebStorage) {
    this.#storage = storage;
  }

  load(key: string): readonly StoredMessage[] {
    const prefix = this.#prefix(key);
    const messages: StoredMessage[] = [];
    for (let i = 0; i < this.#storage.length; i++) {
      const name = this.#storage.key(i);
      const message = name?.startsWith(prefix) === true ? parse(this.#storage.getItem(name)) : undefined;
      if (message !== undefined) {
        messages.push(message);
      }
    }
    return messages;
  }

  put(key: string, message: StoredMessage): void {
    this.#storage.setItem(this.#prefix(key) + message.client_id, JSON.stringify(message));
  }

  remove(key: string, clientId: string): void {
    this.#storage.removeItem(this.#prefix(key) + clientId);
  }

  watch(key: string, changed: (clientId: string, message: StoredMessage | undefined) => void): Cancel {
    const prefix = this.#prefix(key);
    const target = globalThis as Partial<Pick<Window, "addEventListener" | "removeEventListener">>;
    const hear = ({ storageArea, key: name, newValue }: StorageEvent): void => {
      if (storageArea === this.#storage && name?.startsWith(prefix) === true) {
        changed(name.slice(prefix.length), parse(newValue));
      }
    };
    target.addEventListener?.("storage", hear);
    return () => target.removeEventListener?.("storage", hear);
  }

  #prefix(key: string): string {
    return `message-center:outbox:${key}:`;
  }
}

/** Undefined for what is no message, whoever wrote that there. */
function parse(json: string | null): StoredMessage | undefined {
  try {
    const value = JSON.parse(json ?? "") as Partial<StoredMessage> | null;
    return typeof value?.client_id === "string" &&
      typeof value.recipient === "string" &&
      typeof value.body === "string" &&
      typeof value.written === "number"
      ? (value as StoredMessage)
      : undefined;
  } catch {
    return undefined;
  }
}

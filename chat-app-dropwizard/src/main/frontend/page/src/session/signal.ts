/** Those who want to hear that something has changed; what changes together is told once. */
export class Signal {
  readonly #listeners = new Set<() => void>();
  #due: ReturnType<typeof setTimeout> | undefined;

  readonly subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell);
    return () => {
      this.#listeners.delete(tell);
    };
  };

  now(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    [...this.#listeners].forEach((tell) => {
      tell();
    });
  }

  /** Within a frame, so that a page can keep up with any number of changes; no frame is asked for, as hidden pages have none. */
  soon(): void {
    this.#due ??= setTimeout(() => {
      this.now();
    }, 16);
  }
}

/** The earlier list, if the later one says nothing else: what is the same is not drawn again. */
export function settled<T>(earlier: readonly T[], later: readonly T[]): readonly T[] {
  return earlier.length === later.length && earlier.every((one, i) => one === later[i]) ? earlier : later;
}

import type { Cancel } from "../environment.js";

/** Those who want to hear of something. One that throws disturbs neither the others nor who tells. */
export class Listeners<T> {
  readonly #all = new Set<{ readonly tell: (news: T) => void }>();
  readonly #onFault: (failure: unknown) => void;

  constructor(onFault: (failure: unknown) => void) {
    this.#onFault = onFault;
  }

  add(tell: (news: T) => void): Cancel {
    const one = { tell };
    this.#all.add(one);
    return () => {
      this.#all.delete(one);
    };
  }

  tell(news: T): void {
    for (const one of [...this.#all]) {
      try {
        one.tell(news);
      } catch (failure) {
        this.#onFault(failure);
      }
    }
  }
}

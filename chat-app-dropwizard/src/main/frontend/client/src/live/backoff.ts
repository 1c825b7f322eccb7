import type { Environment } from "../environment.js";

/**
 * How long to wait before the next attempt: exponential with full jitter, so that clients who lost the same server do
 * not come back together.
 */
export class Backoff {
  readonly #environment: Environment;
  readonly #first: number;
  readonly #most: number;
  #failures = 0;

  /**
   * @param first milliseconds that the first wait may take
   * @param most milliseconds that any wait may take
   */
  constructor(environment: Environment, first: number, most: number) {
    this.#environment = environment;
    this.#first = first;
    this.#most = most;
  }

  /** Milliseconds to wait after one more failure; at least as many as the service has asked for. */
  next(retryAfterSeconds = 0): number {
    const ceiling = Math.min(this.#most, this.#first * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    // What everybody was told is spread, too.
    return retryAfterSeconds * 1000 + this.#environment.random() * ceiling;
  }

  /** Milliseconds to wait where nothing has failed. */
  soon(): number {
    return this.#environment.random() * this.#first;
  }

  reset(): void {
    this.#failures = 0;
  }
}

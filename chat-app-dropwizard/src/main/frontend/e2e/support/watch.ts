import { type BrowserContext, expect } from "@playwright/test";

/** What may be there: whoever is not signed in is told so by 401, and Chromium writes that to the console. */
const ALWAYS = [/status of 401 .*\/api\/v1\/(account|event)\/(\?.*)?$/];

/**
 * Sees to it that pages have nothing to complain about: no error or warning on their console, broken policies included, no
 * exception that nobody caught, and no request to anywhere but the service.
 */
export class Watch {
  readonly #found: string[] = [];
  readonly #allowed: RegExp[] = [...ALWAYS];

  /** From now on: what a test provokes is no complaint. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  /** What was found and not allowed. */
  get found(): readonly string[] {
    return this.#found.filter((one) => !this.#allowed.some((pattern) => pattern.test(one)));
  }

  add(context: BrowserContext, url: string): void {
    const { host } = new URL(url);
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.#found.push(`${message.type()}: ${message.text()} ${message.location().url}`);
      }
    });
    context.on("weberror", (error) => {
      this.#found.push(`exception: ${String(error.error())}`);
    });
    context.on("request", (request) => {
      const to = new URL(request.url());
      if (!["data:", "blob:", "about:"].includes(to.protocol) && to.host !== host) {
        this.#found.push(`request to elsewhere: ${request.url()}`);
      }
    });
  }

  check(): void {
    expect(this.found, "what the pages complain about").toEqual([]);
  }
}

import { type BrowserContextOptions, type Page, test as base } from "@playwright/test";
import { ChatClient } from "@message-center/client";
import { Service } from "../../client/service-test/service.js";
import { Cable } from "./cable.js";
import { Cluster } from "./cluster.js";
import { Watch } from "./watch.js";

export { expect } from "@playwright/test";
export { expectAccessible } from "./axe.js";
export { expectLook, THEMES } from "./looks.js";

/** Somebody with an account. */
export interface Person {
  readonly name: string;
  readonly password: string;
  /** Signed in, by a session of its own that no browser has. */
  readonly client: ChatClient;
}

export interface Visit extends BrowserContextOptions {
  /** Who is signed in; nobody unless it is said. */
  readonly as?: Person;
  /** Which service it is; the one that all tests share unless it is said. */
  readonly at?: string;
  /** Where to go first; the page itself unless it is said. */
  readonly path?: string;
}

interface ForTests {
  /** What the test's pages complain about; whatever is not allowed fails it. */
  watch: Watch;
  /**
   * Opens an account over REST. A number is added to the name, which makes it nobody else's; with `exact` it stays as it
   * is, for a service of one's own.
   */
  person: (name: string, options?: { at?: string; exact?: boolean }) => Promise<Person>;
  /** Opens the page in a browser context of its own, as on another device. */
  visit: (options?: Visit) => Promise<Page>;
  /** A service of the test's own, to be killed and restarted as it likes. */
  own: OwnService;
  /** A network to an address, which can be cut. */
  cable: (url?: string) => Promise<Cable>;
}

interface ForWorkers {
  /** The service that tests share: the embedded default, with an empty database at first. */
  service: Service;
  /** Two nodes on MariaDB and Redis; started when a test first asks for them. */
  cluster: Cluster;
}

/** Tests do more than anybody would. */
const ENVIRONMENT = { CHAT_LIMITS: "false" };

let people = 0;

/** A service that stays what it is, at the same address and with the same data, though its process changes. */
export class OwnService {
  #service: Service;

  private constructor(service: Service) {
    this.#service = service;
  }

  static async start(): Promise<OwnService> {
    return new OwnService(await Service.start("", ENVIRONMENT));
  }

  get url(): string {
    return this.#service.url;
  }

  /** What it has logged since it was last started; mails are there, too. */
  get output(): string {
    return this.#service.output;
  }

  /** As `kill -9`. Until it is restarted, nobody answers. */
  async kill(): Promise<void> {
    await this.#service.end("SIGKILL");
  }

  /** As an operator stops it. */
  async stop(): Promise<void> {
    await this.#service.end("SIGTERM");
  }

  async restart(): Promise<void> {
    this.#service = await this.#service.restart();
  }

  async close(): Promise<void> {
    await this.#service.close();
  }
}

export const test = base.extend<ForTests, ForWorkers>({
  service: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what is needed
    async ({}, use) => {
      const service = await Service.start("", ENVIRONMENT);
      await use(service);
      await service.close();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  cluster: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const cluster = await Cluster.start();
      await use(cluster);
      await cluster.close();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  watch: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      watch.check();
    },
    { auto: true },
  ],
  person: async ({ service }, use) => {
    await use(async (name, { at = service.url, exact = false } = {}) => {
      const username = exact ? name : `${name}-${test.info().workerIndex}-${++people}`;
      const password = "a long enough one";
      const client = new ChatClient({ url: at });
      await client.accounts.signUp({ username, password });
      return { name: username, password, client };
    });
  },
  visit: async ({ browser, service, watch }, use) => {
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async ({ as, at = service.url, path = "/", ...options } = {}) => {
      const context = await browser.newContext({ ...options, baseURL: at });
      contexts.push(context);
      watch.add(context, at);
      if (as !== undefined) {
        const answer = await context.request.post("/api/v1/session/", {
          data: { username: as.name, password: as.password },
        });
        if (!answer.ok()) {
          throw new Error(`${as.name} cannot sign in: ${answer.status()} ${await answer.text()}`);
        }
      }
      const page = await context.newPage();
      await page.goto(path);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  own: async ({}, use) => {
    const service = await OwnService.start();
    await use(service);
    await service.close();
  },
  cable: async ({ service }, use) => {
    const cables: Cable[] = [];
    await use(async (url = service.url) => {
      const cable = await Cable.to(url);
      cables.push(cable);
      return cable;
    });
    await Promise.all(cables.map((cable) => cable.close()));
  },
});

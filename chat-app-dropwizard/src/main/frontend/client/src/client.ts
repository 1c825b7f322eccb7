import { Credentials, type TokenSource } from "./credentials.js";
import { type Environment, environmentWith } from "./environment.js";
import { type CursorStorage, MemoryCursorStorage } from "./live/cursor-storage.js";
import { LIVE_TIMES, LiveChat, type LiveTimes } from "./live/live-chat.js";
import { MemoryOutboxStorage, type OutboxStorage } from "./live/outbox-storage.js";
import { browserSockets, type SocketFactory } from "./live/socket.js";
import { Accounts } from "./rest/accounts.js";
import { Administration } from "./rest/administration.js";
import { Conversations } from "./rest/conversations.js";
import { Events } from "./rest/events.js";
import { type Guard, Http } from "./rest/http.js";
import { Messages } from "./rest/messages.js";
import { People } from "./rest/people.js";
import { Sessions } from "./rest/sessions.js";

export interface ChatClientOptions {
  /** The service's address, say `https://chat.example`. */
  readonly url: string;
  /**
   * `cookie` in a browser, on a page of the service's own: no script sees the session. `bearer` elsewhere: the client
   * keeps the token that signing in answers with, or begins with one of yours. `bearer` is the default.
   */
  readonly auth?: "cookie" | "bearer";
  /** With `bearer`: the token of a session that has begun already, or what gives one of your own host's. */
  readonly token?: TokenSource;
  /** How WebSockets are opened; by default as browsers do. See {@link nodeSockets} and {@link wsSockets}. */
  readonly sockets?: SocketFactory;
  /** Milliseconds that a request may take; 20,000 by default. */
  readonly timeout?: number;
  /** The world around the client, or parts of another one. */
  readonly environment?: Partial<Environment>;
}

export interface LiveOptions {
  /** Whose chat it is: the name that signing in, or `accounts.me()`, answers with. */
  readonly user: string;
  /** In memory by default. */
  readonly cursors?: CursorStorage;
  /** In memory by default. */
  readonly outbox?: OutboxStorage;
  readonly times?: Partial<LiveTimes>;
}

/**
 * The REST API.
 *
 * Every call rejects with a {@link ChatProblem} where the service refuses, and with {@link ConnectionFailed} where no
 * answer came, which tells nothing of whether it was done.
 */
export class Requests {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly people: People;
  readonly messages: Messages;
  readonly conversations: Conversations;
  readonly events: Events;
  readonly administration: Administration;

  /** @internal */
  constructor(http: Http, credentials: Credentials) {
    this.accounts = new Accounts(http, credentials);
    this.sessions = new Sessions(http, credentials);
    this.people = new People(http);
    this.messages = new Messages(http);
    this.conversations = new Conversations(http);
    this.events = new Events(http);
    this.administration = new Administration(http);
  }
}

/** A client of one message center, for one session at a time. */
export class ChatClient extends Requests {
  readonly #options: ChatClientOptions;
  readonly #credentials: Credentials;
  readonly #environment: Environment;
  readonly #http: Http;

  constructor(options: ChatClientOptions) {
    const environment = environmentWith(options.environment ?? {});
    const credentials = new Credentials(options.auth ?? "bearer", options.token);
    const http = new Http(options.url, credentials, environment, options.timeout ?? 20_000);
    super(http, credentials);
    this.#options = options;
    this.#credentials = credentials;
    this.#environment = environment;
    this.#http = http;
  }

  /**
   * The same API for one user alone: nothing is done or read while somebody else is signed in, as may happen in another tab
   * of the same browser. It is a 401 then, as if nobody were.
   */
  onlyAs(user: string): Requests {
    return this.#requests(user);
  }

  /** A user's chat, live, once it is started. */
  live(options: LiveOptions): LiveChat {
    return new LiveChat({
      service: this.#options.url,
      user: options.user,
      credentials: this.#credentials,
      environment: this.#environment,
      sockets: this.#options.sockets ?? browserSockets,
      cursors: options.cursors ?? new MemoryCursorStorage(),
      outbox: options.outbox ?? new MemoryOutboxStorage(),
      times: { ...LIVE_TIMES, ...options.times },
      requests: (guard) => this.#requests(options.user, guard),
    });
  }

  #requests(user: string, guard?: Guard): Requests {
    return new Requests(this.#http.of(user, guard), this.#credentials);
  }
}

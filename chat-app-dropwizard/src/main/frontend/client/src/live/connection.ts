import type { Credentials } from "../credentials.js";
import type { Cancel, Environment } from "../environment.js";
import type { Backoff } from "./backoff.js";
import { type ClientFrame, type Hello, PROTOCOL, parseFrame, type ServerFrame } from "./frames.js";
import type { SocketFactory, SocketLike } from "./socket.js";

/** How it stands with the connection. */
export type ConnectionState =
  | { readonly name: "stopped" }
  | { readonly name: "connecting" }
  | { readonly name: "connected" }
  /** `until`: when the next attempt is made, in milliseconds since 1970. */
  | { readonly name: "waiting"; readonly until: number }
  /** Nobody is signed in any more, or somebody else; there will be no further attempt. */
  | { readonly name: "signedOut" };

/** Times, in milliseconds. */
export interface ConnectionTimes {
  /** From the handshake to the server's hello. */
  readonly connect: number;
  /** A connection that has lasted so long was a good one. */
  readonly stable: number;
  /** How long it may be silent before it is looked after; undefined for twice the server's pings. */
  readonly silence: number | undefined;
  /** How long it may stay silent once it is known that it should not. */
  readonly grace: number;
}

/** What the service says when asked by request instead. */
export type Verdict = "fine" | "missed" | "unreachable" | { readonly retryAfter: number };

/** What a connection needs of others. */
export interface ConnectionListener {
  /** Where to resume; undefined to begin with what happens from now on. */
  readonly cursor: number | undefined;
  onState(state: ConnectionState): void;
  /** A connection is there; false if it is not the right user's. */
  onHello(hello: Hello): boolean;
  onFrame(frame: Exclude<ServerFrame, Hello>): void;
  /** The connection is gone; what was on its way may have arrived or not. */
  onLost(): void;
  /** Asks the service by request, and takes in what was missed. Never rejects; a 401 ends the connection before. */
  check(): Promise<Verdict>;
  onFault(failure: unknown): void;
}

const GOING_AWAY = 1001;
const POLICY = 1008;
const BROKEN = 1006;

/** Characters of a frame that a service surely reads. What it does not read it cannot answer by its name. */
const MAX_FRAME = 64 * 1024;

/**
 * Keeps a WebSocket open: connects, and connects again.
 *
 * Browsers show a script neither why a handshake was refused nor the server's pings. So whenever a handshake fails, or a
 * connection has been silent for long, the service is asked by request. That finds an ended session, a lost network and a
 * dead connection alike; and where no WebSocket gets through at all, it still brings the events, only later.
 */
export class Connection {
  readonly #url: string;
  readonly #factory: SocketFactory;
  readonly #credentials: Credentials;
  readonly #environment: Environment;
  readonly #backoff: Backoff;
  readonly #times: ConnectionTimes;
  readonly #listener: ConnectionListener;
  #state: ConnectionState = { name: "stopped" };
  #socket: SocketLike | undefined;
  /** Goes up with each attempt and each end of one; what belongs to an earlier number is of no interest. */
  #attempt = 0;
  readonly #timers = new Set<Cancel>();
  #heard = 0;
  #looked = 0;
  #notBefore = 0;
  /** Whether it waits because there was no answer at all, when the service was asked last. */
  #unreached = false;

  constructor(parts: {
    readonly service: string;
    readonly factory: SocketFactory;
    readonly credentials: Credentials;
    readonly environment: Environment;
    readonly backoff: Backoff;
    readonly times: ConnectionTimes;
    readonly listener: ConnectionListener;
  }) {
    this.#url = `${parts.service.replace(/^http/, "ws").replace(/\/+$/, "")}/ws`;
    this.#factory = parts.factory;
    this.#credentials = parts.credentials;
    this.#environment = parts.environment;
    this.#backoff = parts.backoff;
    this.#times = parts.times;
    this.#listener = parts.listener;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get connected(): boolean {
    return this.#state.name === "connected";
  }

  /** Whether it is stopped, or nobody is signed in for it: there is no further attempt until it is started. */
  get ended(): boolean {
    return this.#state.name === "stopped" || this.#state.name === "signedOut";
  }

  /** When something last came over it; compare with the environment's `now`. */
  get heard(): number {
    return this.#heard;
  }

  start(): void {
    if (this.ended) {
      this.#backoff.reset();
      this.#open();
    }
  }

  stop(): void {
    this.#end({ name: "stopped" });
  }

  /** Of no interest once it has ended: then it is an answer to what was asked before. */
  signedOut(): void {
    if (!this.ended) {
      this.#end({ name: "signedOut" });
    }
  }

  /** Something is wrong with this connection: makes another one. */
  restart(): void {
    if (this.connected) {
      this.#lost(this.#attempt, BROKEN);
    }
  }

  /** The network may have come back, or gone unnoticed. */
  wake(): void {
    if (this.connected) {
      void this.#look(this.#attempt);
    } else if (this.#state.name === "waiting" && this.#environment.now() >= this.#notBefore) {
      this.#tearDown();
      this.#wait(this.#backoff.soon());
    }
  }

  /** A request was answered: a connection that waits because there was no answer is tried now. */
  reached(): void {
    if (this.#unreached) {
      this.wake();
    }
  }

  /** Whether the frame went on its way; one that is too large does not. */
  send(frame: ClientFrame): boolean {
    const text = JSON.stringify(frame);
    if (!this.connected || this.#socket === undefined || text.length > MAX_FRAME) {
      return false;
    }
    try {
      this.#socket.send(text);
      return true;
    } catch (failure) {
      this.#listener.onFault(failure);
      return false;
    }
  }

  #open(): void {
    const attempt = ++this.#attempt;
    this.#become({ name: "connecting" });
    this.#later(attempt, this.#times.connect, () => {
      this.#lost(attempt, BROKEN);
    });
    void this.#dial(attempt);
  }

  async #dial(attempt: number): Promise<void> {
    try {
      const headers = await this.#credentials.headers();
      if (attempt !== this.#attempt) {
        return;
      }
      const cursor = this.#listener.cursor;
      const url = cursor === undefined ? this.#url : `${this.#url}?after=${cursor}`;
      this.#attach(attempt, this.#factory({ url, protocol: PROTOCOL, headers }));
    } catch (failure) {
      this.#listener.onFault(failure);
      this.#lost(attempt, BROKEN);
    }
  }

  #attach(attempt: number, socket: SocketLike): void {
    this.#socket = socket;
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      if (attempt === this.#attempt) {
        this.#received(attempt, data);
      }
    };
    socket.onclose = ({ code }: { readonly code: number }) => {
      this.#lost(attempt, code);
    };
    socket.onerror = () => undefined; // it closes, too
  }

  #received(attempt: number, data: unknown): void {
    this.#heard = this.#environment.now();
    const frame = parseFrame(data);
    if (frame === undefined) {
      return;
    } else if (frame.type !== "hello") {
      if (this.connected) {
        this.#listener.onFrame(frame);
      }
    } else if (!this.connected) {
      this.#greeted(attempt, frame);
    }
  }

  #greeted(attempt: number, hello: Hello): void {
    this.#cancelTimers();
    if (!this.#listener.onHello(hello)) {
      this.signedOut();
      return;
    }
    this.#later(attempt, this.#times.stable, () => {
      this.#backoff.reset();
    });
    this.#watch(attempt, this.#times.silence ?? Math.max(2 * hello.ping, 1) * 1000);
    this.#become({ name: "connected" });
  }

  #lost(attempt: number, code: number): void {
    if (attempt !== this.#attempt) {
      return;
    }
    const greeted = this.connected;
    this.#tearDown();
    if (greeted && code === GOING_AWAY) {
      this.#wait(this.#backoff.soon()); // at once, but not all of its clients together
    } else if (greeted && code !== POLICY) {
      this.#wait(this.#backoff.next());
    } else {
      this.#become({ name: "connecting" });
      void this.#ask(this.#attempt);
    }
    if (greeted) {
      this.#listener.onLost();
    }
  }

  async #ask(attempt: number): Promise<void> {
    const verdict = await this.#listener.check();
    if (attempt !== this.#attempt) {
      return;
    }
    const retryAfter = typeof verdict === "object" ? verdict.retryAfter : 0;
    this.#notBefore = this.#environment.now() + retryAfter * 1000;
    this.#wait(this.#backoff.next(retryAfter));
    this.#unreached = verdict === "unreachable";
  }

  #wait(millis: number): void {
    const attempt = this.#attempt;
    this.#later(attempt, millis, () => {
      this.#open();
    });
    this.#become({ name: "waiting", until: this.#environment.wallClock() + millis });
  }

  /** Looks after the connection whenever it has been silent for so long. */
  #watch(attempt: number, silence: number): void {
    const quiet = this.#environment.now() - Math.max(this.#heard, this.#looked);
    if (quiet >= silence) {
      void this.#look(attempt);
    }
    this.#later(attempt, quiet >= silence ? silence : silence - quiet, () => {
      this.#watch(attempt, silence);
    });
  }

  async #look(attempt: number): Promise<void> {
    const asked = this.#environment.now();
    this.#looked = asked;
    const verdict = await this.#listener.check();
    if (attempt !== this.#attempt || this.#heard > asked) {
      return; // another connection, or it is alive
    }
    if (verdict === "unreachable") {
      this.#lost(attempt, BROKEN);
    } else if (verdict === "missed") {
      this.#later(attempt, this.#times.grace, () => {
        if (this.#heard <= asked) {
          this.#lost(attempt, BROKEN); // it should have told of that
        }
      });
    }
  }

  #end(state: ConnectionState): void {
    const greeted = this.connected;
    this.#tearDown();
    this.#become(state);
    if (greeted) {
      this.#listener.onLost();
    }
  }

  /** From here on nothing of the present attempt is heard. */
  #tearDown(): void {
    this.#attempt++;
    this.#unreached = false;
    this.#cancelTimers();
    const socket = this.#socket;
    this.#socket = undefined;
    try {
      socket?.close(1000);
    } catch (failure) {
      this.#listener.onFault(failure);
    }
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    this.#listener.onState(state);
  }

  #later(attempt: number, millis: number, run: () => void): void {
    const cancel = this.#environment.after(millis, () => {
      this.#timers.delete(cancel);
      if (attempt === this.#attempt) {
        run();
      }
    });
    this.#timers.add(cancel);
  }

  #cancelTimers(): void {
    for (const cancel of this.#timers) {
      cancel();
    }
    this.#timers.clear();
  }
}

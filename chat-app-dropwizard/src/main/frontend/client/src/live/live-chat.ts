import { type ChatEvent, isKnown, type Presence, sameUser, type Typing } from "../contract.js";
import type { Requests } from "../client.js";
import type { Credentials } from "../credentials.js";
import type { Cancel, Environment } from "../environment.js";
import { ChatProblem, ConnectionFailed, isPassing, isSignedOut } from "../problem.js";
import type { Guard } from "../rest/http.js";
import { Backoff } from "./backoff.js";
import { Connection, type ConnectionState, type Verdict } from "./connection.js";
import type { CursorStorage } from "./cursor-storage.js";
import { Deliveries, type FeedListener } from "./deliveries.js";
import { FeedFollower } from "./feed-follower.js";
import type { Hello, NumberedFrame, ServerFrame } from "./frames.js";
import { Listeners } from "./listeners.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import type { OutboxStorage } from "./outbox-storage.js";
import type { Outgoing } from "./outgoing.js";
import { Sender } from "./sender.js";
import type { SocketFactory } from "./socket.js";
import { TypingNotices } from "./typing.js";

/** Times, in milliseconds. */
export interface LiveTimes {
  /** What a handshake may take, up to the server's hello. */
  readonly connect: number;
  /** What the answer to a send or a mark over the connection may take; then it is asked for by request. */
  readonly ack: number;
  /** The first wait after a failure takes at most so long; each further one up to twice as long. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** A connection that has lasted so long was a good one: the next wait is a first one again. */
  readonly stable: number;
  /** How long a connection may be silent before the service is asked; by default twice its pings. */
  readonly silence: number | undefined;
  /** How long a connection has to tell of what the service told when asked. */
  readonly grace: number;
  /** In which marks are gathered. */
  readonly marks: number;
  /** Between two notices that I am writing. */
  readonly typing: number;
}

export const LIVE_TIMES: LiveTimes = {
  connect: 15_000,
  ack: 20_000,
  firstWait: 1_000,
  longestWait: 15_000,
  stable: 10_000,
  silence: undefined,
  grace: 5_000,
  marks: 250,
  typing: 3_000,
};

/** What a live chat is made of. */
export interface LiveParts {
  readonly service: string;
  readonly user: string;
  readonly credentials: Credentials;
  readonly environment: Environment;
  readonly sockets: SocketFactory;
  readonly cursors: CursorStorage;
  readonly outbox: OutboxStorage;
  readonly times: LiveTimes;
  /** The user's alone. */
  requests(guard: Guard): Requests;
}

/**
 * One user's chat, live: follows the feed, sends, and marks, over a connection that comes back by itself.
 *
 * - Every event is told once and in order, whatever the network does; the cursor is saved behind it.
 * - Every message that {@link send} has taken is sent once, in its conversation's order, or fails for good.
 */
export class LiveChat {
  /** Whose it is. */
  readonly user: string;
  /**
   * The REST API for this user alone. Whatever is answered with 401 makes the chat `signedOut`: nobody is signed in any
   * more, or somebody else is. So sign in by the client's own.
   */
  readonly requests: Requests;
  readonly #key: string;
  readonly #credentials: Credentials;
  readonly #cursors: CursorStorage;
  readonly #environment: Environment;
  readonly #connection: Connection;
  readonly #deliveries: Deliveries;
  readonly #follower: FeedFollower;
  readonly #sender: Sender;
  readonly #outbox: Outbox;
  readonly #marks: Marks;
  readonly #typing: TypingNotices;
  readonly #onState: Listeners<ConnectionState>;
  readonly #onOutgoing: Listeners<Outgoing>;
  readonly #onTyping: Listeners<Typing>;
  readonly #onPresence: Listeners<Presence>;
  readonly #onHalt: Listeners<unknown>;
  readonly #onFault: Listeners<unknown>;
  #changing: Promise<void> = Promise.resolve();
  #stopWaking: Cancel = () => undefined;
  readonly #resuming: Backoff;
  #cancelResuming: Cancel = () => undefined;
  /** Goes up at each start; what was asked before it may have been asked with a session that is over. */
  #run = 0;

  constructor(parts: LiveParts) {
    const { environment, times, user, credentials } = parts;
    this.#credentials = credentials;
    const backoff = { first: times.firstWait, most: times.longestWait };
    this.user = user;
    this.#key = `${encodeURIComponent(parts.service)}/${encodeURIComponent(user.toLowerCase())}`;
    this.#cursors = parts.cursors;
    this.#environment = environment;
    const guard: Guard = (request) => this.#guarded(request);
    this.requests = parts.requests(guard);
    const { messages, conversations, events } = this.requests;
    this.#onFault = new Listeners<unknown>(() => undefined);
    const onFault = (failure: unknown): void => {
      this.#onFault.tell(failure);
    };
    this.#onState = new Listeners(onFault);
    this.#onOutgoing = new Listeners(onFault);
    this.#onTyping = new Listeners(onFault);
    this.#onPresence = new Listeners(onFault);
    this.#onHalt = new Listeners(onFault);
    this.#deliveries = new Deliveries(
      (cursor) => this.#save(cursor),
      (failure) => {
        this.#halt(failure);
      },
      () => {
        this.#onRoom();
      },
    );
    this.#resuming = new Backoff(environment, backoff.first, backoff.most);
    this.#follower = new FeedFollower(
      {
        read: (after, limit) => events.after(after, limit),
        onTaken: (event) => {
          this.#taken(event);
        },
        onBeyond: () => {
          this.#connection.restart();
        },
      },
      this.#deliveries,
    );
    const follower = this.#follower;
    this.#connection = new Connection({
      service: parts.service,
      factory: parts.sockets,
      credentials,
      environment,
      backoff: new Backoff(environment, backoff.first, backoff.most),
      times,
      listener: {
        get cursor() {
          return follower.position;
        },
        onState: (state) => {
          this.#changed(state);
        },
        onHello: (hello) => this.#greeted(hello),
        onFrame: (frame) => {
          this.#received(frame);
        },
        onLost: () => {
          this.#sender.lost();
          this.#marks.lost();
        },
        check: () => this.#check(),
        onFault,
      },
    });
    this.#sender = new Sender(this.#connection, messages, user, environment, times.ack);
    this.#outbox = new Outbox({
      key: this.#key,
      storage: parts.outbox,
      environment,
      backoff,
      delivery: {
        send: (message) => this.#guarded(() => this.#sender.send(message)), // a 401 may be the sender's own
        onChange: (outgoing) => {
          this.#onOutgoing.tell(outgoing);
        },
        onFault,
      },
    });
    this.#marks = new Marks(
      user,
      environment,
      {
        frame: (frame) => this.#connection.send(frame),
        request: (mark, other, seq) =>
          mark === "read" ? conversations.markRead(other, seq) : conversations.markDelivered(other, seq),
        onFault,
      },
      { pause: times.marks, patience: times.ack },
      backoff,
    );
    this.#typing = new TypingNotices(environment, (frame) => this.#connection.send(frame), times.typing);
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Whether a listener has thrown, and the feed stands still. */
  get halted(): boolean {
    return this.#deliveries.halted;
  }

  /** What is not sent yet, and what was refused, oldest first. */
  get outgoing(): readonly Outgoing[] {
    return this.#outbox.all;
  }

  /** Connects, and goes on from the saved cursor and with what was not sent. Does nothing while it runs. */
  async start(): Promise<void> {
    await this.#change(async () => {
      this.#run++;
      if (!this.#connection.ended) {
        return;
      }
      this.#cancelResuming();
      await this.#deliveries.clear();
      this.#follower.begin(await this.#cursors.load(this.#key));
      await this.#outbox.start();
      this.#marks.start();
      this.#stopWaking();
      this.#stopWaking = this.#environment.onWake(() => {
        this.#connection.wake();
      });
      this.#connection.start();
    });
  }

  /** Ends the connection; resolves when the listeners have done with the event that they have. */
  async stop(): Promise<void> {
    await this.#change(async () => {
      this.#connection.stop();
      this.#cancelResuming();
      this.#follower.begin(undefined); // or what it is reading just now would still be told
      await this.#deliveries.clear();
    });
  }

  /** Tells a listener of everything from here on; begin before {@link start} to hear of all. */
  follow(listener: FeedListener): Cancel {
    return this.#deliveries.follow(listener);
  }

  /**
   * Sends a message, now or as soon as it can be done. It is kept in the outbox until then, and goes after those that
   * were written to the same recipient before.
   */
  send(recipient: string, body: string, options: { readonly replyTo?: number } = {}): Outgoing {
    this.#typing.done(recipient);
    return this.#outbox.add(recipient, body, options.replyTo);
  }

  /** I have read up to a place in the conversation with somebody. */
  markRead(user: string, seq: number): void {
    this.#marks.mark("read", user, seq);
  }

  /** What was said up to a place has reached me. */
  markDelivered(user: string, seq: number): void {
    this.#marks.mark("delivered", user, seq);
  }

  /** I am writing to somebody. Call it at each key; few of them are told. */
  typing(user: string): void {
    this.#typing.typing(user);
  }

  /** Goes on after a halt: the listener that threw hears the same event again, the others do not. */
  resume(): void {
    this.#cancelResuming();
    this.#deliveries.resume();
  }

  onState(tell: (state: ConnectionState) => void): Cancel {
    return this.#onState.add(tell);
  }

  /** Hears of each message that was written, and each time that something becomes of it, also once the storage has it. */
  onOutgoing(tell: (outgoing: Outgoing) => void): Cancel {
    return this.#onOutgoing.add(tell);
  }

  onTyping(tell: (typing: Typing) => void): Cancel {
    return this.#onTyping.add(tell);
  }

  onPresence(tell: (presence: Presence) => void): Cancel {
    return this.#onPresence.add(tell);
  }

  /**
   * Hears what a listener of the feed threw. The feed stands still then, until {@link resume} or another start; after a
   * failure that passes, as of a listener's own requests, it goes on by itself, once it has waited.
   */
  onHalt(tell: (failure: unknown) => void): Cancel {
    return this.#onHalt.add(tell);
  }

  /** Hears of what went wrong without harm: a storage that is full, a frame that was refused. For a log. */
  onFault(tell: (failure: unknown) => void): Cancel {
    return this.#onFault.add(tell);
  }

  /** Starts and stops come one after another. */
  async #change(change: () => Promise<void>): Promise<void> {
    const changing = this.#changing.then(change);
    this.#changing = changing.catch(() => undefined);
    await changing;
  }

  /** A 401 ends the chat; but where somebody has signed in since it was asked, or started, it is as good as no answer. */
  async #guarded<T>(request: () => Promise<T>): Promise<T> {
    const [run, { held }] = [this.#run, this.#credentials];
    try {
      const answer = await request();
      this.#connection.reached();
      return answer;
    } catch (failure) {
      if (isSignedOut(failure) && (run !== this.#run || held !== this.#credentials.held)) {
        throw new ConnectionFailed("The answer is to whoever was signed in before.", failure);
      } else if (isSignedOut(failure)) {
        this.#connection.signedOut();
      } else if (failure instanceof ChatProblem) {
        this.#connection.reached();
      }
      throw failure;
    }
  }

  #changed(state: ConnectionState): void {
    if (state.name === "stopped" || state.name === "signedOut") {
      this.#outbox.stop();
      this.#marks.stop();
      this.#stopWaking();
    } else if (state.name === "connected") {
      this.#outbox.wake();
    }
    this.#onState.tell(state);
  }

  #greeted(hello: Hello): boolean {
    if (!sameUser(hello.user, this.user)) {
      return false;
    }
    if (this.#follower.position === undefined) {
      this.#follower.restart(hello.last, "first");
    }
    return true;
  }

  #received(frame: Exclude<ServerFrame, Hello>): void {
    switch (frame.type) {
      case "event":
        this.#follower.offer(frame.event).catch((failure: unknown) => {
          this.#stuck(failure);
        });
        break;
      case "reset":
        this.#follower.restart(frame.last, "reset");
        break;
      case "ack":
        this.#sender.acknowledged(frame.client_id, frame.message);
        break;
      case "error":
        this.#refused(frame.client_id, frame.problem);
        break;
      case "typing":
        this.#onTyping.tell({ user: frame.user });
        break;
      case "presence":
        this.#onPresence.tell({ user: frame.user, online: frame.online, last_seen: frame.last_seen });
        break;
    }
  }

  #refused(clientId: string | undefined, problem: ChatProblem): void {
    if (clientId === undefined) {
      this.#marks.doubt(problem);
      if (problem.fieldErrors["frame"] !== undefined) {
        this.#sender.doubt();
      }
    } else if (this.#sender.refused(clientId, problem) || this.#marks.refused(clientId, problem)) {
      return;
    }
    this.#onFault.tell(problem);
  }

  /** What the feed tells settles what was not answered. */
  #taken(event: NumberedFrame): void {
    if (!isKnown(event)) {
      return;
    }
    const known: ChatEvent = event;
    if (known.type === "message.sent" && sameUser(known.message.user, this.user)) {
      this.#outbox.confirm(known.message);
    } else if (known.type === "conversation.read" || known.type === "conversation.delivered") {
      this.#marks.confirm(known);
    }
  }

  #halt(failure: unknown): void {
    if (isPassing(failure)) {
      const retryAfter = failure instanceof ChatProblem ? failure.retryAfter : undefined;
      this.#cancelResuming = this.#environment.after(this.#resuming.next(retryAfter), () => {
        this.#deliveries.resume();
      });
    }
    this.#onHalt.tell(failure);
  }

  #onRoom(): void {
    this.#resuming.reset();
    if (!this.#follower.complete && this.#follower.position !== undefined) {
      this.#catchUp();
    }
  }

  #catchUp(): void {
    this.#follower.catchUp().catch((failure: unknown) => {
      this.#stuck(failure);
    });
  }

  /** Something is missing, and cannot be asked for now: another connection begins with it. */
  #stuck(failure: unknown): void {
    this.#onFault.tell(failure);
    this.#connection.restart();
  }

  async #check(): Promise<Verdict> {
    const before = this.#follower.position;
    try {
      await (this.#follower.reads ? this.#follower.catchUp() : this.requests.accounts.me());
    } catch (failure) {
      if (failure instanceof ConnectionFailed || isSignedOut(failure)) {
        return "unreachable"; // if it was a 401, nobody cares any more
      }
      this.#onFault.tell(failure);
      return failure instanceof ChatProblem && failure.retryAfter !== undefined
        ? { retryAfter: failure.retryAfter }
        : "fine";
    }
    return this.#follower.position === before ? "fine" : "missed";
  }

  async #save(cursor: number): Promise<void> {
    try {
      await this.#cursors.save(this.#key, cursor);
    } catch (failure) {
      this.#onFault.tell(failure);
    }
  }
}

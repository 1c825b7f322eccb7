import {
  type ChatClient,
  type ChatEvent,
  ChatProblem,
  isPassing,
  type ConnectionState,
  type Conversation,
  environment,
  type LiveChat,
  type Message,
  type Outgoing,
  sameUser,
  WebOutboxStorage,
} from "@message-center/client";
import { ChatModel } from "@message-center/client/model";
import { keepDraft } from "./use-draft.js";
import { settled, Signal } from "./signal.js";

/** A message of mine that the conversation does not have yet, as it stands now. */
export interface Sending {
  readonly clientId: string;
  readonly recipient: string;
  readonly body: string;
  readonly replyTo: number | undefined;
  readonly written: number;
  readonly state: "pending" | "sent" | "failed";
  readonly failure: ChatProblem | Error | undefined;
}

/** What is known of somebody without a conversation. */
export interface Peer {
  readonly online: boolean;
  readonly lastSeen: string | null;
}

const NOTHING: readonly never[] = [];

/** So many code points a message has at most, unless the service is known to take fewer. */
const LONGEST = 10_000;
/** So long after the first failure a message that is answered is asked for again, in milliseconds; then twice as long. */
const AGAIN = 2_000;
const LATEST_AGAIN = 60_000;

/**
 * One user's chat, as the page shows it: the client's model, and what is on its way. What it gives stays the same object
 * until it changes, so that what shows it need not be drawn again.
 */
export class Chat {
  readonly user: string;
  readonly client: ChatClient;
  readonly live: LiveChat;
  readonly model: ChatModel;
  /** Whoever chatted here has signed out, and leaves nothing behind: nothing is kept any more. */
  forgotten = false;
  readonly #changed = new Signal();
  readonly #arrived = new Set<(message: Message) => void>();
  readonly #wakes: Set<() => void>;
  /** Sent and acknowledged, but not in the model yet. */
  readonly #acknowledged = new Map<string, Outgoing>();
  readonly #sendings = new Map<string, { readonly of: Outgoing; readonly view: Sending }>();
  readonly #sendingTo = new Map<string, readonly Sending[]>();
  readonly #quoted = new Map<number, Message | "asked" | "gone">();
  /** What was unsent while it was on the page. */
  readonly #unsent = new Set<number>();
  readonly #timers: Pick<typeof environment, "after">;
  #conversations: readonly Conversation[] = NOTHING;
  #stale = false;
  #loaded = false;
  #halted = false;
  #longest = LONGEST;
  #stalled = false;

  constructor(
    user: string,
    client: ChatClient,
    wakes: Set<() => void>,
    timers: Pick<typeof environment, "after"> = environment,
  ) {
    this.user = user;
    this.client = client;
    this.#wakes = wakes;
    this.#timers = timers;
    this.live = client.live({ user, outbox: new WebOutboxStorage(localStorage) });
    this.model = new ChatModel(user, client, timers);
    this.model.attach(this.live);
    this.live.follow({
      load: () => {
        this.#loadedAfresh();
      },
      event: (event) => {
        this.#heard(event);
      },
    });
    this.model.onChange(() => {
      this.#stale = true;
      this.#changed.soon();
    });
    this.live.onState(() => {
      this.#changed.soon();
    });
    this.live.onOutgoing((outgoing) => {
      this.#outgoing(outgoing);
    });
    this.live.onHalt((failure) => {
      if (isPassing(failure)) {
        this.#stalled = true;
      } else {
        this.#halted = true;
      }
      this.#changed.soon();
    });
  }

  readonly subscribe = this.#changed.subscribe;

  get state(): ConnectionState {
    return this.live.state;
  }

  /** Whether the conversations have been loaded. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Whether the feed stands still, because something here could not cope with it. */
  get halted(): boolean {
    return this.#halted && this.live.halted;
  }

  /** Whether the feed waits for the service, which did not give what is needed to go on, and goes on by itself. */
  get stalled(): boolean {
    return this.#stalled && !this.halted;
  }

  /** Latest first. */
  get conversations(): readonly Conversation[] {
    if (this.#stale) {
      this.#stale = false;
      this.#conversations = settled(this.#conversations, this.model.conversations);
    }
    return this.#conversations;
  }

  conversation(user: string): Conversation | undefined {
    return this.conversations.find((one) => sameUser(one.user, user));
  }

  /** Of the conversations that are loaded. */
  get unread(): number {
    return this.conversations.reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Whether those that are not loaded may well be unread, too, as the last of them is. */
  get unreadFurther(): boolean {
    return this.model.hasMore && (this.conversations.at(-1)?.unread ?? 0) > 0;
  }

  /** Loads more of the conversations. */
  async more(): Promise<void> {
    const before = this.conversations.length;
    await this.model.more();
    this.#delivered(this.conversations.slice(before));
  }

  messages(user: string): readonly Message[] {
    const messages = this.model.messages(user);
    return messages.length === 0 ? NOTHING : messages;
  }

  /** What I have written to somebody and is not among the messages, oldest first. */
  sending(user: string): readonly Sending[] {
    const key = user.toLowerCase();
    const last = this.model.hasNewer(user) ? undefined : this.messages(user).at(-1)?.seq;
    for (const [clientId, { message, recipient }] of this.#acknowledged) {
      if (recipient.toLowerCase() === key && last !== undefined && message !== undefined && message.seq <= last) {
        this.#acknowledged.delete(clientId);
      }
    }
    const all = [...this.#acknowledged.values(), ...this.live.outgoing]
      .filter(({ recipient }) => recipient.toLowerCase() === key)
      .map((outgoing) => this.#view(outgoing));
    const list = settled(this.#sendingTo.get(key) ?? NOTHING, all);
    this.#sendingTo.set(key, list);
    return list;
  }

  /** How many code points a message may have. */
  get longest(): number {
    return this.#longest;
  }

  /** How many messages are not sent yet, or never will be by themselves. */
  get unsent(): number {
    return this.live.outgoing.length;
  }

  send(recipient: string, body: string, replyTo?: number): void {
    keepDraft(this.user, recipient, "");
    this.live.send(recipient, body, replyTo === undefined ? {} : { replyTo });
  }

  retry(clientId: string): void {
    this.live.outgoing.find((outgoing) => outgoing.clientId === clientId)?.retry();
  }

  discard(clientId: string): void {
    this.live.outgoing.find((outgoing) => outgoing.clientId === clientId)?.discard();
  }

  /**
   * A message that is answered by another one; undefined while it is being asked for, and null if it is not there any more.
   */
  quoted(user: string, id: number): Message | null | undefined {
    const loaded = findById(this.messages(user), id);
    if (loaded !== undefined) {
      return loaded;
    }
    const known = this.#quoted.get(id);
    if (known === undefined) {
      this.#quoted.set(id, "asked");
      void this.#ask(id, AGAIN);
    }
    return known === "gone" ? null : known === "asked" ? undefined : known;
  }

  /** Asks for a message that is answered, until it is known whether it is there. */
  async #ask(id: number, wait: number): Promise<void> {
    try {
      this.#answered(id, await this.client.messages.find(id));
    } catch (failure) {
      if (failure instanceof ChatProblem && failure.status === 404) {
        this.#answered(id, "gone");
        return;
      }
      const retryAfter = failure instanceof ChatProblem ? (failure.retryAfter ?? 0) * 1_000 : 0;
      this.#timers.after(Math.max(wait, retryAfter), () => {
        if (this.#quoted.get(id) === "asked" && this.state.name !== "signedOut" && this.state.name !== "stopped") {
          void this.#ask(id, Math.min(2 * wait, LATEST_AGAIN));
        }
      });
    }
  }

  #answered(id: number, by: Message | "gone"): void {
    this.#quoted.set(id, by);
    this.#changed.soon();
  }

  /** Whether a message has been unsent since the page is there: then nobody is shown it any more. */
  isUnsent(id: number): boolean {
    return this.#unsent.has(id);
  }

  /** Tries to connect now rather than later. */
  wake(): void {
    this.#wakes.forEach((wake) => {
      wake();
    });
  }

  /** Hears of messages to me as they arrive, but not of those that were loaded. */
  onArrival(tell: (message: Message) => void): () => void {
    this.#arrived.add(tell);
    return () => {
      this.#arrived.delete(tell);
    };
  }

  #loadedAfresh(): void {
    this.#loaded = true;
    this.#stalled = false;
    this.#quoted.clear();
    this.#delivered(this.conversations);
    this.#changed.soon();
  }

  /** Whoever wrote is told that it has come. */
  #delivered(conversations: readonly Conversation[]): void {
    for (const { user, unread, last_message } of conversations) {
      if (unread > 0 && last_message !== null) {
        this.live.markDelivered(user, last_message.seq);
      }
    }
  }

  #heard(event: ChatEvent): void {
    this.#stalled = false;
    if (event.type === "message.sent") {
      const { message } = event;
      if (!sameUser(message.user, this.user)) {
        this.live.markDelivered(message.user, message.seq);
        this.#arrived.forEach((tell) => {
          tell(message);
        });
      }
    } else if (event.type === "message.edited" || event.type === "message.deleted") {
      if (event.type === "message.deleted") {
        this.#unsent.add(event.message.id);
        this.#changed.soon();
      }
      if (this.#quoted.has(event.message.id)) {
        this.#quoted.set(event.message.id, event.message);
      }
    }
  }

  #outgoing(outgoing: Outgoing): void {
    this.#longest = limitOf(outgoing.failure) ?? this.#longest;
    this.#sendings.delete(outgoing.clientId);
    if (outgoing.state === "sent" && this.model.isOpen(outgoing.recipient)) {
      this.#acknowledged.set(outgoing.clientId, outgoing);
    }
    this.#changed.now(); // what I do is seen at once
  }

  /** What is shown of it, until something becomes of it. */
  #view(of: Outgoing): Sending {
    const known = this.#sendings.get(of.clientId);
    if (known?.of === of && known.view.state === of.state) {
      return known.view;
    }
    const { clientId, recipient, body, replyTo, written, state, failure } = of;
    const view = { clientId, recipient, body, replyTo, written, state, failure };
    this.#sendings.set(clientId, { of, view });
    return view;
  }
}

/** How long a message may be, as the service says where it refuses one for that. */
function limitOf(failure: unknown): number | undefined {
  const [said = ""] = failure instanceof ChatProblem ? (failure.fieldErrors["body"] ?? []) : [];
  const limit = Number(/no more than (\d+) characters/i.exec(said)?.[1]);
  return limit > 0 ? limit : undefined;
}

/** The world around the client, which can also be woken by hand. */
export function wakeable(wakes: Set<() => void>): Pick<typeof environment, "onWake"> {
  return {
    onWake(wake) {
      const cancel = environment.onWake(wake);
      wakes.add(wake);
      return () => {
        wakes.delete(wake);
        cancel();
      };
    },
  };
}

/** Messages stand by their ids, which go up with their places. */
function findById(messages: readonly Message[], id: number): Message | undefined {
  let [from, to] = [0, messages.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((messages[middle]?.id ?? 0) < id) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return messages[from]?.id === id ? messages[from] : undefined;
}

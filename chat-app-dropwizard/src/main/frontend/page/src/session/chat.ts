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
  newerOf,
  type Outgoing,
  type Requests,
  sameUser,
  type OutboxStorage,
  WebOutboxStorage,
} from "@message-center/client";
import { ChatModel } from "@message-center/client/model";
import { type Begun, countTexts, hasUnkeptText, setBegun } from "./traces.js";
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

/** Whether a message is new to somebody who has read up to a place. */
export function isNewTo(user: string, read: number, { seq, deleted, recipient }: Message): boolean {
  return seq > read && !deleted && sameUser(recipient, user);
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
/** In so many pages of messages that are not read the first that is new is looked for. */
const PAGES = 20;
const PAGE = 50;
/** So long after the last one of what arrives the feed has come to rest, in milliseconds. */
const REST = 500;
/** So many milliseconds after the first of what is new has come it is told, however fast more comes. */
const LATEST = 2_000;

/**
 * One user's chat, as the page shows it: the client's model, and what is on its way. What it gives stays the same object
 * until it changes, so that what shows it need not be drawn again.
 */
export class Chat {
  readonly user: string;
  /** Asks as this user alone: nothing is done or shown while the browser's cookie is somebody else's. */
  readonly client: Requests;
  readonly live: LiveChat;
  readonly model: ChatModel;
  /** Whoever chatted here has signed out, and leaves nothing behind: nothing is kept any more. */
  forgotten = false;
  readonly #changed = new Signal();
  readonly #arrived = new Set<(message: Message) => void>();
  readonly #news = new Set<(message: Message) => void>();
  /** What has arrived and is not told as news yet: of each person the last message. */
  readonly #latest = new Map<string, Message>();
  #stopWaiting: () => void = () => undefined;
  #stopHolding: (() => void) | undefined;
  readonly #altered = new Set<(message: Message) => void>();
  readonly #wakes: Set<() => void>;
  /** Sent and acknowledged, but not in the model yet. */
  readonly #acknowledged = new Map<string, Outgoing>();
  readonly #sendings = new Map<string, { readonly of: Outgoing; readonly view: Sending }>();
  readonly #sendingTo = new Map<string, readonly Sending[]>();
  readonly #quoted = new Map<number, Message | "asked" | "gone">();
  /** How those write themselves who are known by small letters. */
  readonly #names = new Map<string, string>();
  readonly #beginnings = new Map<string, number>();
  readonly #empties = new Map<string, Conversation>();
  #unlisted: readonly Conversation[] = NOTHING;
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
    this.#wakes = wakes;
    this.#timers = timers;
    this.live = client.live({ user, outbox: outboxStorage() });
    this.client = this.live.requests;
    this.model = new ChatModel(this.live, timers);
    this.model.follow();
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

  /** The conversation with somebody, also where the list is not loaded down to it. */
  conversation(user: string): Conversation | undefined {
    return this.model.conversation(user);
  }

  /**
   * Those who are not in the list, and to whom something is on its way, latest first, or begun: each with their conversation,
   * or an empty one, as far as there is none or it is not loaded.
   *
   * @param drafted to whom something is begun, in small letters
   */
  unlisted(drafted: readonly string[]): readonly Conversation[] {
    const names = new Map<string, string | undefined>();
    for (const { recipient } of this.#onTheirWay().sort((one, other) => other.written - one.written)) {
      names.set(recipient.toLowerCase(), names.get(recipient.toLowerCase()) ?? recipient);
    }
    for (const key of drafted) {
      names.set(key, names.get(key));
    }
    const { aside } = this.model;
    const all: Conversation[] = [];
    for (const [key, name] of names) {
      const conversation = this.model.conversation(key);
      if (conversation === undefined) {
        all.push(this.#empty(key, name ?? this.#nameOf(key)));
      } else if (aside.includes(conversation)) {
        all.push(conversation);
      }
    }
    this.#unlisted = settled(this.#unlisted, all);
    return this.#unlisted;
  }

  #empty(key: string, user: string): Conversation {
    const known = this.#empties.get(key);
    if (known?.user === user) {
      return known;
    }
    const marks = { read_upto: 0, peer_read_upto: 0, peer_delivered_upto: 0 };
    const conversation = { user, online: false, last_message: null, unread: 0, ...marks, blocked: false };
    this.#empties.set(key, conversation);
    return conversation;
  }

  /** How somebody writes themselves, as far as that is known. */
  #nameOf(key: string): string {
    const known = this.#names.get(key);
    if (known !== undefined) {
      return known;
    }
    this.#names.set(key, key);
    this.client.people.find(key).then(
      ({ username }) => {
        this.#names.set(key, username);
        this.#changed.soon();
      },
      () => undefined, // they are shown as they are, until all is loaded afresh, or for as long as something is begun
    );
    return key;
  }

  /** Of the conversations that are loaded. */
  get unread(): number {
    return this.#all().reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Whether those that are not loaded may well be unread, too, as the last of them is. */
  get unreadFurther(): boolean {
    return this.model.hasMore && (this.conversations.at(-1)?.unread ?? 0) > 0;
  }

  /** Loads more of the conversations. */
  async more(): Promise<void> {
    await this.#further(() => this.model.more());
  }

  /**
   * Opens a conversation at its end, or where what is new begins, if what is loaded there does not reach down to that; unless
   * the signal says that nobody wants it any more.
   */
  async open(user: string, signal?: AbortSignal): Promise<void> {
    await this.#further(() =>
      this.model.openAt(user, (conversation, newest) => conversation && this.#beginning(conversation, newest), signal),
    );
  }

  /** Where what is new begins, if that is not among the newest messages; mine may stand before it, and what was unsent. */
  async #beginning(
    { user, unread, read_upto: read }: Conversation,
    newest: readonly Message[],
  ): Promise<number | undefined> {
    const isNew = (message: Message): boolean => isNewTo(this.user, read, message);
    let after = read;
    for (let pages = newest.filter(isNew).length < unread ? PAGES : 0; pages > 0; pages--) {
      const { results } = await this.client.messages.with(user, { after, limit: PAGE });
      const first = results.findLast(isNew);
      if (first !== undefined) {
        this.#beginnings.set(user.toLowerCase(), first.seq);
        return first.seq;
      }
      after = results[0]?.seq ?? after;
      if (results.length < PAGE) {
        break; // there are no more to be looked at
      }
    }
    return after > read ? after : undefined;
  }

  /** Where what was new began when a conversation was opened last, if that was not among its newest messages. */
  beginning(user: string): number | undefined {
    return this.#beginnings.get(user.toLowerCase());
  }

  /** Opens a conversation at a place, likewise. */
  async openAt(user: string, seq: number, signal?: AbortSignal): Promise<void> {
    await this.#further(() => this.model.openAt(user, seq, signal));
  }

  /** Loads older messages of an open conversation; they are shown before this ends, as is judged by them what else is near. */
  async older(user: string): Promise<void> {
    await this.model.older(user);
    this.#changed.now();
  }

  /** Loads newer messages, likewise. */
  async newer(user: string): Promise<void> {
    await this.model.newer(user);
    this.#changed.now();
  }

  async #further(load: () => Promise<void>): Promise<void> {
    const before = new Set(this.#all().map(({ user }) => user));
    await load();
    this.#delivered(this.#all().filter(({ user }) => !before.has(user)));
  }

  #all(): readonly Conversation[] {
    return [...this.conversations, ...this.model.aside];
  }

  messages(user: string): readonly Message[] {
    const messages = this.model.messages(user);
    return messages.length === 0 ? NOTHING : messages;
  }

  /** What I have written to somebody and is not among the messages, oldest first. */
  sending(user: string): readonly Sending[] {
    const key = user.toLowerCase();
    const messages = this.messages(user);
    const all = this.#onTheirWay(key)
      // Those loaded just now may have one before its acknowledgement is here.
      .filter(({ clientId }) => !messages.some((message) => message.client_id === clientId))
      .map((outgoing) => this.#view(outgoing));
    const list = settled(this.#sendingTo.get(key) ?? NOTHING, all);
    this.#sendingTo.set(key, list);
    return list;
  }

  /** The newest of what I have written to somebody, where it is newer than the last message that their conversation has. */
  newest(user: string): Sending | undefined {
    const last = this.conversation(user)?.last_message ?? null;
    const newer = this.#onTheirWay(user.toLowerCase()).filter(
      ({ state, message, written }) =>
        last === null ||
        state === "pending" || // so it comes last
        (message === undefined ? written > Date.parse(last.timestamp) : message.seq > last.seq),
    );
    const newest =
      newer.findLast(({ state }) => state === "pending") ??
      newer.sort((one, other) => one.written - other.written).at(-1);
    return newest && this.#view(newest);
  }

  /** What the model does not have yet of what I have written, to somebody or to all. */
  #onTheirWay(key?: string): Outgoing[] {
    for (const [clientId, { message, recipient }] of this.#acknowledged) {
      if ((message?.seq ?? 0) <= this.#reach(recipient)) {
        this.#acknowledged.delete(clientId);
      }
    }
    return [...this.#acknowledged.values(), ...this.live.outgoing].filter(
      ({ recipient }) => key === undefined || recipient.toLowerCase() === key,
    );
  }

  /** How far the model has what was said with somebody: all that is open, or else the last message alone. */
  #reach(user: string): number {
    if (!this.model.isOpen(user)) {
      return this.conversation(user)?.last_message?.seq ?? 0;
    }
    return this.messages(user).at(-1)?.seq ?? 0;
  }

  /** How many code points a message may have. */
  get longest(): number {
    return this.#longest;
  }

  /** How many messages are not sent yet, or never will be by themselves. */
  get unsent(): number {
    return this.live.outgoing.length;
  }

  /** How many messages, drafts and edits would be gone if whoever chats here signed out. */
  get unfinished(): number {
    return this.unsent + countTexts(this.user);
  }

  /** Whether something is written or under way that the browser does not keep, or not yet, so that it would be lost with the page. */
  get unkept(): boolean {
    return !this.forgotten && (hasUnkeptText(this.user) || this.live.outgoing.some(({ kept }) => !kept));
  }

  /** Keeps what was begun besides a draft, or that it has ended. */
  keepBegun(other: string, begun: Begun | undefined): void {
    this.#keep(() => {
      setBegun(this.user, other, begun);
    });
  }

  /** Keeps what is being written to somebody, and tells the rest of the page. */
  keepDraft(other: string, text: string): void {
    this.#keep(() => {
      keepDraft(this.user, other, text);
    });
  }

  /** Tells whether the browser keeps all, where that has changed. */
  #keep(write: () => void): void {
    if (this.forgotten) {
      return;
    }
    const before = this.unkept;
    write();
    if (this.unkept !== before) {
      this.#changed.soon();
    }
  }

  send(recipient: string, body: string, replyTo?: number): void {
    this.keepDraft(recipient, "");
    this.live.send(recipient, body, replyTo === undefined ? {} : { replyTo });
  }

  retry(clientId: string): void {
    this.live.outgoing.find((outgoing) => outgoing.clientId === clientId)?.retry();
  }

  discard(clientId: string): void {
    this.live.outgoing.find((outgoing) => outgoing.clientId === clientId)?.discard();
  }

  /** Gives a message of mine another text, which is seen at once, with or without a connection. */
  async edit(message: Message, body: string): Promise<void> {
    this.#alter(await this.model.edit(message, body));
  }

  /** Takes a message of mine back, likewise. */
  async unsend(message: Message): Promise<void> {
    this.#alter(await this.model.unsend(message));
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
    const known = this.#quoted.get(id);
    this.#quoted.set(id, typeof known === "object" && by !== "gone" ? newerOf(known, by) : by);
    this.#changed.soon();
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

  /**
   * Hears what is new to me, once the feed has come to rest, or some time has gone by: of each person the last message that
   * has arrived and is still unread. After a time without a connection much of it may have been read elsewhere.
   */
  onNews(tell: (message: Message) => void): () => void {
    this.#news.add(tell);
    return () => {
      this.#news.delete(tell);
    };
  }

  #await(message: Message): void {
    this.#latest.set(message.user.toLowerCase(), message);
    const tell = (): void => {
      this.#tellNews();
    };
    this.#stopWaiting();
    this.#stopWaiting = this.#timers.after(REST, tell);
    this.#stopHolding ??= this.#timers.after(LATEST, tell);
  }

  #tellNews(): void {
    this.#stopWaiting();
    this.#stopHolding?.();
    this.#stopHolding = undefined;
    const latest = [...this.#latest.values()];
    this.#latest.clear();
    const unread = latest.filter(({ user, seq }) => seq > (this.conversation(user)?.read_upto ?? 0));
    unread.forEach((message) => {
      this.#news.forEach((tell) => {
        tell(message);
      });
    });
  }

  /** Hears of messages that were edited or unsent, as they are then; an answer may come behind a later event. */
  onAlteration(tell: (message: Message) => void): () => void {
    this.#altered.add(tell);
    return () => {
      this.#altered.delete(tell);
    };
  }

  #loadedAfresh(): void {
    this.#loaded = true;
    this.#stalled = false;
    this.#quoted.clear();
    this.#names.clear();
    for (const [clientId, { recipient }] of this.#acknowledged) {
      if (this.conversation(recipient) === undefined) {
        this.#acknowledged.delete(clientId); // so much else was said since that it is not loaded
      }
    }
    this.#delivered(this.#all());
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
        this.#await(message);
      }
    } else if (event.type === "message.edited" || event.type === "message.deleted") {
      const key = event.message.user.toLowerCase();
      if (this.#latest.get(key)?.id === event.message.id) {
        this.#latest.set(key, event.message);
      }
      this.#alter(event.message);
    }
  }

  /** A message was edited or unsent, as an event says, or an answer. */
  #alter(message: Message): void {
    if (this.#quoted.has(message.id)) {
      this.#answered(message.id, message);
    }
    this.#altered.forEach((tell) => {
      tell(message);
    });
  }

  #outgoing(outgoing: Outgoing): void {
    this.#longest = limitOf(outgoing.failure) ?? this.#longest;
    this.#sendings.delete(outgoing.clientId);
    if (outgoing.state === "sent") {
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

const forbidden = (): never => {
  throw new DOMException("This browser forbids its storage.", "SecurityError");
};

/** A browser may forbid its storage as soon as it is named. Then nothing is kept, which is known of each message. */
function outboxStorage(): OutboxStorage {
  try {
    return new WebOutboxStorage(localStorage);
  } catch {
    return new WebOutboxStorage({
      get length() {
        return forbidden();
      },
      key: forbidden,
      getItem: forbidden,
      setItem: forbidden,
      removeItem: forbidden,
    });
  }
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

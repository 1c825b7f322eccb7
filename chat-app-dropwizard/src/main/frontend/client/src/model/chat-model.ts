import {
  type ChatEvent,
  type Conversation,
  type MarkEvent,
  type Message,
  type MessageEvent,
  newerOf,
  type Presence,
  sameUser,
} from "../contract.js";
import type { Requests } from "../client.js";
import { type Cancel, type Environment, environment } from "../environment.js";
import type { ConnectionState } from "../live/connection.js";
import type { FeedListener } from "../live/deliveries.js";
import type { LiveChat } from "../live/live-chat.js";
import { ChatProblem, isPassing } from "../problem.js";
import type { Page } from "../rest/http.js";

const CONVERSATIONS = 50;
const MESSAGES = 50;
const MOST_MESSAGES = 100;
const TYPING_LASTS = 6_000;
/** So long after a connection began the service has said who is online, and whoever is left is not. */
const PRESENCE_SETTLES = 3_000;
/** So long after a connection was lost what it told of others is shown: one that comes back so soon has missed little. */
const PRESENCE_OUTLIVES = 1_200;
/** Of those of so many of the latest conversations the service says so. */
const WATCHED = 100;
/** So long after the first load failed it is tried again, in milliseconds; then after twice as long. */
const AGAIN = 1_000;
const LATEST_AGAIN = 30_000;

/** What is loaded of a conversation: messages next to each other, oldest first, without a gap. */
interface Stretch {
  messages: readonly Message[];
  /** Whether the first message of all is among them. */
  whole: boolean;
  /** Whether the last message of all is among them; the stretch grows with the conversation then. */
  newest: boolean;
  /** What is asked for at its sides comes one after another. */
  growing?: Promise<void>;
}

/** What is to be asked for at one side of a stretch, and how it is taken in, oldest first. */
interface Growth {
  readonly range: { readonly before?: number; readonly after?: number; readonly limit: number };
  readonly take: (results: readonly Message[]) => void;
}

/** What was heard since something was asked for, as the answer may be older than that. */
class Heard {
  /** Whether more was missed meanwhile than what was heard. */
  missed = false;
  readonly #messages = new Map<string, Message[]>();

  /** @param message undefined where it was something else */
  add(user: string, message: Message | undefined): void {
    const key = keyOf(user);
    const before = this.#messages.get(key) ?? [];
    this.#messages.set(key, message === undefined ? before : [...before, message]);
  }

  /** Whether there was anything of the conversation with somebody. */
  has(user: string): boolean {
    return this.#messages.has(keyOf(user));
  }

  /** In the order in which they were heard. */
  messages(user: string): readonly Message[] {
    return this.#messages.get(keyOf(user)) ?? [];
  }
}

/**
 * A user's conversations and messages in memory, kept up by the feed: whatever it has missed and caught up with, what it
 * has loaded equals what a fresh load would give. After a reset it has the newest page of all, and what is open.
 *
 * What it hears it takes in one after another, and waits for nothing that somebody has asked for: such an answer is taken in
 * between two events, and what was heard since it was asked for is taken in once more over it. So what is loaded is never
 * older than what was heard. It may be newer; so every event is taken in such that it does no harm twice. Where an event
 * alone does not tell a count, the model asks for it, and what is heard waits for that.
 */
export class ChatModel implements FeedListener {
  readonly #live: LiveChat;
  readonly #user: string;
  readonly #source: Requests;
  readonly #environment: Pick<Environment, "after">;
  /** Latest first, as the service has them: times of messages that went through two nodes do not tell. */
  #conversations = new Map<string, Conversation>();
  /** Those that were loaded alone and are below, until the list is loaded down to them, or a message takes them to its top. */
  readonly #aside = new Map<string, Conversation>();
  readonly #stretches = new Map<string, Stretch>();
  /** Of each conversation the opening that is wanted, if any: the latest. */
  readonly #openings = new Map<string, object>();
  /** Which message is read of a conversation, if it is not the newest ones. */
  readonly #places = new Map<string, number>();
  /** Of all that is being asked for. */
  readonly #asking = new Set<Heard>();
  /** Whom I block, whether or not there is a conversation with them. */
  readonly #blocked = new Set<string>();
  readonly #typing = new Map<string, Cancel>();
  /** What was told of others; of the present connection, once it has settled. */
  readonly #presence = new Map<string, Presence>();
  /** Of whom the connection tells, as far as the list is loaded. */
  #watched: ReadonlySet<string> = new Set();
  /** Whether it is known who is online: there is a connection, or was a moment ago. */
  #knows = false;
  #settled = false;
  #settling: Cancel = () => undefined;
  #forgetting: Cancel = () => undefined;
  #loading: Cancel = () => undefined;
  /** The present connection; another one is another object. */
  #connection: object | undefined;
  readonly #listeners = new Set<() => void>();
  #more: Page<Conversation>["next"];
  #furthering = Promise.resolve();
  #loaded = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param live whose chat it is; its requests load what is asked for */
  constructor(live: LiveChat, timers: Pick<Environment, "after"> = environment) {
    this.#live = live;
    this.#user = live.user;
    this.#source = live.requests;
    this.#environment = timers;
  }

  /** Follows the live chat, until that is cancelled; do so before it is started. */
  follow(): Cancel {
    const live = this.#live;
    const onState = ({ name }: ConnectionState): void => {
      const wasConnected = this.#connection !== undefined;
      this.#ended();
      if (name === "connected") {
        this.#connection = {};
        this.#settle();
        this.#loadFirst(0, AGAIN); // unless the feed says so in the same moment
      } else if (name === "stopped" || name === "signedOut") {
        this.#forget();
      } else if (wasConnected) {
        this.#forgetting = this.#environment.after(PRESENCE_OUTLIVES, () => {
          this.#forget();
        });
      }
    };
    onState(live.state);
    const cancels = [
      live.follow(this),
      live.onState(onState),
      live.onPresence((presence) => {
        this.#presence.set(keyOf(presence.user), presence);
        this.#changed();
      }),
      live.onTyping(({ user }) => {
        this.#writes(user);
      }),
    ];
    return () => {
      this.#ended();
      this.#forgetting();
      cancels.forEach((cancel) => {
        cancel();
      });
    };
  }

  /** Those that are loaded, latest first, without a gap. */
  get conversations(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

  /** Those that were loaded alone, since {@link conversations} do not reach down to them; in no order. */
  get aside(): readonly Conversation[] {
    return [...this.#aside.values()];
  }

  /** The conversation with somebody, if it is loaded, in the list or alone. */
  conversation(user: string): Conversation | undefined {
    const key = keyOf(user);
    return this.#conversations.get(key) ?? this.#aside.get(key);
  }

  /** Whether there are conversations that are not loaded. */
  get hasMore(): boolean {
    return this.#more !== undefined;
  }

  /** The messages with somebody that are loaded, oldest first; empty until the conversation is opened. */
  messages(user: string): readonly Message[] {
    return this.#stretches.get(keyOf(user))?.messages ?? [];
  }

  /** Whether there are older messages with somebody than those loaded. */
  hasOlder(user: string): boolean {
    return this.#stretches.get(keyOf(user))?.whole === false;
  }

  /** Whether there are newer messages with somebody than those loaded, as there are after {@link openAt}. */
  hasNewer(user: string): boolean {
    return this.#stretches.get(keyOf(user))?.newest === false;
  }

  /** Whether the messages with somebody were loaded, if there are any. */
  isOpen(user: string): boolean {
    return this.#stretches.has(keyOf(user));
  }

  /** Whether I block somebody. */
  isBlocked(user: string): boolean {
    return this.#blocked.has(keyOf(user));
  }

  /** Whether somebody is writing to me right now. */
  isTyping(user: string): boolean {
    return this.#typing.has(keyOf(user));
  }

  /** Whether it is known who is there: not without a connection, unless there was one a moment ago. */
  get knowsPresence(): boolean {
    return this.#knows;
  }

  /** Whether somebody is there, as far as the connection has told, which it does of those whom it {@link watches}. */
  isOnline(user: string): boolean | undefined {
    return this.#told(user)?.online;
  }

  /** Whether the connection tells when somebody comes and goes: those of the latest conversations. */
  watches(user: string): boolean {
    return this.#watched.has(keyOf(user));
  }

  /** When somebody who has gone was there last, as far as the connection has told. */
  lastSeen(user: string): string | undefined {
    return this.#told(user)?.last_seen ?? undefined;
  }

  #told(user: string): Presence | undefined {
    return this.watches(user) ? this.#presence.get(keyOf(user)) : undefined;
  }

  onChange(tell: () => void): Cancel {
    this.#listeners.add(tell);
    return () => {
      this.#listeners.delete(tell);
    };
  }

  /**
   * Loads the conversation with somebody, if there is one; its messages are another matter. What opens a conversation does so
   * by itself.
   */
  async find(user: string): Promise<void> {
    await this.#beside(
      () => this.#missing(user),
      (conversation, heard) => this.#takeAside(user, conversation, heard),
    );
  }

  /**
   * Loads the newest messages with somebody, as many as the service gives at once, and keeps them up from then on. Of several
   * openings of a conversation that are on their way the last one counts.
   *
   * @param signal whoever does not want it any more says so by it; what is loaded stays as it is then
   */
  async open(user: string, signal?: AbortSignal): Promise<void> {
    await this.#open(user, signal, () => Promise.all([this.#missing(user), this.#newest(user, undefined)]));
  }

  /**
   * Loads the messages around a place in a conversation, instead of what was loaded of it, and keeps them up.
   *
   * @param place where; or says so once the conversation, if there is one, and its newest messages are known: it is opened at
   *   its end then, unless there is such a place and those messages do not reach down to it
   * @param signal as for {@link open}
   */
  async openAt(
    user: string,
    place:
      | number
      | ((
          conversation: Conversation | undefined,
          newest: readonly Message[],
        ) => number | undefined | Promise<number | undefined>),
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#open(user, signal, async () => {
      if (typeof place === "number") {
        return Promise.all([this.#missing(user), this.#around(user, place)]);
      }
      const [missing, newest] = await Promise.all([this.#missing(user), this.#newest(user, undefined)]);
      const seq = await place(missing ?? this.conversation(user), newest.messages);
      return [missing, seq === undefined || reaches(newest, seq) ? newest : await this.#around(user, seq)];
    });
  }

  /**
   * Says where somebody reads in an open conversation: where all is loaded afresh, as after a reset of the feed, messages
   * around that place are among what is loaded.
   *
   * @param seq a message that is loaded; none where its newest messages are read, as when it is opened
   */
  reads(user: string, seq: number | undefined): void {
    if (seq === undefined) {
      this.#places.delete(keyOf(user));
    } else if (this.isOpen(user)) {
      this.#places.set(keyOf(user), seq);
    }
  }

  /** Forgets the messages with somebody, also those that are being loaded. */
  close(user: string): void {
    const key = keyOf(user);
    this.#places.delete(key);
    this.#stretches.delete(key);
    this.#openings.delete(key);
  }

  /** Loads older messages of an open conversation. */
  async older(user: string): Promise<void> {
    await this.#grow(user, (stretch) => {
      const before = stretch.messages[0]?.seq;
      return before === undefined || stretch.whole
        ? undefined
        : {
            range: { before, limit: MESSAGES },
            take: (results) => {
              stretch.messages = [...results, ...stretch.messages];
              stretch.whole = results.length < MESSAGES || isWhole(stretch.messages); // those before may no longer be kept
            },
          };
    });
  }

  /** Loads newer messages of a conversation that was opened at an older place. */
  async newer(user: string): Promise<void> {
    await this.#grow(user, (stretch) =>
      stretch.newest
        ? undefined
        : {
            range: { after: stretch.messages.at(-1)?.seq ?? 0, limit: MESSAGES + 1 }, // one tells of more
            take: (results) => {
              stretch.messages = [...stretch.messages, ...results.slice(0, MESSAGES)];
              stretch.newest = results.length <= MESSAGES;
            },
          },
    );
  }

  /**
   * Gives a message of mine another text. It has that here once the service says so, also where its event cannot come yet, and
   * unless something later was heard of it already.
   */
  async edit({ id }: Message, body: string): Promise<Message> {
    return this.#answered(await this.#source.messages.edit(id, body));
  }

  /** Takes a message of mine back; as for {@link edit}. */
  async unsend(message: Message): Promise<Message> {
    await this.#source.messages.unsend(message.id);
    return this.#answered({ ...message, body: "", edited: null, deleted: true, reply_to: null, client_id: null });
  }

  /** Loads further conversations. */
  async more(): Promise<void> {
    const furthering = this.#furthering.then(() => this.#further());
    this.#furthering = furthering.catch(() => undefined);
    await furthering;
  }

  async load(): Promise<void> {
    await this.#inTurn(() => this.#load());
  }

  async event(event: ChatEvent): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#loaded) {
        await this.#load(); // the feed goes on from a cursor that outlived another model
      }
      this.#note(event);
      switch (event.type) {
        case "message.sent":
        case "message.edited":
        case "message.deleted":
          await this.#heard(event);
          break;
        case "conversation.read":
        case "conversation.delivered":
          await this.#marked(event);
          break;
        case "user.blocked":
          this.#blocked.add(keyOf(event.user));
          this.#change(event.user, { blocked: true });
          break;
        case "user.unblocked":
          this.#blocked.delete(keyOf(event.user));
          this.#change(event.user, { blocked: false });
          break;
        case "session.ended":
          break;
      }
    });
  }

  #ended(): void {
    this.#connection = undefined;
    this.#settling();
    this.#loading();
  }

  async #load(): Promise<void> {
    this.#asking.forEach((heard) => {
      heard.missed = true;
    });
    const blocked = await this.#source.people.blocked();
    const page = await this.#source.conversations.list({ limit: CONVERSATIONS });
    const found = this.#loaded ? [] : this.#aside.keys(); // before anything was told of them
    const kept: [string, Conversation | undefined, Stretch | undefined][] = [];
    for (const user of new Set([...this.#stretches.keys(), ...found])) {
      const isListed = page.next === undefined || page.items.some((conversation) => keyOf(conversation.user) === user);
      const stretch = this.#stretches.get(user);
      kept.push([
        user,
        ...(await Promise.all([isListed ? undefined : this.#ask(user), stretch && this.#again(user, stretch)])),
      ]);
    }
    this.#blocked.clear();
    blocked.forEach(({ username }) => this.#blocked.add(keyOf(username)));
    this.#conversations.clear();
    this.#aside.clear();
    this.#take(page);
    this.#loaded = true;
    for (const [user, conversation, stretch] of kept) {
      if (stretch === undefined) {
        this.#keepAside(conversation);
      } else if (this.#stretches.has(user)) {
        this.#keepAside(conversation);
        this.#stretches.set(user, stretch);
      }
    }
  }

  /** Loads what was never loaded: with a cursor that was kept nobody says that all is to be loaded. */
  #loadFirst(wait: number, nextWait: number): void {
    const connection = this.#connection;
    this.#loading = this.#environment.after(wait, () => {
      this.#inTurn(async () => {
        if (!this.#loaded) {
          await this.#load();
        }
      }).catch((failure: unknown) => {
        if (isPassing(failure) && this.#connection === connection) {
          const retryAfter = failure instanceof ChatProblem ? (failure.retryAfter ?? 0) * 1_000 : 0;
          this.#loadFirst(Math.max(nextWait, retryAfter), Math.min(2 * nextWait, LATEST_AGAIN));
        }
      });
    });
  }

  async #answered(message: Message): Promise<Message> {
    const other = this.#otherOf(message);
    await this.#inTurn(() => {
      this.#asking.forEach((heard) => {
        heard.add(other, message);
      });
      const stretch = this.#stretches.get(keyOf(other));
      if (stretch !== undefined) {
        alter(stretch, message);
      }
      this.#alterLast(other, message);
      return Promise.resolve();
    });
    return message;
  }

  #otherOf({ user, recipient }: Message): string {
    return sameUser(user, this.#user) ? recipient : user;
  }

  #alterLast(other: string, message: Message): void {
    const last = this.conversation(other)?.last_message;
    if (last?.id === message.id) {
      this.#change(other, { last_message: newerOf(last, message) });
    }
  }

  async #heard({ type, message }: MessageEvent): Promise<void> {
    const other = this.#otherOf(message);
    await this.#say(other, message);
    const conversation = this.conversation(other);
    if (type === "message.sent") {
      this.#writesNoMore(message.user);
      await this.#counted(other, conversation, message);
    } else if (conversation !== undefined) {
      this.#alterLast(other, message);
      if (
        type === "message.deleted" &&
        message.seq > conversation.read_upto &&
        sameUser(message.recipient, this.#user)
      ) {
        await this.#renew(other); // whether the count had it still
      }
    }
  }

  async #counted(other: string, conversation: Conversation | undefined, message: Message): Promise<void> {
    const last = conversation?.last_message?.seq ?? 0;
    if (message.seq < last) {
      return; // it is the last one whose place counts, and that is yet to be heard
    } else if (message.seq === last) {
      this.#putFirst(conversation); // it was loaded with its last message, which others may have been put before meanwhile
    } else if (conversation === undefined || message.seq > last + 1 || sameUser(other, this.#user)) {
      this.#putFirst(await this.#ask(other));
    } else {
      const isToMe = sameUser(message.recipient, this.#user);
      this.#putFirst({ ...conversation, last_message: message, unread: conversation.unread + (isToMe ? 1 : 0) });
    }
  }

  async #marked({ type, user, by, upto }: MarkEvent): Promise<void> {
    const conversation = this.conversation(user);
    if (conversation === undefined) {
      return; // whoever loads it will see
    } else if (sameUser(user, this.#user)) {
      await this.#renew(user); // both sides are mine
    } else if (!sameUser(by, this.#user)) {
      const { peer_read_upto: read, peer_delivered_upto: delivered } = conversation;
      this.#change(user, {
        peer_read_upto: type === "conversation.read" ? Math.max(read, upto) : read,
        peer_delivered_upto: Math.max(delivered, upto), // what is read is delivered
      });
    } else if (type === "conversation.read" && upto > conversation.read_upto) {
      if (upto >= (conversation.last_message?.seq ?? 0)) {
        this.#change(user, { read_upto: upto, unread: 0 });
      } else {
        await this.#renew(user); // how many there are above it
      }
    }
  }

  /** The conversation with somebody, as the service has it now; undefined if there is none. */
  async #ask(user: string): Promise<Conversation | undefined> {
    try {
      return await this.#source.conversations.find(user);
    } catch (failure) {
      if (failure instanceof ChatProblem && failure.status === 404) {
        return undefined;
      }
      throw failure;
    }
  }

  /** The conversation with somebody, unless it is loaded, or all are. */
  async #missing(user: string): Promise<Conversation | undefined> {
    const isKnown = this.conversation(user) !== undefined || (this.#loaded && this.#more === undefined);
    return isKnown ? undefined : this.#ask(user);
  }

  /** Loads a conversation anew; it stays where it is. */
  async #renew(user: string): Promise<void> {
    const conversation = await this.#ask(user);
    if (conversation !== undefined) {
      this.#change(user, conversation);
    }
  }

  /** A conversation that was missing; where something of it was heard since it was asked for, that may lack in it. */
  async #takeAside(user: string, conversation: Conversation | undefined, heard: Heard): Promise<void> {
    if (conversation !== undefined && this.conversation(user) === undefined) {
      this.#keepAside(heard.has(user) ? await this.#ask(user) : conversation);
    }
  }

  #keepAside(conversation: Conversation | undefined): void {
    if (conversation !== undefined) {
      this.#aside.set(keyOf(conversation.user), conversation);
    }
  }

  /** It has the latest message of what was heard so far. */
  #putFirst(conversation: Conversation | undefined): void {
    if (conversation !== undefined) {
      const key = keyOf(conversation.user);
      this.#aside.delete(key);
      this.#conversations.delete(key);
      this.#conversations = new Map([[key, conversation], ...this.#conversations]);
    }
  }

  #take(page: Page<Conversation>): void {
    page.items.forEach((conversation) => {
      const key = keyOf(conversation.user);
      this.#aside.delete(key);
      this.#conversations.set(key, conversation);
    });
    this.#more = page.next;
  }

  /**
   * A new connection tells of those who are online, and of nobody else. Until it has done so, those who were online are
   * shown as such: or everybody would seem to go and come whenever I connect again.
   */
  #settle(): void {
    this.#forgetting();
    this.#knows = true;
    this.#settled = false;
    const before = new Map(this.#presence);
    this.#settling = this.#environment.after(PRESENCE_SETTLES, () => {
      for (const [key, presence] of before) {
        if (presence.online && this.#presence.get(key) === presence) {
          this.#presence.delete(key);
        }
      }
      this.#settled = true;
      this.#changed();
    });
  }

  /** Without a connection nobody tells who comes and goes. */
  #forget(): void {
    this.#forgetting();
    this.#knows = false;
    this.#presence.clear();
    this.#changed();
  }

  /**
   * Has everybody shown as online of whom that is known now: what was loaded counts until a new connection has told, and of
   * whom it does not tell nothing is known a moment later.
   */
  #showPresence(): void {
    const others = [...this.#conversations.keys()].filter((key) => key !== keyOf(this.#user));
    const watched = new Set(others.slice(0, WATCHED));
    for (const key of this.#watched) {
      if (!watched.has(key) && this.#conversations.has(key)) {
        this.#presence.delete(key); // of whoever comes in, word may be there before the message that brings them
      }
    }
    this.#watched = watched;
    for (const conversations of [this.#conversations, this.#aside]) {
      for (const [key, conversation] of conversations) {
        const told = this.#presence.get(key)?.online ?? (!this.#settled && conversation.online);
        const online = this.#knows && watched.has(key) && told;
        if (online !== conversation.online) {
          conversations.set(key, { ...conversation, online });
        }
      }
    }
  }

  /** Keeps up messages from now on, and the conversation that they are of, if it was missing. */
  async #open(
    user: string,
    signal: AbortSignal | undefined,
    load: () => Promise<[Conversation | undefined, Stretch]>,
  ): Promise<void> {
    const [key, opening] = [keyOf(user), {}];
    this.#openings.set(key, opening);
    const isWanted = (): boolean => this.#openings.get(key) === opening && signal?.aborted !== true;
    try {
      await this.#beside(load, async ([conversation, stretch], heard) => {
        await this.#takeAside(user, conversation, heard);
        if (isWanted()) {
          this.#places.delete(key);
          this.#stretches.set(key, stretch);
          await this.#sayAgain(user, heard);
        }
      });
    } finally {
      if (this.#openings.get(key) === opening) {
        this.#openings.delete(key);
      }
    }
  }

  /** Has more messages on one side of those that are loaded; where others are loaded instead by then, they go with them. */
  async #grow(user: string, next: (stretch: Stretch) => Growth | undefined): Promise<void> {
    const stretch = this.#stretches.get(keyOf(user));
    if (stretch !== undefined) {
      const growing = (stretch.growing ?? Promise.resolve()).then(async () => {
        const growth = next(stretch);
        if (growth !== undefined) {
          await this.#beside(
            () => this.#source.messages.with(user, growth.range),
            async ({ results }, heard) => {
              growth.take([...results].reverse());
              await this.#sayAgain(user, heard);
            },
          );
        }
      });
      stretch.growing = growing.catch(() => undefined);
      await growing;
    }
  }

  async #further(): Promise<void> {
    await (this.#loaded
      ? this.#beside(
          async () => this.#more?.(),
          async (page, heard) => {
            if (page !== undefined) {
              await this.#takeFurther(page, heard);
            }
          },
        )
      : this.load());
  }

  async #takeFurther({ items, next }: Page<Conversation>, heard: Heard): Promise<void> {
    const latest = await Promise.all(
      items.map(async (item) =>
        heard.has(item.user) ? (this.conversation(item.user) ?? (await this.#ask(item.user))) : item,
      ),
    );
    this.#take({ items: latest.filter((item) => item !== undefined), next });
  }

  async #newest(user: string, limit: number | undefined): Promise<Stretch> {
    const { results } = await this.#source.messages.with(user, limit === undefined ? {} : { limit });
    const messages = [...results].reverse();
    return { messages, whole: isWhole(messages), newest: true };
  }

  async #around(user: string, seq: number): Promise<Stretch> {
    const stretch = await this.#upTo(user, seq + MESSAGES / 2, MESSAGES);
    return stretch.messages.length > 0 ? stretch : this.#oldest(user);
  }

  /** From the first one on that is still kept. */
  async #oldest(user: string): Promise<Stretch> {
    const { results } = await this.#source.messages.with(user, { after: 0, limit: MESSAGES + 1 }); // one tells of more
    const messages = [...results].reverse().slice(0, MESSAGES);
    return { messages, whole: true, newest: results.length <= MESSAGES };
  }

  /** What is loaded, as it is now; of many messages the last ones, or those around the one that is read. */
  async #again(user: string, { messages, newest }: Stretch): Promise<Stretch> {
    const limit = Math.min(Math.max(messages.length, MESSAGES), MOST_MESSAGES);
    const again = await (newest ? this.#newest(user, limit) : this.#upTo(user, messages.at(-1)?.seq ?? 0, limit));
    const place = this.#places.get(keyOf(user));
    return place === undefined || reaches(again, place) ? again : this.#around(user, place);
  }

  /** Those up to a place, with it; if the conversation has not gone further, they are its newest. */
  async #upTo(user: string, seq: number, limit: number): Promise<Stretch> {
    const further = { before: Math.min(seq + 2, Number.MAX_SAFE_INTEGER), limit: Math.min(limit + 1, MOST_MESSAGES) }; // the one behind tells of more
    const { results } = await this.#source.messages.with(user, further);
    const messages = [...results].reverse().filter((message) => message.seq <= seq);
    const newest = messages.length === results.length;
    const wanted = messages.slice(-limit);
    return { messages: wanted, whole: isWhole(wanted) || results.length < further.limit, newest };
  }

  async #say(other: string, message: Message): Promise<void> {
    const stretch = this.#stretches.get(keyOf(other));
    if (stretch === undefined) {
      return;
    }
    const last = stretch.messages.at(-1)?.seq ?? 0;
    if (message.seq === last + 1 && stretch.newest) {
      stretch.messages = [...stretch.messages, message];
    } else if (message.seq > last) {
      if (stretch.newest) {
        const renewed = await this.#again(other, stretch);
        if (this.#stretches.has(keyOf(other))) {
          this.#stretches.set(keyOf(other), renewed);
        }
      }
    } else {
      alter(stretch, message);
    }
  }

  #writes(user: string): void {
    const key = keyOf(user);
    this.#typing.get(key)?.();
    const cancel = this.#environment.after(TYPING_LASTS, () => {
      this.#typing.delete(key);
      this.#changed();
    });
    this.#typing.set(key, cancel);
    this.#changed();
  }

  #writesNoMore(user: string): void {
    this.#typing.get(keyOf(user))?.();
    this.#typing.delete(keyOf(user));
  }

  #change(user: string, change: Partial<Conversation>): void {
    const key = keyOf(user);
    for (const conversations of [this.#conversations, this.#aside]) {
      const conversation = conversations.get(key);
      if (conversation !== undefined) {
        conversations.set(key, { ...conversation, ...change });
      }
    }
  }

  /**
   * Asks for something while what is heard goes on, and takes the answer in between two events; asks again where all was
   * loaded anew meanwhile, as it is not known then what the answer lacks.
   */
  async #beside<T>(ask: () => Promise<T>, take: (answer: T, heard: Heard) => Promise<void>): Promise<void> {
    const heard = new Heard();
    this.#asking.add(heard);
    try {
      const answer = await ask();
      const isTaken = await this.#inTurn(async () => {
        if (heard.missed) {
          return false;
        }
        await take(answer, heard);
        return true;
      });
      if (isTaken) {
        return;
      }
    } finally {
      this.#asking.delete(heard);
    }
    await this.#beside(ask, take);
  }

  #note(event: ChatEvent): void {
    if (event.type !== "session.ended") {
      const [user, message] =
        "message" in event ? [this.#otherOf(event.message), event.message] : [event.user, undefined];
      this.#asking.forEach((heard) => {
        heard.add(user, message);
      });
    }
  }

  async #sayAgain(user: string, heard: Heard): Promise<void> {
    for (const message of heard.messages(user)) {
      await this.#say(user, message);
    }
  }

  /** One thing at a time; what fails is its caller's to know, and keeps nobody behind it waiting. */
  async #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => undefined);
    const result = await turn;
    this.#changed();
    return result;
  }

  #changed(): void {
    this.#showPresence();
    [...this.#listeners].forEach((tell) => {
      tell();
    });
  }
}

function keyOf(user: string): string {
  return user.toLowerCase();
}

function isWhole(messages: readonly Message[]): boolean {
  return (messages[0]?.seq ?? 1) === 1;
}

function reaches({ messages, whole }: Stretch, seq: number): boolean {
  return whole || messages.some((message) => message.seq <= seq);
}

function alter(stretch: Stretch, message: Message): void {
  stretch.messages = stretch.messages.map((one) => (one.id === message.id ? newerOf(one, message) : one));
}

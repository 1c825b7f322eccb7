/**
 * The JSON of the service's public contract. Members that the service adds later are left alone.
 *
 * Times are RFC 3339 in UTC with microseconds, which is more than a `Date` can hold, so they stay text; as text they
 * also sort.
 */

/** A message. A deleted one keeps its place, with an empty body. */
export interface Message {
  readonly id: number;
  /** Who sent it. */
  readonly user: string;
  readonly recipient: string;
  readonly timestamp: string;
  readonly body: string;
  /** Its place in the conversation: 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** When it was edited last. */
  readonly edited: string | null;
  readonly deleted: boolean;
  /** The id of the message that it answers. */
  readonly reply_to: number | null;
  /** The key under which its sender sent it. */
  readonly client_id: string | null;
}

/** A page of messages; those by `before` are newest first. */
export interface MessagePage {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Message[];
}

export interface Conversation {
  /** The other side. */
  readonly user: string;
  readonly online: boolean;
  readonly last_message: Message | null;
  readonly unread: number;
  /** The seq up to which I have read. */
  readonly read_upto: number;
  readonly peer_read_upto: number;
  readonly peer_delivered_upto: number;
  /** Whether I block the other side. */
  readonly blocked: boolean;
}

/** My account. */
export interface Account {
  readonly username: string;
  readonly email: string | null;
  readonly created: string;
}

/** A session just begun; no later answer has its token. */
export interface SignedIn {
  readonly token: string;
  readonly username: string;
  readonly expires: string;
}

/** One of my sessions. */
export interface Session {
  readonly id: number;
  readonly created: string;
  readonly expires: string;
  readonly device: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** Somebody to write to. */
export interface Contact {
  readonly username: string;
  readonly online: boolean;
}

/** Somebody, more closely. */
export interface Profile extends Contact {
  /** When they were online last, if they are not now and I may know. */
  readonly last_seen: string | null;
}

/** An account, as an administrator sees it. */
export interface AdministeredAccount {
  readonly username: string;
  readonly email: string | null;
  readonly created: string;
  readonly admin: boolean;
  readonly disabled: boolean;
}

interface Numbered {
  /** Its place in the feed: 1, 2, 3 … without a gap. */
  readonly seq: number;
}

/** What became of a message; the event has it as it is then. */
export interface MessageEvent<Type extends MessageEventType = MessageEventType> extends Numbered {
  readonly type: Type;
  readonly message: Message;
}
export type MessageEventType = "message.sent" | "message.edited" | "message.deleted";

/** A mark has moved. */
export interface MarkEvent<Type extends MarkEventType = MarkEventType> extends Numbered {
  readonly type: Type;
  /** The other side of the conversation. */
  readonly user: string;
  /** Whose mark it is: mine or the other side's. */
  readonly by: string;
  readonly upto: number;
}
export type MarkEventType = "conversation.read" | "conversation.delivered";

export interface BlockEvent extends Numbered {
  readonly type: "user.blocked" | "user.unblocked";
  readonly user: string;
}

export interface SessionEvent extends Numbered {
  readonly type: "session.ended";
  readonly session: number;
}

/** Something that happened to me. Types that this client does not know yet are told to nobody, but leave no gap. */
export type ChatEvent =
  | MessageEvent<"message.sent">
  | MessageEvent<"message.edited">
  | MessageEvent<"message.deleted">
  | MarkEvent<"conversation.read">
  | MarkEvent<"conversation.delivered">
  | BlockEvent
  | SessionEvent;

/** A stretch of my feed. */
export interface EventPage {
  readonly events: readonly ChatEvent[];
  /** The cursor to go on from. */
  readonly last: number;
  readonly more: boolean;
}

/** The other side is writing. */
export interface Typing {
  readonly user: string;
}

/** Somebody came or went. */
export interface Presence {
  readonly user: string;
  readonly online: boolean;
  /** When they were online last, if they are not now and I may know. */
  readonly last_seen: string | null;
}

const KNOWN_EVENTS: ReadonlySet<string> = new Set<ChatEvent["type"]>([
  "message.sent",
  "message.edited",
  "message.deleted",
  "conversation.read",
  "conversation.delivered",
  "user.blocked",
  "user.unblocked",
  "session.ended",
]);

/** Whether an event is one that this client knows. */
export function isKnown(event: { readonly type: string }): event is ChatEvent {
  return KNOWN_EVENTS.has(event.type);
}

/** The later of two states of one message, whichever of them came first: an answer, or an event that was behind. */
export function newerOf(one: Message, other: Message): Message {
  if (one.deleted !== other.deleted) {
    return one.deleted ? one : other;
  }
  return (other.edited ?? "") >= (one.edited ?? "") ? other : one;
}

/** Whether two names are the same user's. The service compares more kindly; the names that it writes differ in no more. */
export function sameUser(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}

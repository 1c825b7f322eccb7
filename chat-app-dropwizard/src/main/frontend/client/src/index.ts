export { ChatClient, type ChatClientOptions, type LiveOptions, type Requests } from "./client.js";
export type {
  Account,
  AdministeredAccount,
  BlockEvent,
  ChatEvent,
  Contact,
  Conversation,
  EventPage,
  MarkEvent,
  MarkEventType,
  Message,
  MessageEvent,
  MessageEventType,
  MessagePage,
  Presence,
  Profile,
  Session,
  SessionEvent,
  SignedIn,
  Typing,
} from "./contract.js";
export { newerOf, sameUser } from "./contract.js";
export type { TokenSource } from "./credentials.js";
export { type Cancel, type Environment, environment } from "./environment.js";
export type { ConnectionState } from "./live/connection.js";
export { type CursorStorage, MemoryCursorStorage, WebCursorStorage, type WebStorage } from "./live/cursor-storage.js";
export type { FeedListener, FreshStart } from "./live/deliveries.js";
export { LIVE_TIMES, type LiveChat, type LiveTimes } from "./live/live-chat.js";
export {
  MemoryOutboxStorage,
  type OutboxStorage,
  type StoredMessage,
  WebOutboxStorage,
} from "./live/outbox-storage.js";
export type { Outgoing } from "./live/outgoing.js";
export {
  browserSockets,
  type Handshake,
  nodeSockets,
  type SocketFactory,
  type SocketLike,
  wsSockets,
} from "./live/socket.js";
export { ChatProblem, ConnectionFailed, isPassing, isSignedOut } from "./problem.js";
export type { Accounts, NewAccount } from "./rest/accounts.js";
export type { Administration } from "./rest/administration.js";
export type { Conversations } from "./rest/conversations.js";
export type { Events } from "./rest/events.js";
export type { Page } from "./rest/http.js";
export type { Draft, Messages, Stretch } from "./rest/messages.js";
export type { People } from "./rest/people.js";
export type { Sessions } from "./rest/sessions.js";

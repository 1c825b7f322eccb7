import type { Message, Presence, Typing } from "../contract.js";
import { type ChatProblem, problemOf } from "../problem.js";

export const PROTOCOL = "message-center.v1";

/** The first frame of a connection. */
export interface Hello {
  readonly type: "hello";
  /** The events of this connection begin after it. */
  readonly last: number;
  readonly user: string;
  /** Seconds between two pings of the server's. */
  readonly ping: number;
}

/** An event, of a type that this client may not know. */
export interface NumberedFrame {
  readonly type: string;
  readonly seq: number;
}

/** A frame from the server. */
export type ServerFrame =
  | Hello
  | { readonly type: "event"; readonly event: NumberedFrame }
  | { readonly type: "ack"; readonly client_id: string; readonly message: Message }
  | { readonly type: "error"; readonly client_id: string | undefined; readonly problem: ChatProblem }
  | { readonly type: "reset"; readonly last: number }
  | (Typing & { readonly type: "typing" })
  | (Presence & { readonly type: "presence" });

/** A frame to the server. An error that answers it names its `client_id`, if the server is so kind. */
export type ClientFrame =
  | {
      readonly type: "send";
      readonly client_id: string;
      readonly recipient: string;
      readonly body: string;
      readonly reply_to?: number;
    }
  | { readonly type: "read" | "delivered"; readonly client_id: string; readonly user: string; readonly seq: number }
  | { readonly type: "typing"; readonly client_id: string; readonly user: string };

/** Reads a frame; undefined for what means nothing to this client, which a later server may well say. */
export function parseFrame(data: unknown): ServerFrame | undefined {
  const members = parse(data);
  if (members === undefined) {
    return undefined;
  }
  const { type, seq, last, user, ping, client_id: clientId, message } = members;
  if (typeof type === "string" && isSeq(seq)) {
    return { type: "event", event: members as unknown as NumberedFrame };
  }
  switch (type) {
    case "hello":
      return isSeq(last) && typeof user === "string" && typeof ping === "number"
        ? { type, last, user, ping }
        : undefined;
    case "ack":
      return typeof clientId === "string" && typeof message === "object" && message !== null
        ? { type, client_id: clientId, message: message as Message }
        : undefined;
    case "error":
      return { type, ...problem(members) };
    case "reset":
      return isSeq(last) ? { type, last } : undefined;
    case "typing":
      return typeof user === "string" ? { type, user } : undefined;
    case "presence":
      return typeof user === "string" && typeof members["online"] === "boolean"
        ? { type, user, online: members["online"], last_seen: text(members["last_seen"]) ?? null }
        : undefined;
    default:
      return undefined;
  }
}

function parse(data: unknown): Record<string, unknown> | undefined {
  try {
    const members: unknown = typeof data === "string" ? JSON.parse(data) : undefined;
    return typeof members === "object" && members !== null ? (members as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function problem(members: Record<string, unknown>): { client_id: string | undefined; problem: ChatProblem } {
  const { client_id: clientId, status, ...rest } = members;
  return { client_id: text(clientId), problem: problemOf(rest, typeof status === "number" ? status : 500) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isSeq(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

import type { ChatEvent, Conversation, Message, Presence } from "../../src/contract.js";
import type { Handshake, SocketFactory, SocketLike } from "../../src/live/socket.js";
import type { World } from "./world.js";

/** What the network does to a frame, a request or a handshake. */
export interface Faults {
  /** Milliseconds after which each copy of a frame to the client arrives; none if it is lost. */
  frame(): readonly number[];
  /** The same for a frame from the client. */
  sent(): readonly number[];
  /** What becomes of a request; half of the delay is before the service has it. */
  request(url: string): { readonly delay: number; readonly fate: "answered" | "lost" | "unanswered" | 429 | 502 | 503 };
  /** What becomes of a handshake. */
  handshake(): "opened" | "refused" | "hanging";
  /** What the service refuses a frame with, for now. */
  refusal(frame: Readonly<Record<string, unknown>>): 429 | 503 | undefined;
}

export const NO_FAULTS: Faults = {
  frame: () => [1],
  sent: () => [1],
  request: () => ({ delay: 1, fate: "answered" }),
  handshake: () => "opened",
  refusal: () => undefined,
};

/** Characters. */
const LARGEST_FRAME = 65_536;

/** Of so many conversations, the latest, a connection tells who is there. */
const WATCHED = 100;

/** Bytes. */
const LARGEST_REQUEST = 196_608;

/** An answer of the REST API. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

type Unnumbered = ChatEvent extends infer E ? (E extends ChatEvent ? Omit<E, "seq"> : never) : never;

class User {
  readonly blocked = new Set<string>();
  readonly sockets = new Set<FakeSocket>();
  /** By the other side: how far this user has read, and has got. */
  readonly read = new Map<string, number>();
  /** How far the other side knows that this user has read: no further than when they were blocked. */
  readonly shown = new Map<string, number>();
  readonly delivered = new Map<string, number>();
  feed: ChatEvent[] = [];
  /** Events up to here are no longer kept. */
  pruned = 0;

  constructor(readonly name: string) {}

  /** How far the other side knows that messages have come, read or not. */
  arrived(other: string): number {
    return Math.max(this.shown.get(other) ?? 0, this.delivered.get(other) ?? 0);
  }

  get last(): number {
    return this.feed.length;
  }
}

/** The service as its contract describes it, in memory, behind a network that can be made as bad as one likes. */
export class FakeService {
  readonly url = "http://chat.test";
  readonly world: World;
  faults: Faults = NO_FAULTS;
  /** Refuses every connection and request. */
  down = false;
  ping = 30;
  /** Whether the refusal of a mark says which frame it answers. */
  echoes = true;
  /** Whom the browser's cookie belongs to. */
  cookie: string | undefined;
  readonly messages: Message[] = [];
  readonly requests: string[] = [];
  readonly handshakes: Handshake[] = [];
  /** How many messages it gives at once, unless it is asked for more or fewer. */
  page = 15;
  /** How many characters a message may have. */
  longest = 10_000;
  /** Every frame that reached it, as `[user, frame]`. */
  readonly frames: [string, Record<string, unknown>][] = [];
  /** Answers instead of the service itself, if it likes to. */
  intercept: (method: string, path: string, init: RequestInit) => Response | undefined = () => undefined;
  /** Who has erased their account; what they wrote stays. */
  readonly erased = new Set<string>();
  readonly #users = new Map<string, User>();
  readonly #ended = new Set<string>();
  /** The numbers of messages by who sent them under which key. */
  readonly #keys = new Map<string, number>();
  #times = 0;

  constructor(world: World, ...names: string[]) {
    this.world = world;
    world.answer = (url, init) => this.#request(url, init);
    names.forEach((name) => this.#users.set(name, new User(name)));
  }

  token(name: string): string {
    return `token-of-${name}`;
  }

  /** Ends the user's session, and closes its sockets. */
  endSession(name: string): void {
    this.#ended.add(this.token(name));
    if (this.cookie === name) {
      this.cookie = undefined;
    }
    this.close(name, 1008);
  }

  feed(name: string): readonly ChatEvent[] {
    return this.#user(name).feed;
  }

  /** Closes all of a user's sockets; without a code they go silent for ever, as a lost network leaves them. */
  close(name: string, code?: number): void {
    for (const socket of [...this.#user(name).sockets]) {
      socket.end(code);
    }
  }

  connections(name: string): number {
    return this.#user(name).sockets.size;
  }

  /** Tells those who talk to a user how things stand with them, and, on a connection, the user how with the others. */
  tellPresence(name: string, socket?: FakeSocket): void {
    const latest = this.#peers(name).slice(0, WATCHED);
    for (const other of this.#peers(name)) {
      if (latest.includes(other)) {
        socket?.hear(this.#presence(other));
      }
      if (this.#watches(other, name)) {
        this.#user(other).sockets.forEach((one) => {
          one.hear(this.#presence(name));
        });
      }
    }
  }

  #presence(name: string): Presence {
    return { type: "presence", user: name, online: this.connections(name) > 0, last_seen: null } as Presence;
  }

  /** Those who talk to a user, of the latest conversation first. */
  #peers(name: string): string[] {
    const mine = this.messages.filter(({ user, recipient }) => user === name || recipient === name);
    const others = new Set(mine.map(({ user, recipient }) => (user === name ? recipient : user)).reverse());
    others.delete(name);
    return [...others];
  }

  /** Sends a frame as it is to each of a user's sockets. */
  tell(name: string, frame: unknown): void {
    this.#user(name).sockets.forEach((socket) => {
      socket.tell(frame);
    });
  }

  /** Forgets the older events of a feed, but the last few. */
  prune(name: string, kept: number): void {
    const user = this.#user(name);
    user.pruned = Math.max(user.pruned, user.last - kept);
  }

  /** Sets the feed back to an earlier end, as a backup does, and says so to those who are connected. */
  setBack(name: string, last: number): void {
    const user = this.#user(name);
    user.feed = user.feed.slice(0, last);
    this.tell(name, { type: "reset", last });
  }

  send(from: string, to: string, body: string, clientId: string | null = null, replyTo: number | null = null): Message {
    const said = this.conversation(from, to);
    const watched = [this.#watches(from, to), this.#watches(to, from)] as const;
    const message: Message = {
      id: this.messages.length + 1,
      user: from,
      recipient: to,
      timestamp: this.#sent(said.at(-1)),
      body,
      seq: said.length + 1,
      edited: null,
      deleted: false,
      reply_to: replyTo,
      client_id: clientId,
    };
    this.messages.push(message);
    if (clientId !== null) {
      this.#keys.set(`${from} ${clientId}`, message.id);
    }
    if (from !== to) {
      this.#meet(from, to, watched[0]);
      this.#meet(to, from, watched[1]);
    } else {
      this.#user(from).read.set(from, message.seq);
      this.#user(from).shown.set(from, message.seq);
    }
    this.#publish(from, to, { type: "message.sent", message });
    return message;
  }

  #watches(name: string, other: string): boolean {
    return this.#peers(name).slice(0, WATCHED).includes(other);
  }

  /** Of whoever comes among those who are watched it is told if they are online, or were as far as a connection knows. */
  #meet(name: string, other: string, wasWatched: boolean): void {
    if (!wasWatched) {
      this.#user(name).sockets.forEach((socket) => {
        socket.meet(this.#presence(other));
      });
    }
  }

  change(id: number, body: string | undefined): Message {
    const before = this.messages[id - 1];
    if (before === undefined) {
      throw new Error(`There is no message ${id}`);
    }
    const message =
      body === undefined
        ? { ...before, body: "", edited: null, deleted: true, reply_to: null, client_id: null }
        : { ...before, body, edited: this.#time() };
    this.messages[id - 1] = message;
    const type = body === undefined ? "message.deleted" : "message.edited";
    this.#publish(message.user, message.recipient, { type, message });
    return message;
  }

  mark(mark: "read" | "delivered", by: string, other: string, seq: number): void {
    const user = this.#user(by);
    const upto = Math.min(seq, this.conversation(by, other).length);
    const hidden = user.blocked.has(other);
    if (mark === "read" ? upto <= (user.read.get(other) ?? 0) : hidden || upto <= user.arrived(other)) {
      return;
    }
    user[mark].set(other, upto);
    if (mark === "read" && !hidden) {
      user.shown.set(other, upto);
    }
    this.#add(by, { type: `conversation.${mark}`, user: other, by, upto });
    if (!hidden && by !== other) {
      this.#add(other, { type: `conversation.${mark}`, user: by, by, upto });
    }
  }

  readUpto(name: string, other: string): number {
    return this.#user(name).read.get(other) ?? 0;
  }

  /** How far the other side knows that messages have come. */
  deliveredUpto(name: string, other: string): number {
    return this.#user(name).arrived(other);
  }

  block(name: string, other: string, blocked: boolean): void {
    const user = this.#user(name);
    if (user.blocked.has(other) !== blocked) {
      user.blocked[blocked ? "add" : "delete"](other);
      this.#add(name, { type: blocked ? "user.blocked" : "user.unblocked", user: other });
    }
  }

  conversation(one: string, other: string): Message[] {
    return this.messages.filter(
      ({ user, recipient }) => (user === one && recipient === other) || (user === other && recipient === one),
    );
  }

  conversations(name: string): Conversation[] {
    const mine = this.messages.filter(({ user, recipient }) => user === name || recipient === name);
    const others = [...new Set(mine.map(({ user, recipient }) => (user === name ? recipient : user)).reverse())];
    return others.map((other) => {
      const said = this.conversation(name, other);
      const read = this.#user(name).read.get(other) ?? 0;
      return {
        user: other,
        online: this.connections(other) > 0,
        last_message: said.at(-1) ?? null,
        unread: said.filter(
          ({ recipient, user, seq, deleted }) => isTo(name, user, recipient) && seq > read && !deleted,
        ).length,
        read_upto: read,
        peer_read_upto: this.#user(other).shown.get(name) ?? 0,
        peer_delivered_upto: this.#user(other).arrived(name),
        blocked: this.#user(name).blocked.has(other),
      };
    });
  }

  sockets: SocketFactory = (handshake) => {
    this.handshakes.push(handshake);
    const token = handshake.headers["Authorization"]?.replace("Bearer ", "");
    const name = token === undefined ? this.cookie : this.#whose(token);
    const fate = this.down || name === undefined ? "refused" : this.faults.handshake();
    const socket = new FakeSocket(this, name === undefined ? undefined : this.#user(name));
    if (fate !== "hanging") {
      this.world.after(1, () => {
        if (fate === "refused") {
          socket.end(1006);
        } else {
          socket.begin(new URL(handshake.url).searchParams.get("after"));
        }
      });
    }
    return socket;
  };

  /** A frame from a client. */
  receive(user: User, socket: FakeSocket, data: string): void {
    const frame = JSON.parse(data) as Record<string, unknown>;
    this.frames.push([user.name, frame]);
    if (data.length > LARGEST_FRAME) {
      const wrong = { frame: [`A frame has at most ${LARGEST_FRAME} characters.`] };
      socket.refuse(problem(400, "invalid", "Some fields are wrong.", wrong), null);
      return;
    }
    const { type, client_id: clientId } = frame;
    const answers = type === "send" || this.echoes ? clientId : null;
    const other = String(frame["user"]);
    const refusal = this.faults.refusal(frame);
    if (refusal !== undefined) {
      const more = refusal === 429 ? { retry_after: 2 } : {};
      socket.refuse(problem(refusal, "overloaded", "Not now.", more), answers);
    } else if (type === "send") {
      const answer = this.#send(user, frame);
      if (answer.status === 201) {
        socket.tell({ type: "ack", client_id: clientId, message: answer.body });
      } else {
        socket.refuse(answer, answers);
      }
    } else if (!this.#users.has(other)) {
      socket.refuse(problem(404, "not_found", "Not found."), answers);
    } else if (type === "read" || type === "delivered") {
      this.mark(type, user.name, other, Number(frame["seq"]));
    } else if (type === "typing") {
      this.tell(other, { type: "typing", user: user.name });
    }
  }

  /** As two nodes say it, of which one's clock is behind; within a conversation, time moves on all the same. */
  #sent(previous: Message | undefined): string {
    const behind = this.messages.length % 2 === 0 ? 0 : 2_000;
    const earliest = previous === undefined ? 0 : Date.parse(previous.timestamp) + 1;
    return this.#time(Math.max(this.world.wallClock() - behind, earliest));
  }

  /** No two are the same. */
  #time(millis = this.world.wallClock()): string {
    const micros = String(this.#times++ % 1_000).padStart(3, "0");
    return new Date(millis).toISOString().replace("Z", `${micros}Z`);
  }

  #user(name: string): User {
    const user = this.#users.get(name);
    if (user === undefined) {
      throw new Error(`There is no ${name}`);
    }
    return user;
  }

  #whose(token: string): string | undefined {
    return this.#ended.has(token) ? undefined : [...this.#users.keys()].find((name) => this.token(name) === token);
  }

  #publish(from: string, to: string, event: Unnumbered): void {
    this.#add(from, event);
    if (from !== to) {
      this.#add(to, event);
    }
  }

  #add(name: string, event: Unnumbered): void {
    const user = this.#user(name);
    const numbered = { seq: user.last + 1, ...event } as ChatEvent;
    user.feed.push(numbered);
    user.sockets.forEach((socket) => {
      socket.tell(numbered);
    });
  }

  #send(user: User, { recipient, body, client_id, reply_to }: Record<string, unknown>): Answer {
    const to = String(recipient);
    const key = typeof client_id === "string" ? client_id : null;
    const text = String(body);
    const first = this.messages[(this.#keys.get(`${user.name} ${key}`) ?? 0) - 1];
    if (first !== undefined) {
      return first.recipient === to
        ? { status: 201, body: first }
        : problem(409, "client_key_reused", "Another message.");
    } else if (text.trim() === "") {
      return problem(400, "invalid", "Some fields are wrong.", { body: ["This field may not be blank."] });
    } else if (!this.#users.has(to) || this.erased.has(to)) {
      return problem(404, "not_found", "Not found.");
    } else if (Array.from(text).length > this.longest) {
      const said = `Ensure this field has no more than ${this.longest} characters.`;
      return problem(400, "invalid", "Some fields are wrong.", { body: [said] });
    } else if (this.#user(to).blocked.has(user.name)) {
      return problem(403, "forbidden", "They do not want to hear from you.");
    }
    return { status: 201, body: this.send(user.name, to, text, key, typeof reply_to === "number" ? reply_to : null) };
  }

  async #request(url: string, init: RequestInit): Promise<Response> {
    const method = init.method ?? "GET";
    const { pathname, search } = new URL(url);
    this.requests.push(`${method} ${pathname}${search}`);
    const { delay, fate } = this.down ? { delay: 1, fate: "lost" as const } : this.faults.request(url);
    const signal = init.signal ?? undefined;
    await this.#pause(delay >> 1, signal);
    if (fate === "lost") {
      throw new TypeError("The network is gone");
    } else if (typeof fate === "number") {
      const retry: Record<string, string> = fate === 502 ? {} : { "Retry-After": "2" };
      return response({ ...problem(fate, "overloaded", "Not now."), headers: retry });
    }
    const answer = this.intercept(method, pathname, init) ?? response(this.#answer(method, new URL(url), init));
    await this.#pause(delay - (delay >> 1), signal); // in which what is told may overtake it
    if (fate === "unanswered") {
      throw new TypeError("The network is gone");
    }
    return answer;
  }

  async #pause(millis: number, signal?: AbortSignal): Promise<void> {
    if (millis === 0) {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const cancel = this.world.after(millis, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        reject(new DOMException("aborted", "AbortError"));
      });
    });
  }

  #answer(method: string, { pathname, searchParams: query }: URL, init: RequestInit): Answer {
    const authorization = (init.headers as Record<string, string>)["Authorization"];
    const name =
      authorization !== undefined
        ? this.#whose(authorization.replace("Bearer ", ""))
        : init.credentials === "same-origin"
          ? this.cookie
          : undefined;
    const expected = (init.headers as Record<string, string>)["Expected-User"];
    if (name === undefined || (expected !== undefined && decodeURIComponent(expected).toLowerCase() !== name)) {
      return problem(401, "not_signed_in", "Sign in first.");
    } else if (typeof init.body === "string" && Buffer.byteLength(init.body) > LARGEST_REQUEST) {
      return problem(413, "request_entity_too_large", "Too large.");
    }
    const user = this.#user(name);
    const path = pathname.replace(/^\/api\/v1/, "");
    const body = (typeof init.body === "string" ? JSON.parse(init.body) : {}) as Record<string, unknown>;
    const message = /^\/message\/(\d+)\/$/.exec(path);
    const person = /^\/user\/([^/]+)\/$/.exec(path);
    const one = /^\/conversation\/([^/]+)\/$/.exec(path);
    const mark = /^\/conversation\/([^/]+)\/(read|delivered)\/$/.exec(path);
    if (path === "/account/") {
      return { status: 200, body: { username: name, email: null, created: "2027-01-15T08:00:00.000000Z" } };
    } else if (path === "/event/") {
      return this.#events(user, Number(query.get("after")), Number(query.get("limit") ?? 100));
    } else if (path === "/message/" && method === "POST") {
      return this.#send(user, body);
    } else if (path === "/message/") {
      return this.#stretch(user, query);
    } else if (message !== null && (method === "PATCH" || method === "DELETE")) {
      return this.#change(user, Number(message[1]), method === "PATCH" ? String(body["body"]) : undefined);
    } else if (path === "/conversation/") {
      return this.#list(user, query);
    } else if (one !== null) {
      const found = this.conversations(name).find(
        (conversation) => conversation.user === decodeURIComponent(one[1] ?? ""),
      );
      return found === undefined ? problem(404, "not_found", "Not found.") : { status: 200, body: found };
    } else if (person !== null) {
      const other = decodeURIComponent(person[1] ?? "");
      if (other.includes("/")) {
        return problem(400, "invalid", "No address has that.");
      }
      const profile = { username: other, online: this.connections(other) > 0, last_seen: null };
      return this.#users.has(other) && !this.erased.has(other)
        ? { status: 200, body: profile }
        : problem(404, "not_found", "Not found.");
    } else if (path === "/block/") {
      return { status: 200, body: [...user.blocked].map((username) => ({ username })) };
    } else if (mark !== null) {
      const other = decodeURIComponent(mark[1] ?? "");
      if (!this.#users.has(other)) {
        return problem(404, "not_found", "Not found.");
      }
      this.mark(mark[2] === "read" ? "read" : "delivered", name, other, Number(body["seq"]));
      return { status: 204 };
    }
    return problem(404, "not_found", "Not found.");
  }

  #change(user: User, id: number, body: string | undefined): Answer {
    const before = this.messages[id - 1];
    if (before?.user !== user.name || (before.deleted && body !== undefined)) {
      return problem(404, "not_found", "Not found.");
    } else if (body === undefined) {
      this.change(id, undefined);
      return { status: 204 };
    }
    return { status: 200, body: this.change(id, body) };
  }

  #events(user: User, after: number, limit: number): Answer {
    if (after > user.last) {
      return problem(400, "invalid", "Some fields are wrong.", { after: [`The feed is at ${user.last}.`] });
    } else if (after < user.pruned) {
      return problem(410, "cursor_too_old", "No longer kept.", { last: user.last });
    }
    const events = user.feed.slice(after, after + limit);
    return { status: 200, body: { events, last: after + events.length, more: after + events.length < user.last } };
  }

  #stretch(user: User, query: URLSearchParams): Answer {
    const limit = Number(query.get("limit") ?? this.page);
    const before = query.get("before");
    const after = query.get("after");
    const said = this.conversation(user.name, query.get("target") ?? "");
    if (Number(before) > Number.MAX_SAFE_INTEGER) {
      return problem(400, "invalid", "Some fields are wrong.", {
        before: ["Ensure this value is from 0 to 2^53 - 1."],
      });
    }
    const wanted =
      after !== null
        ? said.filter(({ seq }) => seq > Number(after)).slice(0, limit)
        : said.filter(({ seq }) => before === null || seq < Number(before)).slice(-limit);
    return { status: 200, body: { count: said.length, next: null, previous: null, results: wanted.reverse() } };
  }

  #list(user: User, query: URLSearchParams): Answer {
    const limit = Number(query.get("limit") ?? 50);
    const all = this.conversations(user.name);
    const after = query.get("after");
    const from = after === null ? 0 : all.findIndex(({ last_message }) => (last_message?.id ?? 0) < Number(after));
    const page = from < 0 ? [] : all.slice(from, from + limit);
    const last = page.at(-1)?.last_message?.id;
    const more = from >= 0 && from + limit < all.length;
    const link = `<http://inside.test/api/v1/conversation/?after=${last ?? 0}&limit=${limit}>; rel="next"`;
    return { status: 200, body: page, headers: more ? { Link: link } : {} };
  }
}

/** One connection, seen from both ends. */
class FakeSocket implements SocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  readonly #service: FakeService;
  readonly #user: User | undefined;
  /** Who is online, as far as it was told; also of those of whom it is told no more. */
  readonly #present = new Set<string>();
  #open = false;
  #over = false;

  constructor(service: FakeService, user: User | undefined) {
    this.#service = service;
    this.#user = user;
  }

  begin(after: string | null): void {
    const user = this.#user;
    if (this.#over || user === undefined) {
      return;
    }
    this.#open = true;
    const cursor = after === null ? user.last : Number(after);
    const beyond = cursor > user.last;
    const hello = { type: "hello", last: beyond ? user.last : cursor, user: user.name, ping: this.#service.ping };
    this.#deliver(hello, 1); // else there would be no connection
    if (beyond || cursor < user.pruned) {
      this.#deliver({ type: "reset", last: user.last }, 1);
    } else {
      user.feed.slice(cursor).forEach((event) => {
        this.tell(event);
      });
    }
    user.sockets.add(this);
    this.#service.tellPresence(user.name, this);
  }

  /** How things stand with somebody, if that is not what it was told; at first everybody is offline. */
  hear(presence: Presence): void {
    if (presence.online !== this.#present.has(presence.user)) {
      this.#tellOf(presence);
    }
  }

  /** The same of somebody of whom it may not have been told for a while: again, if they were online then. */
  meet(presence: Presence): void {
    if (presence.online || this.#present.has(presence.user)) {
      this.#tellOf(presence);
    }
  }

  /** What is state, and told over one connection, is not lost unless the connection is. */
  #tellOf(presence: Presence): void {
    this.#present[presence.online ? "add" : "delete"](presence.user);
    this.#deliver(presence, 1);
  }

  tell(frame: unknown): void {
    this.#service.faults.frame().forEach((delay) => {
      this.#deliver(frame, delay);
    });
  }

  refuse({ body }: Answer, clientId: unknown): void {
    this.tell({ ...(body as object), type: "error", client_id: clientId });
  }

  end(code?: number): void {
    const silent = code === undefined;
    this.#leave();
    if (!this.#over) {
      this.#over = true;
      if (!silent) {
        this.onclose?.({ code, reason: "" } as never);
      }
    }
  }

  send(data: string): void {
    if (this.#open && !this.#over) {
      this.#service.faults.sent().forEach((delay) => {
        this.#service.world.after(delay, () => {
          if (!this.#over && this.#user !== undefined) {
            this.#service.receive(this.#user, this, data);
          }
        });
      });
    }
  }

  close(): void {
    this.#over = true;
    this.#leave();
  }

  #leave(): void {
    if (this.#user?.sockets.delete(this)) {
      this.#service.tellPresence(this.#user.name);
    }
  }

  #deliver(frame: unknown, delay: number): void {
    const data = JSON.stringify(frame);
    this.#service.world.after(delay, () => {
      if (!this.#over) {
        this.onmessage?.({ data } as never);
      }
    });
  }
}

function isTo(name: string, from: string, to: string): boolean {
  return to === name && from !== name;
}

function problem(status: number, code: string, detail: string, more: object = {}): Answer {
  return { status, body: { type: "about:blank", title: code, status, detail, code, ...more } };
}

function response({ status, body, headers }: Answer): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: headers ?? {} });
}

import { ChatClient, isPassing, isSignedOut, type Requests, sameUser } from "@message-center/client";
import { belong } from "../route/use-route.js";
import { Chat, wakeable } from "./chat.js";
import { askBeforeLeaving } from "./leaving.js";
import { Signal } from "./signal.js";
import { type TabNews, Tabs } from "./tabs.js";
import { forgetOne, forgetOthers } from "./traces.js";

/** Why somebody is asked to sign in who did not sign out here. */
export type Notice = "ended" | "somebodyElse" | "passwordReset" | "erased";

export type SessionState =
  | { readonly name: "starting" }
  /** The service does not answer; asked again by itself. */
  | { readonly name: "unreachable" }
  /** The user is who is signed in in this browser instead, or else whose session has ended. */
  | { readonly name: "signedOut"; readonly notice?: Notice | undefined; readonly user?: string | undefined }
  | { readonly name: "signedIn"; readonly chat: Chat };

const AGAIN = 3_000;

/** So long a connection lasts, in milliseconds, before the other tabs are told that there is one to be had. */
const LASTING = 1_000;

/** Who is signed in in this tab: by the cookie, which no script sees, so the service is asked. */
export class Session {
  readonly client: ChatClient;
  readonly #wakes = new Set<() => void>();
  readonly #tabs = new Tabs();
  readonly #changed = new Signal();
  #state: SessionState = { name: "starting" };
  /** Of whoever is signed in or was so last: what the browser does not keep of theirs is kept here, until they are back. */
  #latest: Chat | undefined;
  #stopAsking: () => void = () => undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #told: ReturnType<typeof setTimeout> | undefined;
  /** Goes up with each question who is signed in, and each answer; what was asked before is of no interest then. */
  #turn = 0;

  /** @param url the service's address */
  constructor(url: string) {
    this.client = new ChatClient({ url, auth: "cookie", environment: wakeable(this.#wakes) });
    this.#tabs.onNews(({ type, user }) => {
      this.#heard(type, user);
    });
  }

  readonly subscribe = this.#changed.subscribe;

  get state(): SessionState {
    return this.#state;
  }

  /** Finds out who is signed in. */
  async start(): Promise<void> {
    clearTimeout(this.#again);
    const mine = ++this.#turn;
    try {
      const { username } = await this.client.accounts.me();
      if (mine === this.#turn) {
        await this.#begin(username);
      }
    } catch (failure) {
      if (mine !== this.#turn) {
        return;
      } else if (isSignedOut(failure)) {
        this.#become({ name: "signedOut" });
      } else {
        this.#become({ name: "unreachable" });
        if (isPassing(failure)) {
          this.#again = setTimeout(() => void this.start(), AGAIN);
        }
      }
    }
  }

  async signIn(username: string, password: string): Promise<void> {
    const session = await this.client.sessions.signIn(username, password);
    await this.#begun(session.username);
  }

  async signUp(username: string, password: string, email: string): Promise<void> {
    const account = { username, password, ...(email !== "" && { email }) };
    const session = await this.client.accounts.signUp(account);
    await this.#begun(session.username);
  }

  /** Rejects where the service cannot be told: then the session goes on, and nothing here pretends otherwise. */
  async signOut(): Promise<void> {
    await this.#leave((own) => own.sessions.signOut());
  }

  /** Erases the account. */
  async erase(password: string): Promise<void> {
    await this.#leave((own) => own.accounts.erase(password), "erased");
  }

  /**
   * A password was chosen anew by a mailed link, and every session of its owner has ended with it. If one goes on here, it is
   * somebody else's.
   */
  async passwordReset(): Promise<void> {
    if (this.#state.name === "signedIn") {
      await this.#state.chat.live.stop();
    }
    this.#become({ name: "signedOut", notice: "passwordReset", user: await this.#whose() });
  }

  async #begun(user: string): Promise<void> {
    this.#tabs.tell({ type: "signedIn", user });
    await this.#begin(user);
  }

  async #begin(user: string): Promise<void> {
    forgetOthers(user);
    belong(user);
    const latest = this.#latest;
    const chat = latest?.unkept === true && sameUser(latest.user, user) ? latest : this.#newChat(user);
    this.#latest = chat;
    this.#become({ name: "signedIn", chat });
    await chat.live.start();
  }

  #newChat(user: string): Chat {
    const chat = new Chat(user, this.client, this.#wakes);
    chat.live.onState(({ name }) => {
      if (name === "signedOut" && this.#isCurrent(chat)) {
        void this.#ended(chat);
      }
      clearTimeout(this.#told);
      if (name === "connected") {
        this.#told = setTimeout(() => {
          this.#tabs.tell({ type: "connected", user });
        }, LASTING);
      }
    });
    return chat;
  }

  /** Whoever chats here leaves, and leaves nothing behind; who has signed in meanwhile in another tab stays. */
  async #leave(ask: (own: Requests) => Promise<void>, notice?: Notice): Promise<void> {
    if (this.#state.name !== "signedIn") {
      return;
    }
    const { chat } = this.#state;
    await ask(chat.client);
    chat.forgotten = true;
    if (this.#isCurrent(chat)) {
      this.#become({ name: "signedOut", notice });
    }
    await chat.live.stop();
    this.#tabs.tell({ type: "signedOut", user: chat.user });
    forgetOne(chat.user);
    if (this.#latest === chat) {
      belong(undefined);
    }
  }

  /** The session has ended elsewhere, or it is somebody else's now. */
  async #ended(chat: Chat): Promise<void> {
    const user = await this.#whose();
    const other = user !== undefined && sameUser(user, chat.user) ? undefined : user;
    if (this.#isCurrent(chat)) {
      this.#become({
        name: "signedOut",
        notice: other === undefined ? "ended" : "somebodyElse",
        user: other ?? chat.user,
      });
    }
  }

  /** Whose session this browser has, if any, as far as the service says so. */
  async #whose(): Promise<string | undefined> {
    return this.client.accounts.me().then(
      ({ username }) => username,
      () => undefined,
    );
  }

  #heard(type: TabNews["type"], user: string): void {
    const state = this.#state;
    if (type === "connected") {
      if (state.name === "signedIn" && sameUser(state.chat.user, user) && state.chat.state.name !== "connected") {
        state.chat.wake();
      }
      return;
    }
    if (type === "signedOut" && this.#latest !== undefined && sameUser(this.#latest.user, user)) {
      // This tab may have seen by itself that the session is over, and have kept what was being written.
      this.#latest.forgotten = true;
      forgetOne(user);
      belong(undefined);
    }
    if (state.name === "signedIn" && sameUser(state.chat.user, user)) {
      if (type === "signedOut") {
        this.#become({ name: "signedOut" });
        void state.chat.live.stop();
      }
    } else if (type === "signedIn" && state.name === "signedIn") {
      this.#become({ name: "signedOut", notice: "somebodyElse", user });
      void state.chat.live.stop();
    } else if (type === "signedIn") {
      void this.start();
    }
  }

  #isCurrent(chat: Chat): boolean {
    return this.#state.name === "signedIn" && this.#state.chat === chat;
  }

  #become(state: SessionState): void {
    this.#turn++;
    this.#state = state;
    this.#stopAsking();
    this.#stopAsking = this.#latest === undefined ? () => undefined : askBeforeLeaving(this.#latest);
    this.#changed.now();
  }
}

import {
  ChatClient,
  type ChatEvent,
  ChatProblem,
  type LiveChat,
  type Message,
  type Presence,
} from "@message-center/client";
import { ChatModel } from "@message-center/client/model";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { begun, PASSWORD, signedUp as newcomer, SOON } from "./people.js";
import { Service } from "./service.js";

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});

afterAll(async () => {
  await service.close();
});

/** Somebody with an account, live, and all events that they were told. */
interface Somebody {
  readonly client: ChatClient;
  readonly name: string;
  readonly live: LiveChat;
  readonly events: ChatEvent[];
  readonly states: string[];
}

async function signedUp(name: string): Promise<Somebody> {
  const client = await newcomer(service, name);
  const live = client.live({ user: name, times: { longestWait: 500 } });
  const events: ChatEvent[] = [];
  const states: string[] = [];
  live.onState((state) => states.push(state.name));
  live.follow({ event: (event) => void events.push(event) });
  await begun(live);
  return { client, name, live, events, states };
}

function messages({ events }: Somebody): readonly Message[] {
  return events.filter((event) => event.type === "message.sent").map(({ message }) => message);
}

describe("against the service itself", () => {
  test("two people write to each other, and each is told of everything once", async () => {
    const alice = await signedUp("alice");
    const bob = await signedUp("bob");
    expect((await alice.client.people.list({ q: "bo" })).items).toEqual([{ username: "bob", online: true }]);
    const sent = await alice.live.send("bob", "hello").sent();
    await vi.waitFor(() => {
      expect(messages(bob)).toEqual([sent]);
    }, SOON);
    const answer = await bob.live.send("alice", "hello yourself").sent();
    const direct = await bob.client.messages.send({ recipient: "alice", body: "by request", client_id: "mine" });
    expect(await bob.client.messages.send({ recipient: "alice", body: "by request", client_id: "mine" })).toEqual(
      direct,
    );
    await vi.waitFor(() => {
      expect(messages(alice)).toEqual([sent, answer, direct]);
    }, SOON);
    expect((await alice.client.events.after(0)).events).toEqual(alice.events);
    expect((await alice.client.messages.with("bob", { limit: 2 })).results).toEqual([direct, answer]);
    expect(await alice.client.messages.find(sent.id)).toEqual(sent);
    await alice.live.stop();
    await bob.live.stop();
  });

  test("who is writing and who is there is told to those who talk, and to nobody who is blocked", async () => {
    const ivan = await signedUp("ivan");
    const judy = await signedUp("judy");
    const typing: string[] = [];
    const presence: Presence[] = [];
    ivan.live.onTyping(({ user }) => typing.push(user));
    ivan.live.onPresence((one) => presence.push(one));
    const model = new ChatModel(ivan.live);
    model.follow();
    await judy.live.send("ivan", "hello").sent();
    await model.load();
    await vi.waitFor(() => {
      expect(presence).toEqual([{ user: "judy", online: true, last_seen: null }]);
    }, SOON);
    for (let i = 0; i < 50; i++) {
      judy.live.typing("ivan");
    }
    await vi.waitFor(() => {
      expect(typing).toEqual(["judy"]);
      expect(model.isTyping("judy")).toBe(true);
    }, SOON);
    expect(model.conversations).toMatchObject([{ user: "judy", online: true }]);
    expect(await ivan.client.people.find("judy")).toEqual({ username: "judy", online: true, last_seen: null });

    await judy.live.stop();
    await vi.waitFor(() => {
      expect(presence).toMatchObject([{ online: true }, { user: "judy", online: false }]);
      expect(presence[1]?.last_seen).toMatch(/^20.*Z$/);
    }, SOON);
    expect(model.lastSeen("judy")).toBe(presence[1]?.last_seen);
    expect(await ivan.client.people.find("judy")).toEqual({
      username: "judy",
      online: false,
      last_seen: presence[1]?.last_seen,
    });
    await judy.client.people.block("ivan");
    expect(await ivan.client.people.find("judy")).toEqual({ username: "judy", online: false, last_seen: null });
    await ivan.live.stop();
  });

  test("people page by page", async () => {
    const me = await signedUp("page-one");
    const some: Somebody[] = [me, await signedUp("page-two"), await signedUp("page-three")];
    const first = await me.client.people.list({ q: "page-", limit: 1 });
    const second = await first.next?.();
    expect(first.items.concat(second?.items ?? []).map(({ username }) => username)).toEqual(["page-three", "page-two"]);
    expect(second?.next).toBeUndefined();
    for (const { live } of some) {
      await live.stop();
    }
  });

  test("messages are found by their words, page by page", async () => {
    const ken = await signedUp("ken");
    const liz = await signedUp("liz");
    for (const body of ["Tea at four?", "Coffee", "Tea, or 東京の茶?"]) {
      await ken.client.messages.send({ recipient: "liz", body });
    }
    const first = await liz.client.messages.search("te", { limit: 1 });
    const second = await first.next?.();
    expect(first.items.concat(second?.items ?? []).map(({ body }) => body)).toEqual([
      "Tea, or 東京の茶?",
      "Tea at four?",
    ]);
    expect(second?.next).toBeUndefined();
    expect((await ken.client.messages.search("東京", { target: "liz" })).items).toEqual(first.items);
    await expect(liz.client.messages.search("?")).rejects.toMatchObject({
      fieldErrors: { q: ["There is no word to search for."] },
    });
    await ken.live.stop();
    await liz.live.stop();
  });

  test("nothing is read or sent in the name of whoever is signed in instead", async () => {
    const nina = await newcomer(service, "nina");
    const olaf = await newcomer(service, "olaf");
    await olaf.messages.send({ recipient: "nina", body: "for nina" });
    let { token } = await nina.sessions.signIn("nina", PASSWORD);
    const client = new ChatClient({
      url: service.url,
      token: () => token,
      sockets: () => {
        throw new Error("no WebSocket gets through");
      },
    });
    const live = client.live({ user: "NINA", times: { longestWait: 500 } });
    const model = new ChatModel(live);
    model.follow();
    await live.start();
    await live.send("olaf", "from nina").sent();
    await model.open("olaf");
    const shown = model.messages("olaf");
    expect(shown.map(({ body }) => body)).toEqual(["for nina", "from nina"]);

    ({ token } = await olaf.sessions.signIn("olaf", PASSWORD));
    const outgoing = live.send("nina", "from nina, too");
    await expect(model.open("nina")).rejects.toMatchObject({ status: 401, code: "not_signed_in" });
    await vi.waitFor(() => {
      expect(live.state.name).toBe("signedOut");
    }, SOON);
    expect([outgoing.state, model.messages("olaf"), model.messages("nina")]).toEqual(["pending", shown, []]);
    expect((await nina.messages.with("olaf")).results).toHaveLength(2);
    expect((await client.accounts.me()).username).toBe("olaf");
  });

  test("what the service refuses is told as it says it", async () => {
    const dave = await signedUp("dave");
    const erin = await signedUp("erin");
    await erin.client.people.block("dave");
    expect(await erin.client.people.blocked()).toEqual([{ username: "dave" }]);
    await vi.waitFor(() => {
      expect(erin.events.map(({ type }) => type)).toEqual(["user.blocked"]);
    }, SOON);
    await expect(dave.live.send("erin", "hello").sent()).rejects.toMatchObject({ status: 403, code: "forbidden" });
    await expect(dave.live.send("erin", "").sent()).rejects.toMatchObject({
      status: 400,
      fieldErrors: { body: ["This field may not be blank."] },
    });
    await expect(dave.client.messages.find(999_999)).rejects.toMatchObject({ status: 404, code: "not_found" });
    await expect(dave.client.sessions.signIn("dave", "wrong")).rejects.toMatchObject({ status: 401 });
    await expect(dave.client.accounts.signUp({ username: "ERIN", password: PASSWORD })).rejects.toMatchObject({
      status: 409,
      code: "username_taken",
    });
    await expect(dave.client.events.after(10_000)).rejects.toMatchObject({
      status: 400,
      fieldErrors: { after: [expect.any(String)] },
    });
    await dave.live.stop();
    await erin.live.stop();
  });

  test("an account is changed, exported and erased", async () => {
    const grace = await signedUp("grace");
    const heidi = await signedUp("heidi");
    await heidi.live.send("grace", "keep this").sent();
    const { accounts } = grace.client;
    expect(await accounts.setEmail("grace@chat.test")).toMatchObject({ username: "grace", email: "grace@chat.test" });
    expect(await accounts.setEmail(null)).toEqual(await accounts.me());
    await accounts.changePassword(PASSWORD, "quite another one");
    await expect(accounts.changePassword(PASSWORD, "a third long one")).rejects.toBeInstanceOf(ChatProblem);
    await accounts.forgotPassword({ username: "grace" });
    const exported = JSON.parse(await new Response(await accounts.export()).text()) as Record<string, unknown>;
    expect(exported).toMatchObject({ account: { username: "grace" }, messages: [{ body: "keep this" }] });

    await expect(heidi.client.administration.list()).rejects.toMatchObject({ status: 403 });
    await expect(accounts.erase(PASSWORD)).rejects.toMatchObject({
      status: 400,
      fieldErrors: { password: [expect.any(String)] },
    });
    await accounts.erase("quite another one");
    await vi.waitFor(() => {
      expect(grace.live.state.name).toBe("signedOut");
    }, SOON);
    await expect(grace.client.sessions.signIn("grace", "quite another one")).rejects.toMatchObject({ status: 401 });
    await heidi.live.stop();
  });

  test("a session that is ended elsewhere signs out", async () => {
    const frank = await signedUp("frank");
    const elsewhere = new ChatClient({ url: service.url });
    await elsewhere.sessions.signIn("frank", PASSWORD);
    expect(await elsewhere.sessions.list()).toHaveLength(2);
    await elsewhere.sessions.endOthers();
    await vi.waitFor(() => {
      expect(frank.live.state.name).toBe("signedOut");
    }, SOON);
    await frank.client.sessions.signIn("frank", PASSWORD);
    await frank.live.start();
    await vi.waitFor(() => {
      expect(frank.live.state.name).toBe("connected");
    }, SOON);
    await frank.client.sessions.signOut();
    await vi.waitFor(() => {
      expect(frank.live.state.name).toBe("signedOut");
    }, SOON);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "the service ends by %s and comes back while both write: nothing is lost or doubled",
    async (signal) => {
      const one = await signedUp(`one-${signal.toLowerCase()}`);
      const other = await signedUp(`other-${signal.toLowerCase()}`);
      const written: string[] = [];
      const write = (count: number): void => {
        for (let i = 0; i < count; i++) {
          const body = `message ${written.length + 1}`;
          written.push(body);
          one.live.send(other.name, body);
          other.live.send(one.name, body);
        }
      };
      write(100);
      await vi.waitFor(() => {
        expect(one.events.length).toBeGreaterThan(20);
      }, SOON);
      await service.end(signal);
      await vi.waitFor(() => {
        expect(one.live.state.name).not.toBe("connected");
        expect(other.live.state.name).not.toBe("connected");
      }, SOON);
      write(50);
      service = await service.restart();
      write(50);
      await vi.waitFor(() => {
        expect(one.live.outgoing).toEqual([]);
        expect(other.live.outgoing).toEqual([]);
        expect(messages(one)).toHaveLength(2 * written.length);
        expect(messages(other)).toHaveLength(2 * written.length);
      }, SOON);
      for (const who of [one, other]) {
        expect(who.events.map(({ seq }) => seq)).toEqual(written.concat(written).map((_, i) => i + 1));
        for (const sender of [one.name, other.name]) {
          const said = messages(who).filter(({ user }) => user === sender);
          expect(said.map(({ body }) => body)).toEqual(written);
        }
        expect(who.states.filter((state) => state === "connected").length).toBeGreaterThanOrEqual(2);
      }
      await one.live.stop();
      await other.live.stop();
    },
  );
});

import fc from "fast-check";
import type { Conversation } from "@message-center/client";
import { ChatModel } from "@message-center/client/model";
import { describe, expect, test } from "vitest";
import { type CursorStorage, MemoryCursorStorage } from "../src/live/cursor-storage.js";
import { Chat, range } from "./support/chat.js";
import { FakeService, NO_FAULTS } from "./support/fake-service.js";
import { World } from "./support/world.js";

async function following(
  chat: FakeService,
  user = "me",
  cursors: CursorStorage = new MemoryCursorStorage(),
): Promise<{ chat: Chat; model: ChatModel }> {
  const me = new Chat(chat, user, { cursors });
  const model = new ChatModel(me.live, chat.world);
  model.follow();
  await me.live.start();
  await chat.world.pass(100);
  return { chat: me, model };
}

describe("the model", () => {
  test("loads, and is kept up", async () => {
    const service = new FakeService(new World(), "me", "alice", "bob");
    service.send("alice", "me", "one");
    service.send("bob", "me", "two");
    const { model } = await following(service);
    let changes = 0;
    const stop = model.onChange(() => changes++);
    expect(model.conversations).toEqual(service.conversations("me"));
    expect(model.messages("alice")).toEqual([]);
    void model.open("alice");
    await service.world.pass(10);
    const { id } = service.send("alice", "me", "three");
    service.send("me", "alice", "four");
    service.change(id, "edited");
    service.change(1, undefined);
    service.mark("read", "me", "alice", 2);
    service.mark("read", "alice", "me", 4);
    service.mark("delivered", "bob", "me", 1);
    service.block("me", "bob", true);
    await service.world.pass(100);
    expect(model.conversations).toEqual(service.conversations("me"));
    expect(model.conversations.map(({ user, unread, blocked }) => [user, unread, blocked])).toEqual([
      ["alice", 0, false],
      ["bob", 1, true],
    ]);
    expect(model.messages("alice")).toEqual(service.conversation("me", "alice"));
    expect(changes).toBeGreaterThan(0);
    stop();
    model.close("alice");
    expect(model.messages("alice")).toEqual([]);
  });

  test("loads older messages, and further conversations", async () => {
    const names = range(1, 70).map((i) => `user${i}`);
    const service = new FakeService(new World(), "me", ...names);
    names.forEach((name) => service.send(name, "me", "hello"));
    range(1, 120).forEach((i) => service.send("user1", "me", `message ${i}`));
    const { model } = await following(service);
    expect(model.conversations).toHaveLength(50);
    expect(model.hasMore).toBe(true);
    void model.more();
    await service.world.pass(10);
    expect(model.conversations).toEqual(service.conversations("me"));
    expect(model.hasMore).toBe(false);

    void model.open("user1");
    await service.world.pass(10);
    expect(model.messages("USER1").map(({ seq }) => seq)).toEqual(range(107, 121)); // as many as the service likes
    expect(model.hasOlder("user1")).toBe(true);
    void model.older("user1");
    void model.older("user1");
    void model.older("user1");
    await service.world.pass(10);
    expect(model.messages("user1")).toEqual(service.conversation("me", "user1"));
    expect(model.hasOlder("user1")).toBe(false);
  });

  describe("of a conversation that the list is not loaded down to", () => {
    const names = range(1, 120).map((i) => `user${i}`);
    const LISTED = "GET /api/v1/conversation/?limit=50";
    const FOUND = "GET /api/v1/conversation/user1/";

    /** The oldest conversation has 41 messages, of which the last one is mine. */
    async function farDown(): Promise<{ service: FakeService; model: ChatModel; requests: () => string[] }> {
      const service = new FakeService(new World(), "me", "nobody", ...names);
      range(1, 40).forEach((i) => service.send("user1", "me", `message ${i}`));
      service.send("me", "user1", "mine");
      names.slice(1).forEach((name) => service.send(name, "me", "hello"));
      const { model } = await following(service);
      service.requests.length = 0;
      return {
        service,
        model,
        requests: () => service.requests.splice(0).filter((one) => !one.endsWith("/account/")),
      };
    }

    /** Whatever is loaded, it is as the service has it; the list has no gap, and nobody is in it and beside it. */
    function expectAsIs({ service, model }: { service: FakeService; model: ChatModel }): void {
      const all = service.conversations("me");
      const listed = model.conversations;
      expect(listed).toEqual(all.slice(0, listed.length));
      expect(model.hasMore).toBe(listed.length < all.length);
      for (const one of model.aside) {
        expect(one).toEqual(all.find(({ user }) => user === one.user));
        expect(listed.map(({ user }) => user)).not.toContain(one.user);
      }
    }

    test.each([
      ["open", "GET /api/v1/message/?target=user1"],
      ["openAt", "GET /api/v1/message/?target=user1&before=67&limit=51"],
    ] as const)("%s asks for it and for its messages, at once and for nothing else", async (how, messages) => {
      const there = await farDown();
      const { service, model, requests } = there;
      const open = (): Promise<void> => (how === "open" ? model.open("user1") : model.openAt("user1", 40));
      expect(model.conversation("user1")).toBeUndefined();
      service.faults = { ...NO_FAULTS, request: () => ({ delay: 100, fate: "answered" }) };
      const opening = open();
      await service.world.pass(10); // no answer has come yet
      const asked = requests();
      expect(asked.sort()).toEqual([FOUND, messages].sort());
      await service.world.pass(100);
      await opening;
      expect(requests()).toEqual([]);
      expect(model.conversation("USER1")).toMatchObject({
        unread: 40,
        last_message: { body: "mine" },
        peer_read_upto: 0,
      });
      expect(model.aside).toEqual([model.conversation("user1")]);
      expect(model.messages("user1")).toEqual(service.conversation("me", "user1").slice(how === "open" ? -15 : 0));
      expect(model.conversations).toHaveLength(50);
      expectAsIs(there);

      service.faults = NO_FAULTS;
      model.close("user1");
      void open();
      void model.find("user1");
      await service.world.pass(10);
      expect(requests()).toEqual([messages]); // the conversation was kept up meanwhile
    });

    test("openAt goes to a place that depends on it where the newest messages do not reach down to that", async () => {
      const there = await farDown();
      const { service, model, requests } = there;
      const seen = new Map<string | undefined, number | undefined>();
      const firstUnread = (conversation: Conversation | undefined): number | undefined => {
        seen.set(conversation?.user, conversation?.unread);
        return conversation && conversation.read_upto + 1;
      };
      void model.openAt("user1", firstUnread);
      void model.openAt("nobody", firstUnread);
      void model.openAt("user120", firstUnread);
      await service.world.pass(10);
      expect(requests().sort()).toEqual([
        "GET /api/v1/conversation/nobody/",
        FOUND,
        "GET /api/v1/message/?target=nobody",
        "GET /api/v1/message/?target=user1",
        "GET /api/v1/message/?target=user1&before=28&limit=51",
        "GET /api/v1/message/?target=user120",
      ]);
      expect(Object.fromEntries(seen)).toEqual({ user1: 40, undefined: undefined, user120: 1 });
      expect(model.messages("user1")).toEqual(service.conversation("me", "user1").slice(0, 26));
      expect([model.hasNewer("user1"), model.isOpen("nobody")]).toEqual([true, true]);
      expectAsIs(there);
    });

    test("what happens in it changes it where it is", async () => {
      const there = await farDown();
      const { service, model, requests } = there;
      void model.find("user1");
      await service.world.pass(10);
      expect(requests()).toEqual([FOUND]);

      service.mark("read", "user1", "me", 41);
      service.block("me", "user1", true);
      service.change(41, "better");
      service.change(3, "even better");
      await service.world.pass(10);
      expect(requests()).toEqual([]);
      expect(model.conversation("user1")).toMatchObject({
        peer_read_upto: 41,
        peer_delivered_upto: 41,
        blocked: true,
        last_message: { body: "better" },
      });
      service.mark("read", "me", "user1", 30); // elsewhere
      service.change(35, undefined);
      await service.world.pass(10);
      expect(requests()).toEqual([FOUND, FOUND]); // how many are unread now
      expect(model.conversation("user1")).toMatchObject({ read_upto: 30, unread: 9 });
      service.change(41, undefined);
      service.mark("read", "me", "user1", 41);
      service.block("me", "user1", false);
      await service.world.pass(10);
      expect(requests()).toEqual([]);
      expect(model.conversation("user1")).toMatchObject({
        read_upto: 41,
        unread: 0,
        blocked: false,
        last_message: { deleted: true },
      });
      expect(model.aside).toHaveLength(1);
      expectAsIs(there);
    });

    test("whoever is below those of whom the connection tells is not shown as there", async () => {
      const service = new FakeService(new World(), "me", ...names);
      names.forEach((name) => service.send(name, "me", "hello"));
      for (const name of ["user1", "user20", "user21"]) {
        await Chat.connected(service, name);
      }
      const { model } = await following(service);
      const online = (): (boolean | undefined)[] =>
        ["user1", "user20", "user21"].map((name) => model.conversation(name)?.online);
      void model.open("user1");
      await service.world.pass(10);
      expect(online()).toEqual([false, undefined, undefined]);
      expect(["user1", "USER71", "user120"].map((name) => model.watches(name))).toEqual([false, true, true]);

      void model.more();
      void model.more();
      await service.world.pass(10);
      expect(model.hasMore).toBe(false);
      expect(online()).toEqual([false, false, true]);
      expect(["user20", "user21"].map((name) => model.watches(name))).toEqual([false, true]);
      service.send("me", "me", "a note, which nobody falls out for");
      await service.world.pass(10);
      expect(online()).toEqual([false, false, true]);
      service.send("me", "user1", "hello");
      await service.world.pass(10);
      expect(online()).toEqual([true, false, false]);
      expect(["user1", "user21"].map((name) => model.isOnline(name))).toEqual([true, undefined]);
      service.close("me", 1001);
      await service.world.pass(10_000);
      expect(online()).toEqual([true, false, false]);
    });

    test("whoever comes among those while there is no connection is shown as they are then", async () => {
      const { service, model } = await farDown();
      const old = await Chat.connected(service, "user1");
      service.send("user1", "me", "I am there");
      await service.world.pass(10_000);
      expect(model.conversations[0]).toMatchObject({ user: "user1", online: true });
      names.slice(1).forEach((name) => service.send(name, "me", "hello again"));
      await service.world.pass(1_000);
      void model.more();
      void model.more();
      await service.world.pass(10);
      expect(model.conversations.at(-1)).toMatchObject({ user: "user1", online: false });
      service.down = true;
      service.close("me", 1006);
      await old.live.stop();
      service.send("user1", "me", "I have gone");
      await service.world.pass(10_000);
      service.down = false;
      await service.world.pass(60_000);
      expect(model.conversations[0]).toMatchObject({ user: "user1", online: false });
    });

    test.each(["user1", "me"])("a message from %s takes it to the top of the list", async (sender) => {
      const there = await farDown();
      const { service, model, requests } = there;
      void model.open("user1");
      await service.world.pass(10);
      requests();
      service.send(sender, sender === "me" ? "user1" : "me", "another one");
      await service.world.pass(10);
      expect(requests()).toEqual([]);
      expect(model.aside).toEqual([]);
      expect(model.conversations[0]).toMatchObject({ user: "user1", unread: sender === "me" ? 40 : 41 });
      expect(model.conversations).toHaveLength(51);
      expectAsIs(there);
      void model.more();
      void model.more();
      await service.world.pass(10);
      expect(model.conversations).toEqual(service.conversations("me"));
    });

    test("a message that the list has not got yet asks for that conversation alone", async () => {
      const there = await farDown();
      const { service, model, requests } = there;
      service.send("user2", "me", "one");
      service.send("nobody", "me", "the first one");
      service.send("user2", "me", "two");
      await service.world.pass(10);
      expect(requests()).toEqual(["GET /api/v1/conversation/user2/", "GET /api/v1/conversation/nobody/"]);
      expect(model.conversations).toHaveLength(52);
      expect(model.conversations.slice(0, 3).map(({ user }) => user)).toEqual(["user2", "nobody", "user120"]);
      expectAsIs(there);
    });

    test("the list takes it in when it is loaded so far", async () => {
      const there = await farDown();
      const { service, model, requests } = there;
      void model.find("user1");
      void model.find("user30");
      void model.more();
      await service.world.pass(10);
      expect(model.aside.map(({ user }) => user)).toEqual(["user1"]);
      expectAsIs(there);
      void model.more();
      await service.world.pass(10);
      expect(model.aside).toEqual([]);
      expect(model.conversations).toEqual(service.conversations("me"));
      requests();
      void model.find("user1");
      void model.find("nobody"); // there are no others
      await service.world.pass(10);
      expect(requests()).toEqual([]);
    });

    test("after a reset it is there if it is open, and otherwise until it is asked for", async () => {
      const there = await farDown();
      const { service, model, requests } = there;
      void model.open("user1");
      void model.find("user2");
      await service.world.pass(10);
      expect(model.aside).toHaveLength(2);
      requests();
      service.close("me", 1006);
      service.mark("read", "me", "user1", 20);
      service.mark("read", "me", "user2", 1);
      service.prune("me", 0);
      const seen: unknown[] = [];
      model.onChange(() => seen.push(model.conversation("user1")?.user));
      await service.world.pass(10_000);
      expect(requests().filter((one) => one.includes("/conversation/"))).toEqual([LISTED, FOUND]);
      expect(model.aside).toMatchObject([{ user: "user1", unread: 20 }]);
      expect(new Set(seen)).toEqual(new Set(["user1"]));
      expectAsIs(there);
      void model.find("user2");
      await service.world.pass(10);
      expect(model.conversation("user2")).toMatchObject({ unread: 0 });

      service.close("me", 1006);
      service.send("user1", "me", "at the top");
      service.prune("me", 0);
      await service.world.pass(10_000);
      expect(requests().filter((one) => one === FOUND)).toEqual([]);
      expect(model.aside).toEqual([]);
      expect(model.conversations[0]).toMatchObject({ user: "user1", unread: 21 });
    });

    test("what is closed while it is loaded afresh stays closed", async () => {
      const { service, model } = await farDown();
      void model.open("user1");
      await service.world.pass(10);
      service.faults = { ...NO_FAULTS, request: () => ({ delay: 100, fate: "answered" }) };
      void model.load();
      await service.world.pass(250); // it waits for the conversation
      model.close("user1");
      await service.world.pass(1_000);
      expect(model.isOpen("user1")).toBe(false);
      expect(model.aside).toEqual([]);
    });

    test("there is none with somebody to whom nothing was said", async () => {
      const { service, model, requests } = await farDown();
      void model.open("nobody");
      await service.world.pass(10);
      expect(requests().sort()).toEqual(["GET /api/v1/conversation/nobody/", "GET /api/v1/message/?target=nobody"]);
      expect(model.isOpen("nobody")).toBe(true);
      expect(model.conversation("nobody")).toBeUndefined();
      service.intercept = (_, path) => (path.endsWith("/user9/") ? new Response("{}", { status: 503 }) : undefined);
      const opening = model.open("user9");
      const refused = expect(opening).rejects.toMatchObject({ status: 503 });
      await service.world.pass(10);
      await refused;
      expect(model.isOpen("user9")).toBe(false);
    });
  });

  test("missed messages leave the list as a fresh load has it, in whatever order they came", async () => {
    const names = range(1, 60).map((i) => `user${i}`);
    const service = new FakeService(new World(), "me", ...names);
    names.forEach((name) => service.send(name, "me", "hello"));
    const { model } = await following(service);
    service.close("me", 1006);
    ["user2", "user60", "user3", "user2", "user40", "user1", "user3", "user60"].forEach((name, i) => {
      service.send(name, "me", `missed ${i}`);
    });
    await service.world.pass(10_000);
    expect(model.conversations.slice(0, 6).map(({ user }) => user)).toEqual([
      "user60",
      "user3",
      "user1",
      "user40",
      "user2",
      "user59",
    ]);
    expect(model.conversations).toEqual(service.conversations("me").slice(0, 53));
  });

  describe("with a cursor that was kept", () => {
    const names = range(1, 60).map((i) => `user${i}`);

    /** A model has followed before, and is gone. */
    async function before(): Promise<[FakeService, CursorStorage]> {
      const service = new FakeService(new World(), "me", "nobody", ...names);
      names.forEach((name) => service.send(name, "me", "hello"));
      const cursors = new MemoryCursorStorage();
      const { chat } = await following(service, "me", cursors);
      await chat.live.stop();
      service.requests.length = 0;
      return [service, cursors];
    }

    test("loads at the beginning, before it takes in what was missed", async () => {
      const [service, cursors] = await before();
      const idle = await following(service, "me", cursors);
      expect(idle.chat.starts).toEqual([]);
      expect(idle.model.conversations).toEqual(service.conversations("me").slice(0, 50));
      expect(idle.model.hasMore).toBe(true);
      await idle.chat.live.stop();

      service.send("user1", "me", "missed");
      service.send("me", "user30", "said elsewhere");
      service.mark("read", "me", "user1", 2);
      service.requests.length = 0;
      const { chat, model } = await following(service, "me", cursors);
      expect(model.conversations).toEqual(service.conversations("me").slice(0, 50));
      expect(service.requests.filter((one) => one.includes("/conversation/"))).toHaveLength(1);
      service.send("user2", "me", "live");
      await service.world.pass(10);
      expect(model.conversations).toEqual(service.conversations("me").slice(0, 51));
      await chat.live.stop();
    });

    test("loads as soon as that can be done", async () => {
      const [service, cursors] = await before();
      service.intercept = (_, path) =>
        path.includes("/conversation/")
          ? new Response("{}", { status: 503, headers: { "Retry-After": "7" } })
          : undefined;
      const { chat, model } = await following(service, "me", cursors);
      service.intercept = () => undefined;
      await service.world.pass(6_000);
      expect(model.conversations).toEqual([]);
      await service.world.pass(2_000);
      expect(model.conversations).toEqual(service.conversations("me").slice(0, 50));
      await chat.live.stop();
      expect(service.world.timers).toBe(0);
    });

    test("what could not be loaded before the first event holds that up", async () => {
      const [service, cursors] = await before();
      service.send("user1", "me", "missed");
      service.intercept = (_, path) => (path.includes("/block/") ? new Response("{}", { status: 502 }) : undefined);
      const { chat, model } = await following(service, "me", cursors);
      expect(chat.live.halted).toBe(true);
      service.intercept = () => undefined;
      await service.world.pass(10_000);
      expect(chat.live.halted).toBe(false);
      expect(model.conversations).toEqual(service.conversations("me").slice(0, 50));
    });
  });

  test("finds and opens before anything is loaded, and has that still once it is", async () => {
    const names = range(1, 60).map((i) => `user${i}`);
    const service = new FakeService(new World(), "me", "nobody", ...names);
    names.forEach((name) => service.send(name, "me", "hello"));
    const me = new Chat(service, "me");
    const model = new ChatModel(me.live, service.world);
    model.follow();
    void model.find("user1");
    void model.open("user2");
    void model.find("nobody");
    await service.world.pass(10);
    expect(model.conversation("user1")?.user).toBe("user1");
    expect(model.conversation("user2")?.user).toBe("user2");
    expect(model.messages("user2")).toHaveLength(1);
    service.mark("read", "me", "user1", 1);
    service.send("user2", "me", "unheard");
    await me.live.start();
    await service.world.pass(100);
    expect(model.conversation("user1")).toEqual(service.conversations("me").find(({ user }) => user === "user1"));
    expect(model.messages("user2")).toEqual(service.conversation("me", "user2"));
    expect(model.aside).toMatchObject([{ user: "user1", unread: 0 }]);

    const other = new ChatModel(me.live, service.world);
    void other.more();
    void other.more();
    await service.world.pass(10);
    expect(other.conversations).toEqual(service.conversations("me"));
  });

  describe("once the cookie is somebody else's, while the connection is still mine,", () => {
    function mine(): { service: FakeService; me: Chat; model: ChatModel } {
      const service = new FakeService(new World(), "me", "alice", "bob");
      service.cookie = "me";
      service.send("alice", "me", "for me");
      service.send("alice", "bob", "for bob only");
      const me = new Chat(service, "me", { auth: "cookie" });
      const model = new ChatModel(me.live, service.world);
      return { service, me, model };
    }

    const shown = (model: ChatModel): unknown => [
      model.conversations.map(({ last_message }) => last_message?.body),
      model.messages("alice").map(({ body }) => body),
    ];

    test.each([
      ["opens a conversation", (model: ChatModel) => model.open("alice")],
      ["opens one at a place", (model: ChatModel) => model.openAt("alice", 1)],
      ["loads all afresh", (model: ChatModel) => model.load()],
      [
        "edits a message",
        (model: ChatModel) => model.edit(model.conversations[0]?.last_message ?? expect.fail(), "edited"),
      ],
      ["unsends one", (model: ChatModel) => model.unsend(model.conversations[0]?.last_message ?? expect.fail())],
    ])("it has nothing of theirs, and I am signed out, when it %s", async (_, ask) => {
      const { service, me, model } = mine();
      model.follow();
      await me.live.start();
      await service.world.pass(100);
      expect(shown(model)).toEqual([["for me"], []]);
      service.cookie = "bob"; // in another tab
      const asked = ask(model);
      await Promise.all([expect(asked).rejects.toMatchObject({ status: 401 }), service.world.pass(10)]);
      expect(shown(model)).toEqual([["for me"], []]);
      expect(me.live.state.name).toBe("signedOut");
      expect(service.messages.map(({ body }) => body)).toEqual(["for me", "for bob only"]);
    });

    test("so when an event makes it ask", async () => {
      const { service, me, model } = mine();
      model.follow();
      await me.live.start();
      await service.world.pass(100);
      service.cookie = "bob";
      service.send("bob", "me", "the first from bob");
      await service.world.pass(100);
      expect(shown(model)).toEqual([["for me"], []]);
      expect(me.live.state.name).toBe("signedOut");

      service.cookie = "me";
      await me.live.start();
      await service.world.pass(100);
      expect(shown(model)).toEqual([["the first from bob", "for me"], []]);
    });

    test("so when it loads for the first time, and alone", async () => {
      const { service } = mine();
      const cursors = new MemoryCursorStorage();
      const chat = new Chat(service, "me", { auth: "cookie", cursors });
      const model = new ChatModel(chat.live, service.world);
      cursors.save(chat.key, 1);
      model.follow();
      chat.live.onState(({ name }) => {
        if (name === "connected") {
          service.cookie = "bob";
        }
      });
      await chat.live.start();
      await service.world.pass(100);
      expect(chat.live.state.name).toBe("signedOut");
      const alone = new ChatModel(chat.live, service.world);
      await Promise.all([expect(alone.load()).rejects.toMatchObject({ status: 401 }), service.world.pass(10)]);
      expect([shown(model), shown(alone)]).toEqual([
        [[], []],
        [[], []],
      ]);
    });
  });

  test("knows whom I block, whether or not there is a conversation", async () => {
    const service = new FakeService(new World(), "me", "alice", "bob");
    service.block("me", "alice", true);
    const { model } = await following(service);
    expect([model.isBlocked("ALICE"), model.isBlocked("bob")]).toEqual([true, false]);
    service.block("me", "bob", true);
    service.block("me", "alice", false);
    await service.world.pass(10);
    expect([model.isBlocked("alice"), model.isBlocked("bob")]).toEqual([false, true]);
    service.close("me", 1006);
    service.block("me", "bob", false);
    service.prune("me", 0);
    await service.world.pass(10_000); // comes back after a reset
    expect(model.isBlocked("bob")).toBe(false);
  });

  test("what is closed while it is being opened stays closed, and can be opened again", async () => {
    const service = new FakeService(new World(), "me", "alice");
    service.send("alice", "me", "hello");
    const { model } = await following(service);
    service.faults = { ...NO_FAULTS, request: () => ({ delay: 100, fate: "answered" }) };
    void model.open("alice");
    await service.world.pass(50); // it is being asked for
    void model.openAt("alice", 1);
    model.close("ALICE");
    await service.world.pass(500);
    expect(model.isOpen("alice")).toBe(false);

    void model.open("alice");
    model.close("alice");
    void model.open("alice");
    await service.world.pass(500);
    expect(model.messages("alice")).toHaveLength(1);
  });

  describe("while an answer is long in coming", () => {
    const SLOW = 10_000;
    /** By then the service has answered, and nothing of that has come yet. */
    const ANSWERED = SLOW / 2 + 1_000;

    /** Whatever is asked for is slow where it says so, and answered as things stood when it was asked. */
    async function slowly(slow: (path: string) => boolean): Promise<{ service: FakeService; model: ChatModel }> {
      const service = new FakeService(new World(), "me", "alice", "bob", ...range(1, 60).map((i) => `user${i}`));
      range(1, 60).forEach((i) => service.send(`user${i}`, "me", "hello"));
      range(1, 200).forEach((i) => service.send("alice", "me", `message ${i}`));
      const { model } = await following(service);
      service.faults = {
        ...NO_FAULTS,
        request: (path) => ({ delay: slow(path) ? SLOW : 1, fate: "answered" }),
      };
      return { service, model };
    }

    const seqs = (model: ChatModel): number[] => model.messages("alice").map(({ seq }) => seq);

    test("what is heard is shown at once, and is in the answer, too", async () => {
      const { service, model } = await slowly((path) => path.includes("target=alice"));
      const opening = Promise.all([model.open("alice"), model.open("bob")]);
      await service.world.pass(ANSWERED);
      service.send("bob", "me", "at once");
      service.send("alice", "me", "message 201");
      service.send("me", "alice", "message 202");
      service.change(service.send("alice", "me", "message 203").id, "edited");
      service.change(service.messages.find(({ seq, user }) => seq === 200 && user === "alice")?.id ?? 0, undefined);
      await service.world.pass(100);
      expect(model.messages("bob").map(({ body }) => body)).toEqual(["at once"]);
      expect(model.conversations).toEqual(service.conversations("me").slice(0, model.conversations.length));
      expect(model.isOpen("alice")).toBe(false);
      await Promise.all([opening, service.world.pass(SLOW)]);
      expect(model.messages("alice")).toEqual(service.conversation("me", "alice").slice(-18));
    });

    test("older and newer messages, and further conversations, are as they are by then", async () => {
      let slow = false;
      const { service, model } = await slowly(() => slow);
      await Promise.all([model.openAt("alice", 175), service.world.pass(100)]);
      expect(seqs(model)).toEqual(range(151, 200).slice(0, seqs(model).length));
      slow = true;
      const asked = Promise.all([model.older("alice"), model.more()]);
      await service.world.pass(ANSWERED);
      const first = service.messages.find(({ seq, user }) => seq === 110 && user === "alice")?.id ?? 0;
      service.change(first, "edited");
      service.mark("read", "user3", "me", 1); // of those that are being asked for
      service.send("user5", "me", "hello again");
      await service.world.pass(100);
      await Promise.all([asked, service.world.pass(2 * SLOW)]);
      expect(model.messages("alice").find(({ id }) => id === first)?.body).toBe("edited");
      expect(model.conversations).toEqual(service.conversations("me"));

      slow = false;
      await Promise.all([model.openAt("alice", 100), service.world.pass(100)]);
      await Promise.all([model.newer("alice"), service.world.pass(100)]);
      expect([seqs(model).at(-1), model.hasNewer("alice")]).toEqual([175, true]);
      slow = true;
      const newer = model.newer("alice");
      await service.world.pass(ANSWERED);
      service.send("alice", "me", "message 201");
      service.send("alice", "me", "message 202");
      await Promise.all([newer, service.world.pass(2 * SLOW)]);
      expect(model.hasNewer("alice")).toBe(false);
      expect(model.messages("alice")).toEqual(service.conversation("me", "alice").slice(75));
    });

    test("a conversation that is found is as it is by then", async () => {
      const { service, model } = await slowly((path) => /\/user[35]\/$/.test(path));
      const finding = Promise.all([model.find("user3"), model.find("user5")]);
      await service.world.pass(ANSWERED);
      service.mark("read", "me", "user3", 1);
      service.send("user5", "me", "hello again");
      await Promise.all([finding, service.world.pass(3 * SLOW)]);
      expect(model.aside.map(({ user }) => user)).toEqual(["user3"]);
      expect(model.conversation("user3")).toEqual(service.conversations("me").find(({ user }) => user === "user3"));
      expect(model.conversation("user3")?.unread).toBe(0);
    });

    test("what was asked for later counts, whichever comes first", async () => {
      const { service, model } = await slowly((path) => path.includes("before=67"));
      const earlier = model.openAt("alice", 40);
      await Promise.all([model.open("alice"), service.world.pass(100)]);
      expect(seqs(model)).toEqual(range(186, 200));
      await Promise.all([earlier, service.world.pass(SLOW)]);
      expect(seqs(model)).toEqual(range(186, 200));
    });

    test("whoever does not want it any more keeps what is loaded", async () => {
      const { service, model } = await slowly((path) => path.includes("before="));
      await Promise.all([model.open("alice"), service.world.pass(100)]);
      const left = new AbortController();
      const opening = model.openAt("alice", 40, left.signal);
      await service.world.pass(ANSWERED);
      left.abort();
      service.send("alice", "me", "message 201");
      await Promise.all([opening, service.world.pass(SLOW)]);
      expect(seqs(model)).toEqual(range(186, 201));
    });

    test("it is asked for anew where more was missed meanwhile than what was heard", async () => {
      const { service, model } = await slowly((path) => path.includes("target=alice"));
      const opening = model.open("alice");
      await service.world.pass(ANSWERED);
      service.down = true;
      service.close("me", 1006);
      service.send("alice", "me", "message 201");
      service.prune("me", 0);
      service.down = false;
      await Promise.all([opening, service.world.pass(3 * SLOW)]);
      expect(seqs(model)).toEqual(range(187, 201));
    });
  });

  test("what is closed while messages that were missed are loaded stays closed", async () => {
    const service = new FakeService(new World(), "me", "alice");
    const { model } = await following(service);
    const hello = service.send("alice", "me", "hello");
    void model.open("alice");
    await service.world.pass(10);
    service.faults = { ...NO_FAULTS, request: () => ({ delay: 100, fate: "answered" }) };
    void model.event({ seq: 9, type: "message.sent", message: { ...hello, id: 3, seq: 3 } });
    await service.world.pass(50);
    model.close("alice");
    await service.world.pass(500);
    expect(model.isOpen("alice")).toBe(false);
  });

  test("opens a conversation at an older place, and goes on from there both ways", async () => {
    const service = new FakeService(new World(), "me", "alice");
    range(1, 200).forEach((i) => service.send("alice", "me", `message ${i}`));
    const { model } = await following(service);
    const seqs = (): number[] => model.messages("alice").map(({ seq }) => seq);
    expect(model.isOpen("alice")).toBe(false);
    void model.openAt("alice", 100);
    await service.world.pass(10);
    expect(model.isOpen("alice")).toBe(true);
    expect(seqs()).toEqual(range(76, 125));
    expect([model.hasOlder("alice"), model.hasNewer("alice")]).toEqual([true, true]);

    service.send("alice", "me", "message 201"); // not next to what is loaded
    service.change(100, "edited");
    await service.world.pass(10);
    expect(seqs()).toEqual(range(76, 125));
    expect(model.messages("alice")[24]?.body).toBe("edited");
    expect(model.conversations[0]?.last_message?.seq).toBe(201);

    void model.load(); // as after a reset
    await service.world.pass(10);
    expect(seqs()).toEqual(range(76, 125));

    void model.newer("alice");
    void model.older("alice");
    await service.world.pass(10);
    expect(seqs()).toEqual(range(26, 175));
    expect(model.hasNewer("alice")).toBe(true);
    void model.newer("alice");
    await service.world.pass(10);
    expect(seqs()).toEqual(range(26, 201));
    expect(model.hasNewer("alice")).toBe(false);
    service.send("me", "alice", "message 202");
    await service.world.pass(10);
    expect(seqs()).toEqual(range(26, 202));
    expect(model.messages("alice")).toEqual(service.conversation("me", "alice").slice(25));

    void model.openAt("alice", 190);
    await service.world.pass(10);
    expect(seqs()).toEqual(range(153, 202));
    expect(model.hasNewer("alice")).toBe(false);
  });

  test("loads afresh what is read, however much was loaded", async () => {
    const service = new FakeService(new World(), "me", "alice");
    range(1, 300).forEach((i) => service.send("alice", "me", `message ${i}`));
    const { model } = await following(service);
    const seqs = (): number[] => model.messages("alice").map(({ seq }) => seq);
    const afresh = async (): Promise<number[]> => {
      service.close("me", 1006);
      service.send("me", "alice", "meanwhile");
      service.prune("me", 0);
      await service.world.pass(10_000); // comes back after a reset
      return seqs();
    };
    model.reads("alice", 100); // nothing is open
    void model.open("alice");
    await service.world.pass(10);
    for (let i = 0; i < 5; i++) {
      void model.older("alice");
    }
    await service.world.pass(10);
    expect(seqs()).toEqual(range(36, 300));
    model.reads("alice", 250);
    expect(await afresh(), "the last ones reach down to it").toEqual(range(202, 301));
    void model.older("alice");
    await service.world.pass(10);
    model.reads("ALICE", 180);
    expect(await afresh()).toEqual(range(156, 205));
    expect([model.hasOlder("alice"), model.hasNewer("alice")]).toEqual([true, true]);
    void model.open("alice");
    await service.world.pass(10);
    expect(await afresh(), "the newest ones are read again").toEqual(range(254, 303));
    void model.older("alice");
    void model.older("alice");
    await service.world.pass(10);
    model.reads("alice", 160);
    model.reads("alice", undefined);
    expect(await afresh()).toEqual(range(205, 304));
  });

  test.each([
    [26, 1], // the last one is just the last that is loaded
    [75, 50],
    [100, 75],
  ])(
    "opened in a conversation of %i messages at the %ith has the last one, and so those that come",
    async (count, at) => {
      const service = new FakeService(new World(), "me", "alice");
      range(1, count).forEach((i) => service.send("alice", "me", `message ${i}`));
      const { model } = await following(service);
      void model.openAt("alice", at);
      await service.world.pass(10);
      expect(model.messages("alice")).toEqual(service.conversation("me", "alice").slice(-50));
      expect(model.hasNewer("alice")).toBe(false);
      service.send("alice", "me", "live");
      await service.world.pass(10);
      expect(model.messages("alice").at(-1)?.body).toBe("live");
      void model.load(); // as after a reset
      await service.world.pass(10);
      expect(model.hasNewer("alice")).toBe(false);
    },
  );

  test("opened at a place that is not kept any more has what is, from its beginning", async () => {
    const service = new FakeService(new World(), "me", "alice");
    range(1, 150).forEach((i) => service.send("alice", "me", `message ${i}`));
    service.messages.splice(0, 80); // as it forgets what is old
    const { model } = await following(service);
    const seqs = (): number[] => model.messages("alice").map(({ seq }) => seq);
    void model.openAt("alice", 1);
    await service.world.pass(10);
    expect(seqs()).toEqual(range(81, 130));
    expect([model.hasOlder("alice"), model.hasNewer("alice")]).toEqual([false, true]);
    void model.openAt("alice", 60); // some of those around it are
    await service.world.pass(10);
    expect(seqs()).toEqual(range(81, 85));
    expect([model.hasOlder("alice"), model.hasNewer("alice")]).toEqual([false, true]);
    void model.newer("alice");
    void model.newer("alice");
    await service.world.pass(10);
    expect(seqs()).toEqual(range(81, 150));
    expect(model.hasNewer("alice")).toBe(false);
  });

  test("opens a conversation at the last place that a number can name", async () => {
    const service = new FakeService(new World(), "me", "alice");
    service.send("alice", "me", "hello");
    const { model } = await following(service);
    const opened = model.openAt("alice", Number.MAX_SAFE_INTEGER);
    await Promise.all([opened, service.world.pass(10)]);
    expect(model.messages("alice").map(({ body }) => body)).toEqual(["hello"]);
  });

  test("one message more than are loaded is a newer one, until it is loaded, and those that come are shown then", async () => {
    const service = new FakeService(new World(), "me", "alice");
    range(1, 76).forEach((i) => service.send("alice", "me", `message ${i}`));
    const { model } = await following(service);
    void model.openAt("alice", 1);
    await service.world.pass(10);
    expect(model.messages("alice")).toEqual(service.conversation("me", "alice").slice(0, 26));
    expect(model.hasNewer("alice")).toBe(true);
    void model.newer("alice"); // as many as there are
    await service.world.pass(10);
    expect(model.messages("alice")).toEqual(service.conversation("me", "alice"));
    expect(model.hasNewer("alice")).toBe(false);
    service.send("alice", "me", "live");
    await service.world.pass(10);
    expect(model.messages("alice").at(-1)?.body).toBe("live");
  });

  test("knows who is writing, for as long as they may be, and who is there", async () => {
    const service = new FakeService(new World(), "me", "alice");
    service.send("alice", "me", "hello");
    const { model } = await following(service);
    service.tell("me", { type: "typing", user: "alice" });
    service.tell("me", { type: "presence", user: "alice", online: true });
    await service.world.pass(10);
    expect(model.isTyping("alice")).toBe(true);
    expect(model.conversations[0]?.online).toBe(true);
    await service.world.pass(6_000);
    expect(model.isTyping("alice")).toBe(false);
    service.tell("me", { type: "typing", user: "alice" });
    await service.world.pass(10);
    service.send("alice", "me", "written");
    await service.world.pass(10);
    expect(model.isTyping("alice")).toBe(false);
  });

  test("a connection that comes back shows nobody as gone who is there, and whoever left meanwhile as gone", async () => {
    const service = new FakeService(new World(), "me", "alice", "bob", "carol");
    ["alice", "bob", "carol"].forEach((name) => service.send(name, "me", "hello"));
    const alice = await Chat.connected(service, "alice");
    const bob = await Chat.connected(service, "bob");
    const { model } = await following(service);
    const online = (): string[] =>
      model.conversations
        .filter((one) => one.online)
        .map(({ user }) => user)
        .sort();
    expect(online()).toEqual(["alice", "bob"]);
    const seen: string[][] = [];
    model.onChange(() => seen.push(online()));

    service.close("me", 1001);
    await bob.live.stop();
    await service.world.pass(2_000);
    expect(service.connections("me")).toBe(1);
    expect(seen.every((names) => names.includes("alice"))).toBe(true);
    await service.world.pass(5_000);
    expect(online()).toEqual(["alice"]);
    expect(seen.every((names) => names.includes("alice"))).toBe(true);

    const carol = await Chat.connected(service, "carol");
    expect(online()).toEqual(["alice", "carol"]);
    service.tell("me", { type: "presence", user: "ALICE", online: false, last_seen: "2027-01-15T08:00:00.000000Z" });
    await service.world.pass(10);
    expect(online()).toEqual(["carol"]);
    expect(model.lastSeen("alice")).toBe("2027-01-15T08:00:00.000000Z");
    expect(model.lastSeen("carol")).toBeUndefined();
    expect(["ALICE", "carol", "nobody"].map((name) => model.isOnline(name))).toEqual([false, true, undefined]);
    await alice.live.stop();
    await carol.live.stop();
  });

  test("without a connection it is not known who is there, a moment after it was lost", async () => {
    const service = new FakeService(new World(), "me", "alice", "bob");
    service.send("alice", "me", "hello");
    await Chat.connected(service, "alice");
    const { chat, model } = await following(service);
    const known = (): unknown[] => [model.knowsPresence, model.isOnline("alice"), model.conversations[0]?.online];
    expect(known()).toEqual([true, true, true]);
    service.down = true;
    service.close("me", 1006);
    expect(known()).toEqual([true, true, true]);
    await service.world.pass(1_500);
    expect(known()).toEqual([false, undefined, false]);
    service.close("alice", 1006);
    service.down = false;
    const seen: unknown[] = [];
    model.onChange(() => seen.push(model.conversations[0]?.online));
    await service.world.pass(100_000);
    expect(known()).toEqual([true, true, true]);
    const late = new ChatModel(chat.live, service.world);
    late.follow();
    expect(late.knowsPresence).toBe(true);
    await chat.live.stop();
    expect(known()).toEqual([false, undefined, false]);
  });

  test("what the connection tells of somebody is newer than what is loaded", async () => {
    const service = new FakeService(new World(), "me", "alice");
    service.send("alice", "me", "hello");
    const { model } = await following(service);
    const alice = await Chat.connected(service, "alice");
    expect(model.conversations).toMatchObject([{ user: "alice", online: true }]);
    const before = service.conversations("me");
    service.faults = { ...NO_FAULTS, request: () => ({ delay: 100, fate: "answered" }) };
    service.intercept = (_, path) =>
      path.endsWith("/conversation/") ? new Response(JSON.stringify(before)) : undefined; // and it takes its time
    const loading = model.load();
    await alice.live.stop();
    await service.world.pass(300);
    await loading;
    expect(model.conversations).toMatchObject([{ user: "alice", online: false }]);
  });

  test("a mark in the middle, and what is taken back unread, count as the service counts them", async () => {
    const service = new FakeService(new World(), "me", "alice");
    const { model } = await following(service);
    range(1, 5).forEach((i) => service.send("alice", "me", `message ${i}`));
    await service.world.pass(100);
    service.mark("read", "me", "alice", 2);
    await service.world.pass(100);
    expect(model.conversations).toMatchObject([{ read_upto: 2, unread: 3 }]);
    service.change(4, undefined);
    await service.world.pass(100);
    expect(model.conversations).toMatchObject([{ read_upto: 2, unread: 2 }]);
  });

  describe("what I change", () => {
    /** Somebody in the list, and somebody below it, both with open conversations, and no connection just now. */
    async function apart(): Promise<{ service: FakeService; model: ChatModel }> {
      const names = range(1, 60).map((i) => `user${i}`);
      const service = new FakeService(new World(), "me", "alice", ...names);
      ["one", "two"].forEach((body) => service.send("me", "user1", body));
      names.slice(1).forEach((name) => service.send(name, "me", "hello"));
      service.send("me", "alice", "three");
      service.change(service.send("me", "alice", "four", "key-of-four", 1).id, "4");
      service.send("me", "alice", "five");
      const { model } = await following(service);
      void model.open("user1");
      void model.open("alice");
      await service.world.pass(10);
      service.faults = { ...NO_FAULTS, handshake: () => "hanging" };
      service.close("me", 1006);
      await service.world.pass(2_000);
      return { service, model };
    }

    function expectAsIs({ service, model }: { service: FakeService; model: ChatModel }): void {
      for (const name of ["alice", "user1"]) {
        expect(model.messages(name)).toEqual(service.conversation("me", name));
        expect(model.conversation(name)).toEqual(service.conversations("me").find(({ user }) => user === name));
      }
    }

    test("is so once it is answered, without an event, which changes nothing when it comes", async () => {
      const there = await apart();
      const { service, model } = there;
      expect(model.aside.map(({ user }) => user)).toEqual(["user1"]);
      const mine = [...model.messages("user1"), ...model.messages("alice")];
      const changes = mine.map((message, i) =>
        i % 2 === 0 ? model.edit(message, `edited ${i}`) : model.unsend(message),
      );
      service.requests.length = 0;
      await service.world.pass(10);
      const changed = await Promise.all(changes);
      expect(changed).toEqual(["user1", "alice"].flatMap((name) => service.conversation("me", name)));
      expectAsIs(there);
      expect(service.requests.filter((one) => one.startsWith("GET"))).toEqual([]);
      service.faults = NO_FAULTS;
      await service.world.pass(60_000);
      expectAsIs(there);
    });

    test("is as the event had it where that was later, whenever the answer comes", async () => {
      const there = await apart();
      const { service, model } = there;
      service.faults = NO_FAULTS;
      await service.world.pass(60_000);
      const five = service.conversation("me", "alice")[2];
      const [first, last] = ["first", "second"].map((body) => service.change(five?.id ?? 0, body));
      await service.world.pass(10);
      service.intercept = (method) => (method === "PATCH" ? Response.json(first) : undefined);
      const editing = model.edit(five ?? fail(), "first");
      await service.world.pass(10);
      expect(await editing).toEqual(first);
      expect(model.conversation("alice")?.last_message).toEqual(last);
      expectAsIs(there);
      service.change(five?.id ?? 0, undefined);
      await service.world.pass(10);
      void model.edit(five ?? fail(), "first");
      await service.world.pass(10);
      expectAsIs(there);
    });

    test("is what it becomes of what is just being loaded, too", async () => {
      const there = await apart();
      const { service, model } = there;
      const five = service.conversation("me", "alice")[2];
      const before = [...service.conversation("me", "alice")].reverse();
      service.faults = { ...service.faults, request: () => ({ delay: 1_000, fate: "answered" }) };
      service.intercept = (method, path) =>
        method === "GET" && path.endsWith("/message/") ? Response.json({ results: before }) : undefined;
      void model.open("alice");
      await service.world.pass(500);
      service.faults = { ...service.faults, request: () => ({ delay: 1, fate: "answered" }) };
      void model.edit(five ?? fail(), "5");
      await service.world.pass(1_000);
      expectAsIs(there);
    });

    test("is what it was where the service refuses it", async () => {
      const there = await apart();
      const { service, model } = there;
      const five = model.messages("alice")[2];
      service.intercept = () => new Response("{}", { status: 404 });
      const refused = [
        expect(model.edit(five ?? fail(), "5")).rejects.toMatchObject({ status: 404 }),
        expect(model.unsend(five ?? fail())).rejects.toMatchObject({ status: 404 }),
      ];
      await service.world.pass(10);
      await Promise.all(refused);
      expectAsIs(there);
    });

    function fail(): never {
      throw new Error("There is no such message");
    }
  });

  test("what it hears again, or has loaded already, changes nothing", async () => {
    const service = new FakeService(new World(), "me", "alice", "bob");
    const { model } = await following(service);
    const first = service.send("alice", "me", "one");
    service.send("bob", "me", "two");
    service.change(1, "edited");
    service.change(1, undefined);
    service.mark("read", "alice", "me", 1);
    await service.world.pass(100);
    void model.open("alice");
    await service.world.pass(100);
    const before = [model.conversations, model.messages("alice")];
    for (const event of service.feed("me")) {
      void model.event(event);
      await service.world.pass(100);
    }
    void model.event({ seq: 9, type: "conversation.read", user: "alice", by: "alice", upto: 0 });
    void model.event({ seq: 9, type: "message.edited", message: { ...first, edited: "2099-01-01T00:00:00.000000Z" } });
    await service.world.pass(100);
    expect([model.conversations, model.messages("alice")]).toEqual(before);

    service.conversations = () => [];
    void model.load();
    await service.world.pass(100);
    expect(model.conversations).toEqual([]);
  });

  test("what could not be loaded holds up the feed, and is loaded as soon as that can be done", async () => {
    const service = new FakeService(new World(), "me", "alice", "bob");
    service.send("alice", "me", "hello");
    const { chat, model } = await following(service);
    const halts: unknown[] = [];
    chat.live.onHalt((failure) => halts.push(failure));
    service.intercept = (_, path) =>
      path.includes("/conversation/") ? new Response("{}", { status: 503 }) : undefined;
    service.send("bob", "me", "from somebody new");
    await service.world.pass(10_000);
    expect(chat.live.halted).toBe(true);
    expect(halts.length).toBeGreaterThan(2);
    service.intercept = () => undefined;
    service.send("bob", "me", "more");
    await service.world.pass(30_000);
    expect(chat.live.halted).toBe(false);
    expect(model.conversations).toEqual(service.conversations("me"));
    expect(chat.seqs, "others hear nothing twice").toEqual([2, 3]);
  });
});

const NAMES = ["me", "alice", "bob"] as const;
/** With whom I have talked before; the list is not loaded down to the first of them. */
const OLD = range(1, 60).map((i) => `old${i}`);
const SOME_OLD = ["old1", "old2", "old9", "old30", "old60"];
const number = fc.integer({ min: 1, max: 30 });
const deeds = (names: readonly string[]) => {
  const somebody = fc.constantFrom(...names);
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constant("send" as const), somebody, somebody, number) },
      {
        weight: 6,
        arbitrary: fc.tuple(
          fc.constantFrom(
            "edit",
            "unsend",
            "edit mine",
            "unsend mine",
            "read",
            "delivered",
            "block",
            "unblock",
            "open",
            "open at",
            "older",
            "newer",
            "leave",
            "find",
            "more",
            "lose",
            "prune",
            "close",
            "fail",
            "pass",
          ),
          somebody,
          somebody,
          number,
        ),
      },
    ),
    { minLength: 1, maxLength: 60 },
  );
};

const offline = (conversation: Conversation | undefined): unknown =>
  conversation === undefined ? undefined : { ...conversation, online: false };

test.each([
  ["all of it", [], NAMES],
  ["the top of it", OLD, [...NAMES, "me", ...SOME_OLD]],
])(
  "a model that has missed events and caught up equals one that is loaded afresh, with %s",
  async (_, old, names) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), deeds(names), async (seed, deeds) => {
        const service = new FakeService(new World(seed), ...NAMES, ...old);
        old.forEach((name) => service.send(name, "me", "long ago"));
        const { chat, model } = await following(service);
        const opened = new Set<string>();
        for (const [what, one, other, n] of deeds) {
          const message = service.messages[n % Math.max(1, service.messages.length)];
          switch (what) {
            case "send":
              service.send(one, other, `message ${n}`);
              break;
            case "edit":
            case "unsend":
              if (message !== undefined && !message.deleted) {
                service.change(message.id, what === "edit" ? `edited ${n}` : undefined);
              }
              break;
            case "edit mine":
            case "unsend mine":
              if (message?.user === "me") {
                const changing = what === "edit mine" ? model.edit(message, `edited ${n}`) : model.unsend(message);
                void changing.catch(() => undefined);
              }
              break;
            case "read":
            case "delivered":
              service.mark(what, one, other, n);
              break;
            case "block":
            case "unblock":
              if (one !== other) {
                service.block(one, other, what === "block");
              }
              break;
            case "open":
              opened.add(other);
              void model.open(other).catch(() => opened.delete(other));
              break;
            case "open at":
              opened.add(other);
              void model.openAt(other, n).catch(() => opened.delete(other));
              break;
            case "older":
              void model.older(other).catch(() => undefined);
              break;
            case "newer":
              void model.newer(other).catch(() => undefined);
              break;
            case "leave":
              opened.delete(other);
              model.close(other);
              break;
            case "find":
              void model.find(other).catch(() => undefined);
              break;
            case "more":
              void model.more().catch(() => undefined);
              break;
            case "lose":
              service.faults = { ...NO_FAULTS, frame: () => (service.world.random() < 0.5 ? [] : [1, 300]) };
              break;
            case "prune":
              service.prune("me", n % 3);
              break;
            case "fail":
              service.faults = {
                ...service.faults,
                request: () => ({
                  delay: 1 + Math.floor(service.world.random() * 400),
                  fate: service.world.random() < 0.4 ? 502 : "answered",
                }),
              };
              break;
            case "close":
              service.close("me", 1006);
              break;
            case "pass":
              service.faults = NO_FAULTS;
              await service.world.pass(n * 50);
              break;
          }
        }
        service.faults = NO_FAULTS;
        await service.world.pass(200_000);
        expect(chat.live.halted).toBe(false);
        const all = service.conversations("me");
        const listed = model.conversations;
        expect(listed.map(offline)).toEqual(all.slice(0, listed.length).map(offline));
        expect(model.hasMore).toBe(listed.length < all.length);
        expect(listed.length).toBeGreaterThanOrEqual(Math.min(50, all.length));
        const beside = model.aside.map(({ user }) => user);
        expect(listed.filter(({ user }) => beside.includes(user))).toEqual([]);
        for (const name of [...opened, ...beside]) {
          expect(offline(model.conversation(name))).toEqual(offline(all.find(({ user }) => user === name)));
        }
        for (const name of opened) {
          const loaded = model.messages(name);
          const said = service.conversation("me", name);
          const [first, last] = [loaded[0]?.seq ?? 1, loaded.at(-1)?.seq ?? 0];
          expect(loaded).toEqual(said.filter(({ seq }) => seq >= first && seq <= last));
          expect([model.hasOlder(name), model.hasNewer(name)]).toEqual([
            (said[0]?.seq ?? first) < first,
            (said.at(-1)?.seq ?? last) > last,
          ]);
        }
        await chat.live.stop();
      }),
      { numRuns: Number(process.env["RUNS"] ?? 150) },
    );
  },
  120_000,
);

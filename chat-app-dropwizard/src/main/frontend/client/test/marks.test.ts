import { describe, expect, test } from "vitest";
import { Chat, range } from "./support/chat.js";
import { FakeService, NO_FAULTS } from "./support/fake-service.js";
import { World } from "./support/world.js";

async function reader(): Promise<{ chat: FakeService; bob: Chat }> {
  const chat = new FakeService(new World(), "alice", "bob", "carol");
  range(1, 9).forEach((i) => chat.send("alice", "bob", `message ${i}`));
  return { chat, bob: await Chat.connected(chat, "bob") };
}

/** Without the keys, which differ. */
function frames(chat: FakeService): Record<string, unknown>[] {
  return chat.frames.map(([, frame]) => {
    const rest = { ...frame };
    delete rest["client_id"];
    return rest;
  });
}

function marked(chat: FakeService): readonly string[] {
  return chat.requests.filter((request) => /(read|delivered)\/$/.test(request));
}

function read(chat: FakeService, other = "alice"): number | undefined {
  return chat.conversations("bob").find(({ user }) => user === other)?.read_upto;
}

describe("marks", () => {
  test("of one moment become one", async () => {
    const { chat, bob } = await reader();
    range(1, 5).forEach((seq) => {
      bob.live.markRead("alice", seq);
      bob.live.markDelivered("alice", seq);
    });
    bob.live.markRead("alice", 3);
    await chat.world.pass(300);
    expect(frames(chat)).toEqual([
      { type: "read", user: "alice", seq: 5 },
      { type: "delivered", user: "alice", seq: 5 },
    ]);
    bob.live.markRead("alice", 6);
    await chat.world.pass(300);
    expect(frames(chat).slice(2)).toEqual([{ type: "read", user: "alice", seq: 6 }]);
    expect(chat.requests).toEqual([]);
  });

  test("that a lost connection may have swallowed are repeated by request", async () => {
    const { chat, bob } = await reader();
    chat.faults = { ...NO_FAULTS, sent: () => [] };
    bob.live.markRead("alice", 5);
    await chat.world.pass(300);
    expect(read(chat)).toBe(0);
    chat.faults = NO_FAULTS;
    chat.close("bob", 1006);
    await chat.world.pass(3_000);
    expect(read(chat)).toBe(5);
    expect(chat.requests).toContain("POST /api/v1/conversation/alice/read/");
    await chat.world.pass(100_000);
    expect(chat.requests.filter((request) => request.includes("/read/"))).toHaveLength(1);
  });

  test("that the feed has told of are not repeated", async () => {
    const { chat, bob } = await reader();
    bob.live.markRead("alice", 5);
    await chat.world.pass(300);
    chat.close("bob", 1006);
    await chat.world.pass(3_000);
    expect(chat.requests).toEqual([]);
  });

  test("count as told of only when they are mine, and as far as wished", async () => {
    const { chat, bob } = await reader();
    chat.faults = { ...NO_FAULTS, sent: () => [] };
    bob.live.markRead("alice", 5);
    await chat.world.pass(300);
    chat.faults = NO_FAULTS;
    chat.mark("read", "bob", "alice", 4); // from another device
    chat.mark("read", "alice", "bob", 9);
    await chat.world.pass(10);
    chat.close("bob", 1006);
    await chat.world.pass(3_000);
    expect(read(chat)).toBe(5);
  });

  test("go by request without a connection, again and again while that fails, but not against a refusal", async () => {
    const { chat, bob } = await reader();
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    chat.close("bob", 1006);
    chat.down = true;
    bob.live.markRead("alice", 4);
    bob.live.markDelivered("mallory", 1);
    await chat.world.pass(20_000);
    chat.requests.length = 0;
    chat.down = false;
    await chat.world.pass(60_000);
    expect(read(chat)).toBe(4);
    expect(chat.requests.filter((request) => request.includes("mallory"))).toHaveLength(1);
    expect(bob.faults).toContainEqual(expect.objectContaining({ status: 404 }));
  });

  test.each([
    [429, "and the refusal says which", true],
    [503, "and the refusal says which", true],
    [429, "by a service that does not say which", false],
    [503, "by a service that does not say which", false],
  ] as const)("refused over the connection with %i are repeated, %s", async (status, _, echoes) => {
    const { chat, bob } = await reader();
    chat.echoes = echoes;
    range(1, 5).forEach((i) => chat.send("carol", "bob", `message ${i}`));
    await chat.world.pass(10);
    const refused: unknown[] = [];
    chat.faults = {
      ...NO_FAULTS,
      refusal: (frame) => {
        refused.push(frame["type"]);
        return status;
      },
    };
    bob.live.markRead("alice", 5);
    bob.live.markRead("carol", 2);
    bob.live.markDelivered("carol", 4);
    await chat.world.pass(260);
    expect(refused).toHaveLength(3);
    expect(read(chat, "alice")).toBe(0);
    bob.live.markRead("alice", 6); // before it is asked again: only the furthest counts
    chat.faults = NO_FAULTS;
    await chat.world.pass(status === 429 ? 1_900 : 0);
    expect(marked(chat), "not before the service may take it").toEqual([]);
    await chat.world.pass(5_000);
    expect([read(chat, "alice"), read(chat, "carol")]).toEqual([6, 2]);
    expect(chat.feed("alice").at(-1)).toMatchObject({ type: "conversation.read", upto: 6 });
    expect(chat.feed("carol").at(-1)).toMatchObject({ type: "conversation.delivered", upto: 4 });
    await chat.world.pass(100_000);
    expect([...marked(chat)].sort()).toEqual([
      "POST /api/v1/conversation/carol/delivered/",
      "POST /api/v1/conversation/carol/read/",
    ]);
    expect(bob.faults).toHaveLength(echoes ? 0 : 3);
    expect(bob.live.state.name).toBe("connected");
  });

  test("made while a refusal was on its way wait as well", async () => {
    const { chat, bob } = await reader();
    chat.faults = { ...NO_FAULTS, frame: () => [100], refusal: () => 429 };
    bob.live.markRead("alice", 5);
    await chat.world.pass(300);
    bob.live.markRead("carol", 1); // to go at 550, and the refusal comes at 351
    await chat.world.pass(2_000);
    expect(chat.frames).toHaveLength(1);
    expect(marked(chat)).toEqual([]);
    await chat.world.pass(1_500);
    expect(chat.frames.length + marked(chat).length).toBeGreaterThan(1);
  });

  test("wait for as long as the last of the refusals of one moment asks for", async () => {
    const { chat, bob } = await reader();
    const delays = [1, 1_500];
    chat.faults = { ...NO_FAULTS, frame: () => [delays.shift() ?? 1], refusal: () => 429 };
    bob.live.markRead("alice", 5);
    bob.live.markRead("carol", 1);
    await chat.world.pass(260);
    chat.faults = NO_FAULTS;
    expect(delays).toEqual([]);
    await chat.world.pass(3_300); // the second one came 1.5 s later, and asks for 2 s
    expect(marked(chat)).toEqual([]);
    await chat.world.pass(5_000);
    expect(marked(chat)).toHaveLength(2);
    expect(read(chat)).toBe(5);
  });

  test("are in no doubt for the refusal of something else", async () => {
    const { chat, bob } = await reader();
    chat.faults = { ...NO_FAULTS, frame: () => [3_000] };
    bob.live.markRead("alice", 5);
    bob.live.typing("mallory");
    await chat.world.pass(300);
    chat.faults = NO_FAULTS;
    bob.live.typing("somebody else");
    await chat.world.pass(2_000);
    expect(bob.faults).toMatchObject([{ status: 404 }]);
    await chat.world.pass(10_000);
    expect(bob.faults).toHaveLength(2);
    expect(marked(chat)).toEqual([]);
  });

  test("of many conversations all arrive, however few the service takes at once", async () => {
    const names = range(1, 12).map((i) => `user${i}`);
    const chat = new FakeService(new World(), "bob", ...names);
    names.forEach((name) => chat.send(name, "bob", "hello"));
    const bob = await Chat.connected(chat, "bob");
    let taken = -Infinity;
    const takes = (): boolean => {
      const may = chat.world.now() - taken >= 1_000;
      taken = may ? chat.world.now() : taken;
      return may;
    };
    chat.faults = {
      ...NO_FAULTS,
      refusal: () => (takes() ? undefined : 429),
      request: () => ({ delay: 1, fate: takes() ? "answered" : 429 }),
    };
    names.forEach((name) => {
      bob.live.markRead(name, 1);
    });
    await chat.world.pass(60_000);
    expect(chat.conversations("bob").map(({ unread }) => unread)).toEqual(names.map(() => 0));
    expect(bob.faults).toEqual([]);
  });

  test.each([true, false])(
    "refused for good over the connection are given up (which one is said: %s)",
    async (echoes) => {
      const { chat, bob } = await reader();
      chat.echoes = echoes;
      bob.live.markRead("mallory", 1);
      bob.live.markRead("alice", 5);
      await chat.world.pass(60_000);
      expect(read(chat)).toBe(5);
      expect(bob.faults).toContainEqual(expect.objectContaining({ status: 404 }));
      expect(marked(chat)).toEqual(echoes ? [] : ["POST /api/v1/conversation/mallory/read/"]);
      expect(chat.frames).toHaveLength(2);
    },
  );

  test("that nothing answers are repeated by request in the end, though the connection lives", async () => {
    const { chat, bob } = await reader();
    chat.faults = { ...NO_FAULTS, sent: () => [] };
    bob.live.markRead("alice", 5);
    await chat.world.pass(10_000);
    bob.live.markRead("carol", 1);
    await chat.world.pass(10_200);
    expect(read(chat)).toBe(0);
    await chat.world.pass(1_000);
    expect(read(chat)).toBe(5);
    expect(marked(chat)).toEqual(["POST /api/v1/conversation/alice/read/"]);
    await chat.world.pass(10_000);
    expect(marked(chat).slice(1)).toEqual(["POST /api/v1/conversation/carol/read/"]);
    await chat.world.pass(100_000);
    expect(marked(chat)).toHaveLength(2);
  });

  test("of what is read is delivered, and not asked for again", async () => {
    const { chat, bob } = await reader();
    bob.live.markRead("alice", 5);
    bob.live.markDelivered("alice", 5);
    await chat.world.pass(60_000);
    expect(read(chat)).toBe(5);
    expect(marked(chat)).toEqual([]);
  });

  test("one that always fails holds up no other", async () => {
    const { chat, bob } = await reader();
    chat.send("carol", "bob", "hello");
    chat.intercept = (_, path) => (path.includes("/carol/") ? new Response("{}", { status: 500 }) : undefined);
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    bob.live.markRead("carol", 1);
    bob.live.markRead("alice", 5);
    chat.close("bob", 1006);
    await chat.world.pass(10_000);
    expect(read(chat, "alice")).toBe(5);
    expect(read(chat, "carol")).toBe(0);
  });

  test("wait for their reader to sign in again", async () => {
    const { chat, bob } = await reader();
    const cookie = new Chat(chat, "bob", { auth: "cookie" });
    await bob.live.stop();
    chat.cookie = "bob";
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    await cookie.live.start();
    await chat.world.pass(10_000);
    chat.cookie = "carol"; // in another tab
    cookie.live.markRead("alice", 5);
    await chat.world.pass(60_000);
    expect(cookie.live.state.name).toBe("signedOut");
    expect([read(chat), chat.conversations("carol")]).toEqual([0, []]);
    chat.cookie = "bob";
    chat.faults = NO_FAULTS;
    await cookie.live.start();
    await chat.world.pass(1_000);
    expect(read(chat)).toBe(5);
  });

  test("leave nothing behind when it stops", async () => {
    const { chat, bob } = await reader();
    chat.faults = { ...NO_FAULTS, sent: () => [] };
    bob.live.markRead("alice", 5);
    await chat.world.pass(300);
    await bob.live.stop();
    expect(chat.world.timers).toBe(0);
  });
});

describe("typing", () => {
  test("is told now and then, while there is a connection", async () => {
    const { chat, bob } = await reader();
    const alice = await Chat.connected(chat, "alice");
    const seen: unknown[] = [];
    alice.live.onTyping((typing) => seen.push(typing));
    for (let i = 0; i < 60; i++) {
      bob.live.typing("alice");
      await chat.world.pass(100);
    }
    expect(seen).toEqual([{ user: "bob" }, { user: "bob" }]);
    bob.live.send("alice", "done");
    bob.live.typing("alice");
    await chat.world.pass(10);
    expect(seen).toHaveLength(3);
    chat.close("bob", 1006);
    bob.live.typing("carol");
    await chat.world.pass(5_000);
    expect(frames(chat).filter(({ type }) => type === "typing")).toHaveLength(3);
  });
});

test("who comes and goes is told", async () => {
  const { chat, bob } = await reader();
  const seen: unknown[] = [];
  bob.live.onPresence((presence) => seen.push(presence));
  const stop = bob.live.onPresence(() => {
    throw new Error("a listener's own fault");
  });
  chat.tell("bob", { type: "presence", user: "alice", online: false, last_seen: "2027-01-15T08:00:00.000000Z" });
  chat.tell("bob", { type: "presence", user: "alice", online: true });
  await chat.world.pass(10);
  expect(seen).toEqual([
    { user: "alice", online: false, last_seen: "2027-01-15T08:00:00.000000Z" },
    { user: "alice", online: true, last_seen: null },
  ]);
  expect(bob.faults).toHaveLength(2);
  stop();
  chat.tell("bob", { type: "presence", user: "alice", online: true });
  await chat.world.pass(10);
  expect(bob.faults).toHaveLength(2);
});

test("whoever comes among the latest conversations is told of if they are there, or were when last told of", async () => {
  const absent = range(1, 100).map((i) => `user${i}`);
  const chat = new FakeService(new World(), "bob", "alice", "carol", "dave", ...absent);
  const bob = await Chat.connected(chat, "bob");
  const alice = await Chat.connected(chat, "alice");
  await Chat.connected(chat, "carol");
  const seen: unknown[] = [];
  bob.live.onPresence(({ user, online }) => seen.push([user, online]));
  ["alice", "carol", "dave"].forEach((name) => chat.send(name, "bob", "hello"));
  await chat.world.pass(10);
  expect(seen.splice(0)).toEqual([
    ["alice", true],
    ["carol", true],
  ]);

  absent.forEach((name) => chat.send(name, "bob", "hello"));
  await alice.live.stop();
  await chat.world.pass(10);
  expect(seen).toEqual([]);
  ["alice", "carol", "dave"].forEach((name) => chat.send(name, "bob", "hello again"));
  await chat.world.pass(10);
  expect(seen).toEqual([
    ["alice", false],
    ["carol", true],
  ]);
});

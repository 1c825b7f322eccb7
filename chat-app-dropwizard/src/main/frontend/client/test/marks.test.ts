import { describe, expect, test } from "vitest";
import { Chat, range } from "./support/chat.js";
import { FakeService, NO_FAULTS } from "./support/fake-service.js";
import { World } from "./support/world.js";

async function reader(): Promise<{ chat: FakeService; bob: Chat }> {
  const chat = new FakeService(new World(), "alice", "bob", "carol");
  range(1, 9).forEach((i) => chat.send("alice", "bob", `message ${i}`));
  return { chat, bob: await Chat.connected(chat, "bob") };
}

function frames(chat: FakeService): unknown[] {
  return chat.frames.map(([, frame]) => frame);
}

function read(chat: FakeService): number | undefined {
  return chat.conversations("bob")[0]?.read_upto;
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
    chat.down = false;
    await chat.world.pass(60_000);
    expect(read(chat)).toBe(4);
    expect(chat.requests.filter((request) => request.includes("mallory"))).toHaveLength(1);
    expect(bob.faults).toContainEqual(expect.objectContaining({ status: 404 }));
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
    expect(frames(chat).filter((frame) => (frame as { type: string }).type === "typing")).toHaveLength(3);
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

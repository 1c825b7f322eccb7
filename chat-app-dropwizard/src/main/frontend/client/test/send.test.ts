import { afterEach, describe, expect, test, vi } from "vitest";
import { MemoryOutboxStorage, WebOutboxStorage } from "../src/live/outbox-storage.js";
import type { Outgoing } from "../src/live/outgoing.js";
import { ChatProblem } from "../src/problem.js";
import { Chat, range } from "./support/chat.js";
import { FakeService, NO_FAULTS } from "./support/fake-service.js";
import { FakeStorage, SlowStorage, twoTabs } from "./support/fake-storage.js";
import { World } from "./support/world.js";

function service(): FakeService {
  return new FakeService(new World(), "alice", "bob", "carol");
}

function bodies(chat: FakeService, one = "alice", other = "bob"): readonly string[] {
  return chat.conversation(one, other).map(({ body }) => body);
}

function sends(chat: FakeService): number {
  return chat.frames.filter(([, { type }]) => type === "send").length;
}

describe("sending", () => {
  test("is echoed at once, and sent over the connection", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    const changes: string[] = [];
    alice.live.onOutgoing(({ clientId, state }) => changes.push(`${clientId} ${state}`));
    const outgoing = alice.live.send("bob", "hello", { replyTo: 7 });
    expect(outgoing).toMatchObject({ state: "pending", recipient: "bob", body: "hello", replyTo: 7 });
    expect(alice.live.outgoing).toEqual([outgoing]);
    await chat.world.pass(10);
    expect(outgoing.state).toBe("sent");
    expect(outgoing.message).toMatchObject({ body: "hello", reply_to: 7, client_id: "key-1" });
    expect(await outgoing.sent()).toBe(outgoing.message);
    expect(changes, "written, stored, sent").toEqual(["key-1 pending", "key-1 pending", "key-1 sent"]);
    expect(alice.live.outgoing).toEqual([]);
    expect(alice.outbox.load(alice.key)).toEqual([]);
    expect(chat.requests).toEqual([]);
    expect(alice.events).toHaveLength(1);
  });

  test("goes by request while there is no connection", async () => {
    const chat = service();
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    const alice = await Chat.connected(chat, "alice");
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(10);
    expect(outgoing.state).toBe("sent");
    expect(sends(chat)).toBe(0);
  });

  test("a lost acknowledgement is made up for by the event", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    let frames = 0;
    chat.faults = { ...NO_FAULTS, frame: () => (++frames === 2 ? [] : [1]) }; // the first is the event, then the ack
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(10);
    expect(outgoing.state).toBe("sent");
    await chat.world.pass(30_000);
    expect(sends(chat)).toBe(1);
    expect(chat.handshakes).toHaveLength(1);
  });

  test("a lost connection between message and answer doubles nothing", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.faults = { ...NO_FAULTS, frame: () => [] };
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(10);
    chat.faults = NO_FAULTS;
    chat.close("alice", 1006);
    await chat.world.pass(10);
    expect(outgoing.state).toBe("sent");
    expect(chat.requests).toContain("POST /api/v1/message/");
    expect(bodies(chat)).toEqual(["hello"]);
  });

  test("a connection over which no answer comes is given up, and the message goes another way", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.close("alice"); // silently
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(19_000);
    expect(outgoing.state).toBe("pending");
    await chat.world.pass(3_000);
    expect(outgoing.state).toBe("sent");
    expect(alice.states).toEqual(["connecting", "connected", "waiting", "connecting", "connected"]);
  });

  test("keeps the order of a conversation, whatever fails, and holds up no other", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    let requests = 0;
    chat.faults = {
      ...NO_FAULTS,
      handshake: () => "refused",
      request: () => ({
        delay: 5,
        fate: ++requests % 2 === 0 ? "answered" : requests % 3 === 0 ? "unanswered" : "lost",
      }),
    };
    chat.close("alice", 1006);
    range(1, 12).forEach((i) => alice.live.send(i % 4 === 0 ? "carol" : "bob", `message ${i}`));
    await chat.world.pass(300_000);
    expect(bodies(chat)).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11].map((i) => `message ${i}`));
    expect(bodies(chat, "alice", "carol")).toEqual([4, 8, 12].map((i) => `message ${i}`));
    expect(chat.requests.filter((request) => request.startsWith("POST")).length).toBeLessThan(30);
    expect(alice.live.outgoing).toEqual([]);
  });

  test.each([
    ["a blank body", "bob", " ", 400],
    ["nobody", "mallory", "hello", 404],
    ["who blocks", "carol", "hello", 403],
  ])(
    "what is refused for good fails at once, and what is behind it goes on: %s",
    async (_, recipient, body, status) => {
      const chat = service();
      chat.block("carol", "alice", true);
      for (const handshake of ["opened", "refused"] as const) {
        chat.faults = { ...NO_FAULTS, handshake: () => handshake };
        const alice = await Chat.connected(chat, "alice", { environment: chat.world });
        const refused = alice.live.send(recipient, body);
        const behind = alice.live.send("bob", "behind it");
        await chat.world.pass(20);
        expect(refused.state).toBe("failed");
        expect(refused.failure).toMatchObject({ status });
        await expect(refused.sent()).rejects.toBeInstanceOf(ChatProblem);
        expect(behind.state).toBe("sent");
        expect(alice.live.outgoing).toEqual([refused]);
        await alice.live.stop();
      }
    },
  );

  test.each([
    ["by its own length", "x".repeat(200_000)],
    ["by what it is written with", "\u0001".repeat(40_000)],
    ["in bytes", "\u20ac".repeat(70_000)],
    ["by far", "x".repeat(5_000_000)],
  ])("what is larger than the service reads fails at once, and what is behind it goes on: %s", async (_, body) => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    for (const handshake of ["opened", "refused"] as const) {
      chat.faults = { ...NO_FAULTS, handshake: () => handshake };
      if (handshake === "refused") {
        chat.close("alice", 1006);
      }
      const refused = alice.live.send("bob", body);
      const behind = alice.live.send("bob", "behind it");
      await chat.world.pass(20);
      expect(refused.failure).toMatchObject({ status: 413, code: "request_entity_too_large" });
      expect(behind.state).toBe("sent");
    }
    expect(sends(chat)).toBe(1);
    expect(alice.faults).toEqual([]);
  });

  test("what is so large that the service may hang up on it is not even asked for", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    const large = alice.live.send("bob", "\u20ac".repeat(1_398_000)); // three bytes each: just below 4 MiB
    await chat.world.pass(10);
    expect(large.failure).toMatchObject({ status: 413 });
    expect(chat.requests).toContain("POST /api/v1/message/");
    chat.requests.length = 0;
    const larger = alice.live.send("bob", "\u20ac".repeat(1_399_000));
    await chat.world.pass(10);
    expect(larger.failure).toMatchObject({ status: 413, code: "request_entity_too_large" });
    expect(chat.requests).toEqual([]);
  });

  test("what is large for a frame goes by request", async () => {
    const chat = service();
    chat.longest = 100_000;
    const alice = await Chat.connected(chat, "alice");
    const empty = JSON.stringify({ type: "send", client_id: "key-1", recipient: "bob", body: "" }).length;
    const fitting = alice.live.send("bob", "x".repeat(65_536 - empty));
    await chat.world.pass(10);
    expect([fitting.state, sends(chat), chat.requests]).toEqual(["sent", 1, []]);
    const larger = alice.live.send("bob", "x".repeat(65_536 - empty + 1));
    await chat.world.pass(10);
    expect([larger.state, sends(chat)]).toEqual(["sent", 1]);
  });

  test("what was sent when the service could not read some frame goes by request at once", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.faults = { ...NO_FAULTS, sent: () => [] };
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(10);
    chat.tell("alice", { type: "error", client_id: null, status: 429, code: "too_many_requests", detail: "Typing." });
    await chat.world.pass(10);
    expect(outgoing.state, "the answer to some other frame").toBe("pending");
    const frame = { status: 400, code: "invalid", detail: "Some fields are wrong.", frame: ["It is no JSON."] };
    chat.tell("alice", { type: "error", client_id: null, ...frame });
    await chat.world.pass(10);
    expect(outgoing.state).toBe("sent");
    expect(alice.faults).toHaveLength(2);
  });

  test("refused for now over the connection is sent again after as long as the service asks for", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.faults = { ...NO_FAULTS, refusal: () => 429 };
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(10);
    chat.faults = NO_FAULTS;
    await chat.world.pass(1_900);
    expect([outgoing.state, sends(chat)]).toEqual(["pending", 1]);
    await chat.world.pass(2_000);
    expect([outgoing.state, sends(chat)]).toEqual(["sent", 2]);
  });

  test("what failed is sent again when its writer says so, or given up", async () => {
    const chat = service();
    chat.block("bob", "alice", true);
    const alice = await Chat.connected(chat, "alice");
    const one = alice.live.send("bob", "one");
    const two = alice.live.send("bob", "two");
    await chat.world.pass(10);
    chat.block("bob", "alice", false);
    two.discard();
    one.retry();
    expect(one.state).toBe("pending");
    await chat.world.pass(10);
    expect(one.state).toBe("sent");
    expect(bodies(chat)).toEqual(["one"]);
    expect(alice.live.outgoing).toEqual([]);
    expect(alice.outbox.load(alice.key)).toEqual([]);
    await expect(two.sent()).rejects.toThrow("discarded");
  });

  test("what is asked too early waits for as long as the service says", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    let asked = 0;
    chat.intercept = (method, path) =>
      method === "POST" && path.endsWith("/message/") && ++asked === 1
        ? new Response('{"status": 429, "code": "too_many_requests", "detail": "Slowly."}', {
            status: 429,
            headers: { "Retry-After": "7" },
          })
        : undefined;
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    chat.close("alice", 1006);
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(6_900);
    expect([asked, outgoing.state]).toEqual([1, "pending"]);
    chat.faults = NO_FAULTS;
    await chat.world.pass(1_200);
    expect(outgoing.state).toBe("sent");
  });

  test("each is sent once where nothing fails, after the one before", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    range(1, 5).forEach((i) => alice.live.send("bob", `message ${i}`));
    await chat.world.settle();
    await chat.world.pass(1);
    expect(sends(chat)).toBe(1);
    await chat.world.pass(100);
    expect(sends(chat)).toBe(5);
  });

  test("nothing is sent that is not stored yet", async () => {
    const chat = service();
    const outbox = new MemoryOutboxStorage();
    const put = outbox.put.bind(outbox);
    outbox.put = (key, message) =>
      new Promise<void>((resolve) =>
        chat.world.after(1_000, () => {
          put(key, message);
          resolve();
        }),
      ) as unknown as undefined;
    const alice = await Chat.connected(chat, "alice", { outbox });
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(900);
    expect(sends(chat)).toBe(0);
    await chat.world.pass(200);
    expect(outgoing.state).toBe("sent");
    expect(outbox.load(alice.key)).toEqual([]);
  });

  test("a connection ends the wait for the next attempt, but not what the service asked for", async () => {
    const chat = service();
    chat.world.random = () => 0.9;
    const alice = await Chat.connected(chat, "alice");
    chat.faults = { ...NO_FAULTS, request: () => ({ delay: 1, fate: "lost" }), handshake: () => "hanging" };
    chat.close("alice", 1006);
    const waiting = alice.live.send("bob", "waiting");
    await chat.world.pass(17_500); // its fifth wait, of 14 s
    chat.faults = { ...NO_FAULTS, request: () => ({ delay: 1, fate: "lost" }) };
    const told = alice.live.send("carol", "told to wait");
    await chat.world.pass(1);
    chat.world.wake();
    for (let i = 0; i < 60 && alice.live.state.name !== "connected"; i++) {
      await chat.world.pass(500);
    }
    await chat.world.pass(10);
    expect(waiting.state).toBe("sent");
    expect(told.state).toBe("sent");

    chat.faults = { ...NO_FAULTS, sent: () => [] };
    const slow = alice.live.send("bob", "slow");
    await chat.world.pass(10);
    chat.faults = NO_FAULTS;
    chat.tell("alice", {
      type: "error",
      client_id: slow.clientId,
      status: 429,
      code: "too_many_requests",
      detail: "Slowly.",
      retry_after: 60,
    });
    await chat.world.pass(10);
    chat.close("alice", 1006);
    await chat.world.pass(40_000);
    expect([alice.live.state.name, slow.state]).toEqual(["connected", "pending"]);
  });

  test("a key of somebody else's that is the same settles nothing", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.faults = { ...NO_FAULTS, sent: () => [] };
    const outgoing = alice.live.send("bob", "mine");
    await chat.world.pass(10);
    chat.send("bob", "alice", "theirs", outgoing.clientId);
    await chat.world.pass(10);
    expect(outgoing.state).toBe("pending");
  });

  test("users who share a browser's storage have an outbox each", async () => {
    const chat = service();
    const outbox = new WebOutboxStorage(new FakeStorage());
    chat.down = true;
    const alice = await Chat.connected(chat, "alice", { outbox });
    alice.live.send("carol", "from alice");
    await chat.world.pass(10);
    await alice.live.stop();
    chat.down = false;
    const bob = await Chat.connected(chat, "bob", { outbox });
    expect(bob.live.outgoing).toEqual([]);
    expect(chat.messages).toEqual([]);
  });

  test("a handshake that somebody else's cookie made ends the matter, and a gap is not filled from their feed", async () => {
    const chat = service();
    chat.cookie = "bob";
    const alice = await Chat.connected(chat, "alice", { auth: "cookie" });
    expect(alice.states).toEqual(["connecting", "signedOut"]);

    chat.cookie = "alice";
    await alice.live.start();
    await chat.world.pass(100);
    chat.cookie = "bob";
    chat.tell("alice", { ...chat.send("bob", "alice", "one"), seq: 5, type: "message.sent" });
    await chat.world.pass(100);
    expect(alice.live.state.name).toBe("signedOut");
    expect(alice.seqs).toEqual([1]);
  });

  test("a frame says how long to wait, too", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.faults = { ...NO_FAULTS, sent: () => [] };
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(10);
    chat.faults = NO_FAULTS;
    chat.tell("alice", { type: "error", client_id: "key-1", status: 429, code: "x", detail: "x", retry_after: 5 });
    await chat.world.pass(4_900);
    expect(outgoing.state).toBe("pending");
    await chat.world.pass(1_200);
    expect(outgoing.state).toBe("sent");
  });

  test("a message at which the service fails again and again does not hold up the others for ever", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.close("alice", 1006);
    chat.intercept = (method, path, { body }) =>
      method === "POST" && path.endsWith("/message/") && typeof body === "string" && body.includes("poison")
        ? new Response('{"status": 500, "code": "internal", "detail": "x"}', { status: 500 })
        : undefined;
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    const poison = alice.live.send("bob", "poison");
    const behind = alice.live.send("bob", "behind");
    await chat.world.pass(120_000);
    expect(poison.state).toBe("failed");
    expect(behind.state).toBe("sent");
  });

  test("goes on after a reload with what was not sent, in its order, and knows what was refused", async () => {
    const chat = service();
    const outbox = new WebOutboxStorage(new FakeStorage());
    chat.block("carol", "alice", true);
    const before = await Chat.connected(chat, "alice", { outbox });
    before.live.send("carol", "refused");
    await chat.world.pass(10);
    chat.down = true;
    chat.close("alice", 1006);
    ["one", "two", "three"].forEach((body) => before.live.send("bob", body, { replyTo: 3 }));
    await chat.world.pass(1_000);
    await before.live.stop();

    const after = new Chat(chat, "alice", { outbox });
    const seen: Outgoing[] = [];
    after.live.onOutgoing((outgoing) => seen.push(outgoing));
    chat.down = false;
    const four = after.live.send("bob", "four");
    expect(four.state).toBe("pending");
    await after.live.start();
    expect(after.live.outgoing.map(({ body, state }) => `${body} ${state}`)).toEqual([
      "refused failed",
      "one pending",
      "two pending",
      "three pending",
      "four pending",
    ]);
    expect(after.live.outgoing[0]?.failure).toMatchObject({
      status: 403,
      detail: "They do not want to hear from you.",
    });
    await chat.world.pass(1_000);
    expect(bodies(chat)).toEqual(["one", "two", "three", "four"]);
    expect(chat.messages.map(({ reply_to }) => reply_to)).toEqual([3, 3, 3, null]);
    expect(seen.length).toBeGreaterThan(4);
    expect(outbox.load(after.key)).toHaveLength(1);
  });

  test("two tabs with one outbox send each message once", async () => {
    const chat = service();
    const outbox = new MemoryOutboxStorage();
    const one = new Chat(chat, "alice", { outbox });
    range(1, 5).forEach((i) => one.live.send("bob", `message ${i}`));
    await chat.world.settle();
    const two = new Chat(chat, "alice", { outbox });
    await Promise.all([one.live.start(), two.live.start()]);
    await chat.world.pass(1_000);
    expect(bodies(chat)).toEqual(range(1, 5).map((i) => `message ${i}`));
    expect(one.live.outgoing).toEqual([]);
    expect(two.live.outgoing).toEqual([]);
    expect(outbox.load(one.key)).toEqual([]);
  });

  describe("in two tabs", () => {
    afterEach(() => {
      vi.unstubAllGlobals();
    });

    /** The same user in two tabs of one browser. */
    async function tabs(chat: FakeService): Promise<readonly [Chat, Chat]> {
      const window = new EventTarget();
      vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
      vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
      const [one, two] = twoTabs(window).map((storage) => new WebOutboxStorage(storage));
      return [
        await Chat.connected(chat, "alice", { outbox: one ?? fail() }),
        await Chat.connected(chat, "alice", { outbox: two ?? fail() }),
      ];
    }

    function fail(): never {
      throw new Error("There are two tabs");
    }

    const shown = ({ live }: Chat): readonly string[] => live.outgoing.map(({ body, state }) => `${body} ${state}`);

    test("what one has written, both show, and one sends", async () => {
      const chat = service();
      const [one, two] = await tabs(chat);
      one.live.send("bob", "hello");
      await chat.world.settle();
      expect(shown(two)).toEqual(["hello pending"]);
      await chat.world.pass(10_000);
      expect([shown(one), shown(two)]).toEqual([[], []]);
      expect(sends(chat)).toBe(1);
    });

    test("what one cannot send any more, the other does", async () => {
      const chat = service();
      const [one, two] = await tabs(chat);
      await one.live.stop();
      one.live.send("bob", "written and closed");
      await chat.world.pass(4_000);
      expect(bodies(chat)).toEqual([]);
      expect(shown(two)).toEqual(["written and closed pending"]);
      await chat.world.pass(2_000);
      expect(bodies(chat)).toEqual(["written and closed"]);
      expect(shown(two)).toEqual([]);
    });

    test.each([1, 2, 3, 4])(
      "what is written while the service is away keeps its order, whoever sends it (%i)",
      async (seed) => {
        const chat = new FakeService(new World(seed), "alice", "bob");
        const [one, two] = await tabs(chat);
        chat.down = true;
        chat.close("alice", 1006);
        for (const [i, tab] of [one, two, one, two, two, one].entries()) {
          tab.live.send("bob", `message ${i}`);
          await chat.world.pass(1_500);
        }
        await chat.world.pass(6_000);
        chat.down = false;
        await chat.world.pass(60_000);
        expect(bodies(chat)).toEqual(range(0, 5).map((i) => `message ${i}`));
        expect([shown(one), shown(two)]).toEqual([[], []]);
      },
    );

    test("what one has written waits for what the other has written before, and no longer than for that", async () => {
      const chat = service();
      const [one, two] = await tabs(chat);
      await one.live.stop();
      one.live.send("bob", "first");
      await chat.world.pass(1_000);
      two.live.send("bob", "second");
      two.live.send("carol", "to somebody else");
      await chat.world.pass(3_500);
      expect(bodies(chat)).toEqual([]);
      expect(bodies(chat, "alice", "carol")).toEqual(["to somebody else"]);
      await chat.world.pass(1_000);
      expect(bodies(chat)).toEqual(["first", "second"]);
      two.live.send("bob", "third");
      await chat.world.pass(10);
      expect(bodies(chat).at(-1)).toBe("third");
    });

    test("what is heard of late still goes before what was written after it, and was tried already", async () => {
      const chat = service();
      const [one, two] = await tabs(chat);
      chat.down = true;
      chat.close("alice", 1006);
      await one.live.stop();
      two.live.send("bob", "later");
      await chat.world.pass(3_000);
      void one.outbox.put(one.key, { client_id: "key-0", recipient: "bob", body: "earlier", written: 1 });
      await chat.world.pass(1_000);
      chat.down = false;
      await chat.world.pass(60_000);
      expect(bodies(chat)).toEqual(["earlier", "later"]);
    });

    test("what is sent again is the last of its conversation, in both", async () => {
      const chat = service();
      chat.block("bob", "alice", true);
      const [one, two] = await tabs(chat);
      const again = one.live.send("bob", "again");
      await chat.world.pass(100);
      chat.block("bob", "alice", false);
      chat.down = true;
      chat.close("alice", 1006);
      two.live.send("bob", "meanwhile");
      await chat.world.settle();
      again.retry();
      await chat.world.pass(10_000);
      chat.down = false;
      await chat.world.pass(60_000);
      expect(bodies(chat)).toEqual(["meanwhile", "again"]);
    });

    test("what was refused is refused in both, and settled by either", async () => {
      const chat = service();
      chat.block("bob", "alice", true);
      const [one, two] = await tabs(chat);
      one.live.send("bob", "first");
      one.live.send("bob", "second");
      await chat.world.pass(100);
      expect(shown(two)).toEqual(["first failed", "second failed"]);
      expect(two.live.outgoing[0]?.failure).toMatchObject({ status: 403 });
      two.live.outgoing[0]?.discard();
      await chat.world.settle();
      expect(shown(one)).toEqual(["second failed"]);
      chat.block("bob", "alice", false);
      two.live.outgoing[0]?.retry();
      await chat.world.settle();
      expect(shown(one)).toEqual(["second pending"]);
      await chat.world.pass(100);
      expect([shown(one), shown(two)]).toEqual([[], []]);
      expect(bodies(chat)).toEqual(["second"]);
    });

    describe("without a connection just now", () => {
      /** Requests get through, as long as they are not lost, and nothing comes by itself. */
      async function apart(chat: FakeService): Promise<readonly [Chat, Chat]> {
        const both = await tabs(chat);
        chat.world.random = () => 0.9;
        chat.faults = { ...NO_FAULTS, handshake: () => "hanging" };
        chat.close("alice", 1006);
        await chat.world.pass(1_000);
        return both;
      }

      test("what one has sent is sent in both, though the storage is full", async () => {
        const chat = service();
        const [one, two] = await apart(chat);
        one.live.send("bob", "hello");
        await chat.world.settle();
        const kept = two.live.outgoing[0];
        vi.spyOn(one.outbox, "put").mockImplementation(() => {
          throw new Error("full");
        });
        await chat.world.pass(60_000);
        expect(shown(one)).toEqual([]);
        expect((await kept?.sent())?.body).toBe("hello");
        expect(bodies(chat)).toEqual(["hello"]);
        expect(one.outbox.load(one.key)).toEqual([]);
      });

      test("what one has sent is sent in both", async () => {
        const chat = service();
        const [one, two] = await apart(chat);
        const changes: string[] = [];
        two.live.onOutgoing(({ body, state }) => changes.push(`${body} ${state}`));
        one.live.send("bob", "hello");
        await chat.world.settle();
        const [there] = two.live.outgoing;
        await chat.world.pass(10);
        expect(changes).toEqual(["hello pending", "hello sent"]);
        expect(await there?.sent()).toEqual(chat.messages[0]);
        expect([shown(one), shown(two)]).toEqual([[], []]);
        expect(one.outbox.load(one.key)).toEqual([]);
      });

      test("what one has written and the other has sent is sent in both", async () => {
        const chat = service();
        const [one, two] = await apart(chat);
        chat.faults = { ...chat.faults, request: () => ({ delay: 1, fate: "lost" }) };
        const outgoing = one.live.send("bob", "hello"); // and is tried again after 0.9, 2.7 and 6.3 s
        await chat.world.pass(4_000);
        chat.faults = { ...chat.faults, request: () => ({ delay: 1, fate: "answered" }) };
        chat.requests.length = 0;
        await chat.world.pass(1_500);
        expect(chat.requests.filter((one) => one.startsWith("POST"))).toHaveLength(1);
        expect(outgoing.state).toBe("sent");
        expect(await outgoing.sent()).toEqual(chat.messages[0]);
        expect([shown(one), shown(two)]).toEqual([[], []]);
      });

      test("what one has given up is given up in both, and is not sent after a reload", async () => {
        const chat = service();
        const [one, two] = await apart(chat);
        chat.faults = { ...chat.faults, request: () => ({ delay: 1, fate: "lost" }) };
        const outgoing = one.live.send("bob", "hello");
        await chat.world.pass(100);
        const left = await one.outbox.load(one.key);
        two.live.outgoing[0]?.discard();
        await chat.world.settle();
        expect(outgoing.state).toBe("failed");
        await expect(outgoing.sent()).rejects.toThrow("discarded");
        expect(one.outbox.load(one.key)).toEqual([]);

        expect(left).toHaveLength(1);
        left.forEach((message) => void two.outbox.put(two.key, { ...message, settled: "discarded" })); // and it crashed
        await Promise.all([one.live.stop(), two.live.stop()]);
        chat.faults = NO_FAULTS;
        const after = await Chat.connected(chat, "alice", { outbox: two.outbox });
        await chat.world.pass(10_000);
        expect(shown(after)).toEqual([]);
        expect(chat.messages).toEqual([]);
        expect(two.outbox.load(two.key)).toEqual([]);
      });

      test("what was removed without a word is sent no more, and said to be neither sent nor discarded", async () => {
        const chat = service();
        const [one, two] = await apart(chat);
        chat.faults = { ...chat.faults, request: () => ({ delay: 1, fate: "lost" }) };
        const outgoing = one.live.send("bob", "hello");
        await chat.world.pass(100);
        await two.live.stop();
        void two.outbox.remove(two.key, outgoing.clientId); // as whoever signs out does
        await expect(outgoing.sent()).rejects.toThrow("removed elsewhere");
        chat.faults = NO_FAULTS;
        await chat.world.pass(30_000);
        expect(chat.messages).toEqual([]);
      });
    });

    describe("of which one has stopped, and is started again,", () => {
      test("it drops what the other has settled meanwhile, and takes in what that has written, in its order", async () => {
        const chat = service();
        const [one, two] = await tabs(chat);
        chat.block("carol", "alice", true);
        const refused = one.live.send("carol", "refused");
        await chat.world.pass(100);
        chat.down = true;
        chat.close("alice", 1006);
        const [first, discarded] = ["first", "discarded"].map((body) => one.live.send("bob", body));
        await chat.world.pass(100);
        await one.live.stop();
        two.live.outgoing.find(({ body }) => body === "discarded")?.discard();
        two.live.outgoing.find(({ body }) => body === "refused")?.retry();
        two.live.send("bob", "second");
        two.live.send("bob", "third");
        await chat.world.pass(100);
        one.live.send("bob", "fourth");
        await chat.world.pass(100);
        await two.live.stop();
        two.live.send("bob", "fifth");
        await chat.world.settle();

        const changes: string[] = [];
        one.live.onOutgoing(({ body, state }) => changes.push(`${body} ${state}`));
        await one.live.start();
        expect(changes).toEqual([
          "discarded failed",
          "refused pending",
          "second pending",
          "third pending",
          "fifth pending",
        ]);
        expect([first, discarded, refused].map((outgoing) => outgoing?.state)).toEqual([
          "pending",
          "failed",
          "pending",
        ]);
        await expect(discarded?.sent()).rejects.toThrow("removed elsewhere");
        chat.down = false;
        await chat.world.pass(60_000);
        expect(bodies(chat)).toEqual(["first", "second", "third", "fourth", "fifth"]);
        expect(shown(one)).toEqual(["refused failed"]);
      });

      test("what the other has sent meanwhile is sent once", async () => {
        const chat = service();
        const [one, two] = await tabs(chat);
        await one.live.stop();
        const outgoing = one.live.send("bob", "hello");
        await chat.world.pass(6_000);
        expect(bodies(chat)).toEqual(["hello"]);
        chat.requests.length = 0;
        chat.frames.length = 0;
        await one.live.start();
        expect(outgoing.state).toBe("failed"); // what became of it the storage does not say any more
        await chat.world.pass(60_000);
        expect(sends(chat) + chat.requests.filter((request) => request.startsWith("POST")).length).toBe(0);
        expect([shown(one), shown(two)]).toEqual([[], []]);
      });

      test("what the other has settled, but not removed, is settled, and removed", async () => {
        const chat = service();
        const [one, two] = await tabs(chat);
        await Promise.all([one.live.stop(), two.live.stop()]);
        const outgoing = one.live.send("bob", "hello");
        await chat.world.settle();
        const sent = chat.send("alice", "bob", "hello", outgoing.clientId);
        const [stored] = await two.outbox.load(two.key);
        void two.outbox.put(two.key, { ...(stored ?? fail()), settled: sent }); // and it crashed
        await one.live.start();
        expect(await outgoing.sent()).toEqual(sent);
        await chat.world.settle();
        expect(one.outbox.load(one.key)).toEqual([]);
      });

      test("what could not be stored is not gone, what could and was removed is", async () => {
        const chat = service();
        chat.down = true;
        const [one, two] = await tabs(chat);
        const { outbox } = one;
        const stored = one.live.send("bob", "stored");
        await chat.world.settle();
        const full = vi.spyOn(outbox, "put").mockImplementation(() => {
          throw new Error("full");
        });
        one.live.send("bob", "not stored");
        await chat.world.settle();
        await one.live.stop();
        expect(shown(two)).toEqual(["stored pending"]);
        two.live.outgoing[0]?.discard();
        await chat.world.settle();
        await two.live.stop();
        await one.live.start();
        expect(stored.state).toBe("failed");
        expect(shown(one)).toEqual(["not stored pending"]);
        full.mockRestore();
        chat.down = false;
        await chat.world.pass(60_000);
        expect(bodies(chat)).toEqual(["not stored"]);
        vi.spyOn(outbox, "load").mockImplementation(() => {
          throw new Error("forbidden");
        });
        await one.live.stop();
        const later = one.live.send("bob", "kept");
        await one.live.start();
        await chat.world.pass(100);
        expect(later.state, "a storage that cannot be read says of nothing that it is gone").toBe("sent");
      });

      test("what is theirs is left alone while somebody else is signed in, and gone where that one has removed it", async () => {
        const chat = service();
        chat.cookie = "alice";
        const outbox = new WebOutboxStorage(new FakeStorage());
        const watch = vi.spyOn(outbox, "watch");
        const alice = await Chat.connected(chat, "alice", { auth: "cookie", outbox });
        chat.endSession("alice");
        await chat.world.pass(1_000);
        const [kept, removed] = ["kept", "removed"].map((body) => alice.live.send("carol", body));
        await chat.world.settle();
        chat.cookie = "bob";
        const bob = await Chat.connected(chat, "bob", { auth: "cookie", outbox });
        await alice.live.start();
        await chat.world.pass(60_000);
        expect(alice.live.state.name).toBe("signedOut");
        expect(bob.live.outgoing).toEqual([]);
        expect(chat.messages).toEqual([]);
        outbox.remove(alice.key, removed?.clientId ?? "");
        await bob.live.stop();
        chat.cookie = "alice";
        await alice.live.start();
        await chat.world.pass(1_000);
        expect([kept?.state, removed?.state]).toEqual(["sent", "failed"]);
        expect(bodies(chat, "alice", "carol")).toEqual(["kept"]);
        expect(watch.mock.calls.map(([key]) => key)).toEqual([alice.key, bob.key, alice.key, alice.key]);
      });
    });

    test("a tab that has stopped hears no more", async () => {
      const chat = service();
      const [one, two] = await tabs(chat);
      await two.live.stop();
      one.live.send("bob", "hello");
      await chat.world.settle();
      expect(shown(two)).toEqual([]);
    });
  });

  describe("with a shared storage that takes its time", () => {
    const SLOW = 500;

    /** Stopped, with a message that is stored and one that was just written. */
    async function stopped(chat: FakeService): Promise<[Chat, SlowStorage, Outgoing, Outgoing]> {
      const outbox = new SlowStorage(chat.world);
      const alice = new Chat(chat, "alice", { outbox });
      const stored = alice.live.send("bob", "stored");
      await chat.world.pass(SLOW);
      return [alice, outbox, stored, alice.live.send("bob", "being stored")];
    }

    async function started(chat: FakeService, { live }: Chat, meanwhile: () => void = () => undefined): Promise<void> {
      const starting = live.start();
      await chat.world.pass(SLOW / 2);
      meanwhile();
      await chat.world.pass(SLOW);
      await starting;
    }

    const all = ({ live }: Chat): readonly string[] => live.outgoing.map(({ body, state }) => `${body} ${state}`);

    test("what is being stored at a start is not gone, and what is being removed is not there", async () => {
      const chat = service();
      chat.down = true;
      const [alice, outbox, stored] = await stopped(chat);
      stored.discard();
      await started(chat, alice);
      expect(all(alice)).toEqual(["being stored pending"]);
      await alice.live.stop();
      outbox.elsewhere("key-2", undefined);
      await started(chat, alice);
      expect(all(alice), "once it was stored it is").toEqual([]);
      chat.down = false;
      await chat.world.pass(60_000);
      expect(chat.messages).toEqual([]);
    });

    test("what is written, refused or given up while it is read is as it is then", async () => {
      const chat = service();
      chat.down = true;
      const [alice, , stored] = await stopped(chat);
      await chat.world.pass(SLOW);
      await started(chat, alice, () => {
        stored.discard();
        alice.live.send("bob", "just written");
      });
      expect(all(alice)).toEqual(["being stored pending", "just written pending"]);
      chat.down = false;
      await chat.world.pass(60_000);
      expect(bodies(chat)).toEqual(["being stored", "just written"]);
    });

    test("what others do while it is read is heard, and newer", async () => {
      const chat = service();
      chat.down = true;
      const [alice, outbox, stored, second] = await stopped(chat);
      await chat.world.pass(SLOW);
      const settled = outbox.messages.get(second.clientId);
      const written = { client_id: "key-0", recipient: "bob", body: "written elsewhere", written: 1 };
      await started(chat, alice, () => {
        outbox.elsewhere(stored.clientId, undefined);
        outbox.elsewhere(second.clientId, settled && { ...settled, settled: "discarded" });
        outbox.elsewhere(written.client_id, written);
      });
      expect(all(alice)).toEqual(["written elsewhere pending"]);
      expect([stored.state, second.state]).toEqual(["failed", "failed"]);
      await alice.live.stop();
      outbox.elsewhere(written.client_id, undefined);
      await started(chat, alice);
      expect(all(alice)).toEqual([]);
    });
  });

  test.each(["a stop", "a 401"])("nothing more goes out after %s", async (end) => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice");
    chat.faults = { ...NO_FAULTS, frame: () => [] };
    const outgoing = [alice.live.send("bob", "on its way"), alice.live.send("bob", "behind it")];
    await chat.world.pass(10);
    if (end === "a stop") {
      await alice.live.stop();
    } else {
      chat.intercept = () => Response.json({ status: 401, code: "not_signed_in" }, { status: 401 });
      const asked = alice.live.requests.people.list();
      await Promise.all([expect(asked).rejects.toMatchObject({ status: 401 }), chat.world.pass(10)]);
    }
    await chat.world.pass(60_000);
    expect(chat.requests.filter((request) => request.startsWith("POST"))).toEqual([]);
    expect(outgoing.map(({ state }) => state)).toEqual(["pending", "pending"]);
    expect(bodies(chat)).toEqual(["on its way"]);
  });

  test("what was written while a host gave no token is sent once it does", async () => {
    const chat = service();
    let token: () => Promise<string> = () => Promise.resolve(chat.token("alice"));
    const alice = await Chat.connected(chat, "alice", { token: () => token() });
    token = () => Promise.reject(new TypeError("fetch failed"));
    chat.close("alice", 1006);
    const outgoing = [alice.live.send("bob", "one")];
    await chat.world.pass(5_000);
    token = () => new Promise(() => undefined);
    outgoing.push(alice.live.send("bob", "two"));
    await chat.world.pass(5_000);
    token = () => Promise.resolve(chat.token("alice"));
    await chat.world.pass(60_000);
    expect(outgoing.map(({ state }) => state)).toEqual(["sent", "sent"]);
    expect(alice.live.state.name).toBe("connected");
  });

  test("a storage that is full keeps nobody from sending", async () => {
    const chat = service();
    const full = new Error("full");
    const outbox = { load: () => Promise.reject(full), put: () => Promise.reject(full), remove: () => undefined };
    const alice = await Chat.connected(chat, "alice", { outbox });
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(10);
    expect(outgoing.state).toBe("sent");
    expect(alice.faults).toEqual([full, full]);
  });

  test("what is written outlives the page once the storage has it, which is told", async () => {
    const chat = service();
    chat.down = true;
    const outbox = new SlowStorage(chat.world);
    const alice = new Chat(chat, "alice", { outbox });
    void alice.live.start();
    await chat.world.pass(1_000);
    const told: string[] = [];
    alice.live.onOutgoing(({ body, kept }) => told.push(`${body} ${kept ? "kept" : "not yet"}`));
    alice.live.send("bob", "hello");
    await chat.world.pass(490);
    expect(told).toEqual(["hello not yet"]);
    await chat.world.pass(20);
    expect(told).toEqual(["hello not yet", "hello kept"]);
    await alice.live.stop();
    const after = new Chat(chat, "alice", { outbox });
    void after.live.start();
    await chat.world.pass(1_000);
    expect(after.live.outgoing).toMatchObject([{ body: "hello", kept: true }]);
  });

  test("what a storage does not take as it is now is not kept, until it takes what becomes of it", async () => {
    const chat = service();
    const outbox = new WebOutboxStorage(new FakeStorage());
    chat.block("bob", "alice", true);
    const alice = await Chat.connected(chat, "alice", { outbox });
    const refused = alice.live.send("bob", "refused");
    await chat.world.pass(10);
    expect([refused.state, refused.kept]).toEqual(["failed", true]);
    const full = vi.spyOn(outbox, "put").mockImplementation(() => {
      throw new Error("full");
    });
    chat.down = true;
    chat.close("alice", 1006);
    const written = alice.live.send("carol", "hello");
    refused.retry();
    await chat.world.pass(10);
    const left = (): unknown => alice.live.outgoing.map(({ body, state, kept }) => [body, state, kept]);
    expect(left()).toEqual([
      ["refused", "pending", false],
      ["hello", "pending", false],
    ]);

    full.mockRestore();
    chat.down = false;
    await chat.world.pass(60_000);
    expect([written.state, refused.state, refused.kept], "what it takes later is kept").toEqual([
      "sent",
      "failed",
      true,
    ]);
  });

  test("of what is stored twice in a row the later one counts", async () => {
    const chat = service();
    chat.block("bob", "alice", true);
    const alice = new Chat(chat, "alice", { outbox: new SlowStorage(chat.world) });
    void alice.live.start();
    await chat.world.pass(1_000);
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(600);
    expect([outgoing.state, outgoing.kept], "refused, which is being stored").toEqual(["failed", false]);
    chat.down = true;
    chat.close("alice", 1006);
    outgoing.retry();
    await chat.world.pass(500); // the refusal is stored
    expect(outgoing.kept).toBe(false);
    await chat.world.pass(500);
    expect([outgoing.state, outgoing.kept]).toEqual(["pending", true]);
  });

  test("what was to be sent again while the storage was full is sent again, whatever the storage says of it", async () => {
    const chat = service();
    const outbox = new WebOutboxStorage(new FakeStorage());
    chat.block("bob", "alice", true);
    chat.block("carol", "alice", true);
    const alice = await Chat.connected(chat, "alice", { outbox });
    const [again, gone] = ["bob", "carol"].map((other) => alice.live.send(other, "hello"));
    await chat.world.pass(10);
    expect([again?.state, gone?.state]).toEqual(["failed", "failed"]);
    const full = vi.spyOn(outbox, "put").mockImplementation(() => {
      throw new Error("full");
    });
    chat.down = true;
    chat.close("alice", 1006);
    again?.retry();
    gone?.retry();
    await chat.world.pass(10);
    await alice.live.stop();
    outbox.remove(alice.key, gone?.clientId ?? "");
    const states: string[] = [];
    alice.live.onOutgoing(({ state }) => states.push(state));
    await alice.live.start();
    await chat.world.pass(10);
    expect([again?.state, gone?.state, states]).toEqual(["pending", "pending", []]);

    full.mockRestore();
    chat.down = false;
    chat.block("bob", "alice", false);
    await chat.world.pass(60_000);
    expect([again?.state, gone?.state]).toEqual(["sent", "failed"]);
    expect(gone?.failure).toMatchObject({ status: 403 });
    await alice.live.stop();
    await alice.live.start();
    expect(alice.live.outgoing, "what the storage has taken since is the latest").toEqual([gone]);
  });

  test("what is answered after the end is not kept, and asked again by whoever goes on", async () => {
    const chat = service();
    chat.block("bob", "alice", true);
    const alice = await Chat.connected(chat, "alice");
    const outgoing = alice.live.send("bob", "secret");
    await alice.live.stop();
    await alice.outbox.remove(alice.key, outgoing.clientId); // as whoever signs out has all of it removed
    await chat.world.pass(60_000);
    expect(alice.outbox.load(alice.key)).toEqual([]);
    expect(outgoing.state).toBe("pending");
    await alice.live.start();
    await chat.world.pass(60_000);
    expect(outgoing.failure, "nobody shares it, so it was not gone").toMatchObject({ status: 403 });
  });

  test("what is written after the session has ended waits for the next one of the same user", async () => {
    const chat = service();
    const alice = await Chat.connected(chat, "alice", { auth: "cookie" });
    chat.cookie = "alice";
    await alice.live.start();
    await chat.world.pass(10);
    chat.endSession("alice");
    const outgoing = alice.live.send("bob", "hello");
    await chat.world.pass(60_000);
    expect(alice.live.state.name).toBe("signedOut");
    expect(outgoing.state).toBe("pending");
    chat.cookie = "alice";
    await alice.live.start();
    await chat.world.pass(10);
    expect(outgoing.state).toBe("sent");
  });

  test("nothing is sent, marked or read in the name of whoever signed in since", async () => {
    const chat = service();
    chat.cookie = "alice";
    const alice = await Chat.connected(chat, "alice", { auth: "cookie" });
    chat.send("bob", "alice", "for alice");
    chat.send("bob", "carol", "for carol");
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    chat.close("alice", 1006);
    alice.live.send("carol", "by request");
    await chat.world.pass(10_000);
    expect(alice.live.outgoing).toEqual([]);
    chat.cookie = "bob"; // in another tab
    const before = chat.conversations("bob").map(({ user, unread }) => [user, unread]);
    const outgoing = alice.live.send("carol", "from alice");
    alice.live.markRead("carol", 1);
    await chat.world.pass(60_000);
    expect(alice.live.state.name).toBe("signedOut");
    expect(outgoing.state).toBe("pending");
    expect(chat.conversations("bob").map(({ user, unread }) => [user, unread])).toEqual(before);

    chat.faults = NO_FAULTS;
    await alice.live.start();
    await chat.world.pass(10);
    expect(alice.live.state.name, "the handshake tells, too").toBe("signedOut");
    expect(alice.events.map(({ type }) => type)).toEqual(["message.sent", "message.sent"]);
    expect(chat.messages).toHaveLength(3);
  });

  test("what a service has sent in somebody else's name, which minds no names, is not taken for one's own", async () => {
    const chat = service();
    chat.cookie = "alice";
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    const alice = await Chat.connected(chat, "alice", { auth: "cookie" });
    chat.intercept = (method, path) =>
      method === "POST" && path.endsWith("/message/")
        ? Response.json(chat.send("bob", "carol", "from alice"), { status: 201 })
        : undefined;
    const outgoing = alice.live.send("carol", "from alice");
    await chat.world.pass(10);
    expect([outgoing.state, alice.live.state.name]).toEqual(["pending", "signedOut"]);
    expect(alice.live.outgoing).toEqual([outgoing]);
  });
});

import { describe, expect, test } from "vitest";
import { ConnectionFailed } from "../src/problem.js";
import { Chat } from "./support/chat.js";
import { FakeService, NO_FAULTS } from "./support/fake-service.js";
import { World } from "./support/world.js";

function service(): FakeService {
  return new FakeService(new World(), "alice", "bob");
}

/** How long after which each handshake was made, from now on, in milliseconds. */
async function handshakes(chat: FakeService, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  const begin = chat.world.now();
  for (let seen = chat.handshakes.length; times.length < count && chat.world.now() - begin < 600_000;) {
    await chat.world.pass(10);
    if (chat.handshakes.length > seen) {
      seen = chat.handshakes.length;
      times.push(chat.world.now() - begin);
    }
  }
  return times;
}

describe("the connection", () => {
  test("comes back at once, from where it was, when the service goes away", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.send("alice", "bob", "hello");
    await chat.world.pass(60_000);
    chat.close("bob", 1001);
    expect(bob.live.state.name).toBe("waiting");
    const [time] = await handshakes(chat, 1);
    expect(time).toBeLessThanOrEqual(1_010);
    expect(chat.handshakes[1]?.url).toBe("ws://chat.test/ws?after=1");
    expect(chat.requests).toEqual([]);
  });

  test("comes back at once also when it failed before, since this is another node's stop", async () => {
    const chat = service();
    chat.world.random = () => 0.9;
    chat.down = true;
    const bob = await Chat.connected(chat, "bob");
    await chat.world.pass(60_000);
    chat.down = false;
    await handshakes(chat, 1);
    await chat.world.pass(100);
    expect(bob.live.state.name).toBe("connected");
    chat.close("bob", 1001);
    expect((await handshakes(chat, 1))[0]).toBeLessThan(1_000);
  });

  test("a connection that is late, and not dead, is kept", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    await chat.world.pass(59_000);
    chat.faults = { ...NO_FAULTS, frame: () => [3_000] };
    chat.send("alice", "bob", "late");
    await chat.world.pass(1_500);
    expect(bob.seqs).toEqual([1]);
    await chat.world.pass(20_000);
    expect(chat.handshakes).toHaveLength(1);
  });

  test.each([1001, 1006])("many clients do not come back together after %d", async (code) => {
    const waits = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const chat = new FakeService(new World(i), "bob");
        await Chat.connected(chat, "bob");
        chat.close("bob", code);
        return (await handshakes(chat, 1))[0] ?? Infinity;
      }),
    );
    for (const quarter of [0, 250, 500, 750]) {
      const inIt = waits.filter((wait) => wait > quarter && wait <= quarter + 250);
      expect(inIt.length).toBeGreaterThan(25);
    }
  });

  test.each([1000, 1006, 1011, 1013])("comes back after a while when it is closed with %d", async (code) => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.close("bob", code);
    chat.send("alice", "bob", "in between");
    await chat.world.pass(1_100);
    expect(bob.live.state.name).toBe("connected");
    expect(bob.seqs).toEqual([1]);
  });

  test("waits longer and longer while it fails, up to a limit, and is patient anew after a good connection", async () => {
    const chat = service();
    chat.world.random = () => 0.999;
    await Chat.connected(chat, "bob");
    chat.down = true;
    chat.close("bob", 1006);
    const times = await handshakes(chat, 9);
    const waits = times.map((time, i) => Math.round((time - (times[i - 1] ?? 0)) / 1000));
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15, 15, 15]);
    chat.down = false;
    await handshakes(chat, 1);
    await chat.world.pass(5_000);
    chat.close("bob", 1006);
    expect((await handshakes(chat, 1))[0], "it was too short to count").toBeGreaterThan(14_000);
    await chat.world.pass(11_000);
    chat.close("bob", 1006);
    expect((await handshakes(chat, 1))[0]).toBeLessThan(1_100);
  });

  test("tells when it tries again", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.close("bob", 1006);
    const { state } = bob.live;
    expect(state.name).toBe("waiting");
    const until = state.name === "waiting" ? state.until : 0;
    await chat.world.pass(until - chat.world.wallClock());
    expect(bob.live.state.name).not.toBe("waiting");
  });

  test("a handshake that hangs is given up", async () => {
    const chat = service();
    chat.faults = { ...NO_FAULTS, handshake: () => "hanging" };
    const bob = await Chat.connected(chat, "bob");
    await chat.world.pass(14_000);
    expect(bob.live.state.name).toBe("connecting");
    chat.faults = NO_FAULTS;
    await chat.world.pass(3_000);
    expect(bob.live.state.name).toBe("connected");
  });

  test("an ended session signs out, and asks no more", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.endSession("bob");
    await chat.world.pass(10);
    expect(bob.states).toEqual(["connecting", "connected", "connecting", "signedOut"]);
    const asked = chat.requests.length;
    await chat.world.pass(600_000);
    expect(chat.requests).toHaveLength(asked);
    expect(chat.handshakes).toHaveLength(1);
    expect(chat.world.timers).toBe(0);
  });

  describe("a 401 to what was asked before it was started again says nothing of now", () => {
    const ways: [string, (bob: Chat) => unknown, (chat: FakeService) => void][] = [
      [
        "a message",
        (bob) => bob.live.send("alice", "hello"),
        (chat) => {
          expect(chat.messages).toHaveLength(3);
        },
      ],
      [
        "a mark",
        (bob) => {
          bob.live.markRead("alice", 2);
        },
        (chat) => {
          expect(chat.conversations("bob")[0]?.unread).toBe(0);
        },
      ],
      ["reading the feed", () => undefined, () => undefined],
      ["a request of its user's", (bob) => bob.live.requests.people.list().catch(() => undefined), () => undefined],
    ];
    test.each(ways)("%s", async (_, ask, holds) => {
      const chat = service();
      const bob = await Chat.connected(chat, "bob");
      chat.send("alice", "bob", "one");
      await chat.world.pass(10);
      chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
      chat.close("bob", 1006);
      await chat.world.pass(10);
      const { answer } = chat.world;
      chat.world.answer = () =>
        new Promise((resolve) => {
          chat.world.after(5_000, () => {
            resolve(Response.json({ status: 401, code: "not_signed_in" }, { status: 401 }));
          });
        });
      chat.send("alice", "bob", "two");
      ask(bob);
      await chat.world.pass(3_000);
      await bob.live.stop();
      chat.world.answer = answer;
      chat.faults = NO_FAULTS;
      await bob.live.start();
      await chat.world.pass(60_000);
      expect(bob.states).not.toContain("signedOut");
      expect(bob.states.slice(bob.states.indexOf("stopped"))).toEqual(["stopped", "connecting", "connected"]);
      expect(bob.seqs.slice(0, 2)).toEqual([1, 2]);
      holds(chat);
    });
  });

  test("nor does one to what was asked before its user signed in again", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    const { answer } = chat.world;
    let refuse: (answer: Response) => void = () => undefined;
    chat.world.answer = () => new Promise((resolve) => (refuse = resolve));
    const asked = bob.live.requests.people.list();
    await chat.world.settle();
    chat.world.answer = () => Promise.resolve(Response.json({ token: "another", username: "bob" }, { status: 201 }));
    await bob.client.sessions.signIn("bob", "password");
    chat.world.answer = answer;
    refuse(Response.json({ status: 401, code: "not_signed_in" }, { status: 401 }));
    await expect(asked).rejects.toBeInstanceOf(ConnectionFailed);
    expect(bob.live.state.name).toBe("connected");
  });

  test("a handshake refused since nobody is signed in does, too, though a browser does not see why", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob", { auth: "cookie" });
    expect(bob.live.state.name).toBe("signedOut");
    expect(chat.handshakes[0]?.headers).toEqual({});
  });

  test("closed for a breach of the protocol while the session is good, it comes back", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.close("bob", 1008);
    await chat.world.pass(1_500);
    expect(bob.live.state.name).toBe("connected");
  });

  test("too many sockets: it waits for as long as it is told", async () => {
    const chat = service();
    chat.world.random = () => 0.1;
    chat.faults = { ...NO_FAULTS, handshake: () => "refused", request: () => ({ delay: 1, fate: 503 }) };
    const bob = await Chat.connected(chat, "bob");
    await chat.world.pass(1_500);
    expect(bob.live.state.name).toBe("waiting");
    chat.world.wake();
    await chat.world.pass(350);
    expect(chat.handshakes, "not even a wake shortens that").toHaveLength(1);
    await chat.world.pass(1_500);
    expect(chat.handshakes.length).toBeGreaterThan(1);
  });

  test("where no WebSocket gets through, events still come, only later", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    chat.close("bob", 1006);
    chat.send("alice", "bob", "one");
    await chat.world.pass(2_000);
    expect(bob.seqs).toEqual([1]);
    chat.send("alice", "bob", "two");
    await chat.world.pass(62_000);
    expect(bob.seqs).toEqual([1, 2]);
    expect(bob.states).not.toContain("signedOut");
  });

  test("a connection that has died in silence is found out by the next event or by a lost network", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.close("bob"); // the browser is told nothing
    await chat.world.pass(300_000);
    expect(bob.live.state.name).toBe("connected");
    chat.send("alice", "bob", "hello");
    await chat.world.pass(61_000);
    expect(bob.seqs).toEqual([1]);
    await chat.world.pass(10_000);
    expect(chat.connections("bob")).toBe(1);

    chat.close("bob");
    chat.down = true;
    await chat.world.pass(90_000);
    expect(bob.live.state.name).not.toBe("connected");
  });

  test("silence is looked after by the service's own measure, and a talkative connection not at all", async () => {
    const chat = service();
    chat.ping = 5;
    await Chat.connected(chat, "bob");
    await chat.world.pass(9_000);
    expect(chat.requests).toEqual([]);
    await chat.world.pass(2_000);
    expect(chat.requests).toEqual(["GET /api/v1/event/?after=0&limit=500"]);
    for (let i = 0; i < 20; i++) {
      chat.tell("bob", { type: "typing", user: "alice" });
      await chat.world.pass(5_000);
    }
    expect(chat.requests).toHaveLength(1);
    expect(chat.handshakes).toHaveLength(1);
  });

  test("when the network is back it does not wait, and looks after what seems to be there", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.down = true;
    chat.close("bob", 1006);
    await chat.world.pass(120_000);
    chat.down = false;
    chat.world.wake();
    await chat.world.pass(1_100);
    expect(bob.live.state.name).toBe("connected");

    chat.close("bob");
    chat.send("alice", "bob", "while it slept");
    chat.world.wake();
    await chat.world.pass(100);
    expect(bob.seqs).toEqual([1]);
  });

  test("when a request gets through, it does not wait for longer either", async () => {
    const chat = service();
    chat.world.random = () => 0.9;
    const bob = await Chat.connected(chat, "bob");
    chat.down = true;
    chat.close("bob", 1006);
    await chat.world.pass(120_000);
    while (bob.live.state.name !== "waiting" || bob.live.state.until - chat.world.wallClock() < 5_000) {
      await chat.world.pass(500);
    }
    chat.down = false;
    for (let i = 0; i < 4; i++) {
      await Promise.all([bob.live.requests.people.find("alice"), chat.world.pass(300)]);
    }
    expect(bob.live.state.name).toBe("connected");
  });

  test("where only requests get through, they bring on no more attempts than there are without them", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    chat.close("bob", 1006);
    await chat.world.pass(120_000);
    const before = chat.handshakes.length;
    for (let i = 0; i < 100; i++) {
      await Promise.all([bob.live.requests.people.find("alice"), chat.world.pass(300)]);
    }
    expect(chat.handshakes.length - before).toBeLessThan(10);
  });

  test("what was asked before the end, and is refused after it, changes nothing", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, request: () => ({ delay: 1_000, fate: "answered" }) };
    chat.tell("bob", { type: "session.ended", seq: 2, session: 7 }); // and something before it is missing
    await chat.world.pass(100);
    expect(chat.requests).toHaveLength(1);
    await bob.live.stop();
    chat.endSession("bob");
    await chat.world.pass(10_000);
    expect(bob.states.at(-1)).toBe("stopped");
  });

  test("a factory that throws is told of, and tried again", async () => {
    const chat = service();
    const { sockets } = chat;
    const broken = new Error("no sockets here");
    chat.sockets = () => {
      throw broken;
    };
    const bob = new Chat(chat, "bob");
    await bob.live.start();
    await chat.world.pass(100);
    expect(bob.faults).toEqual([broken]);
    chat.sockets = sockets;
    expect(bob.live.state.name).toBe("waiting");
  });

  test("garbage and what comes before the greeting change nothing", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.tell("bob", "text");
    chat.tell("bob", null);
    chat.tell("bob", { type: "ack", client_id: 7 });
    chat.tell("bob", { type: "hello", last: -1, user: "bob", ping: 30 });
    chat.tell("bob", { type: "ack", client_id: "nobody's", message: {} });
    chat.tell("bob", { type: "reset" });
    chat.tell("bob", { seq: 1.5, type: "message.sent" });
    chat.tell("bob", { type: "error", client_id: null, status: 400, code: "invalid", detail: "No." });
    await chat.world.pass(10);
    expect(bob.faults).toMatchObject([{ status: 400, code: "invalid" }]);
    expect(bob.starts).toHaveLength(1);
    expect(bob.live.state.name).toBe("connected");
  });
});

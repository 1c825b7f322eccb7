import { describe, expect, test } from "vitest";
import type { EventPage } from "../src/contract.js";
import { Deliveries, type Item } from "../src/live/deliveries.js";
import { FeedFollower } from "../src/live/feed-follower.js";
import { MemoryCursorStorage } from "../src/live/cursor-storage.js";
import { Chat, range } from "./support/chat.js";
import { FakeService, NO_FAULTS } from "./support/fake-service.js";
import { World } from "./support/world.js";

function service(): FakeService {
  return new FakeService(new World(), "alice", "bob");
}

function say(to: FakeService, count: number): void {
  range(1, count).forEach((i) => to.send("alice", "bob", `message ${i}`));
}

describe("following the feed", () => {
  test("without a cursor it begins with what happens from now on, and says that all before is to be loaded", async () => {
    const chat = service();
    say(chat, 3);
    const bob = await Chat.connected(chat, "bob");
    expect(bob.starts).toEqual([{ last: 3, reason: "first" }]);
    expect(bob.cursor).toBe(3);
    expect(chat.handshakes[0]).toEqual({
      url: "ws://chat.test/ws",
      protocol: "message-center.v1",
      headers: { Authorization: "Bearer token-of-bob" },
    });
    say(chat, 2);
    await chat.world.pass(10);
    expect(bob.seqs).toEqual([4, 5]);
    expect(bob.events).toEqual(chat.feed("bob").slice(3));
    expect(bob.cursor).toBe(5);
  });

  test("with a cursor it goes on from there, and has nothing to be loaded", async () => {
    const chat = service();
    say(chat, 7);
    const cursors = new MemoryCursorStorage();
    const before = new Chat(chat, "bob", { cursors });
    cursors.save(before.key, 4);
    const bob = await Chat.connected(chat, "bob", { cursors });
    expect(bob.seqs).toEqual([5, 6, 7]);
    expect(bob.starts).toEqual([]);
    expect(chat.handshakes[0]?.url).toBe("ws://chat.test/ws?after=4");
  });

  test("what is read for a start hinders none of the next one", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    const misses = async (): Promise<void> => {
      chat.faults = { ...NO_FAULTS, frame: () => [] };
      say(chat, 1);
      chat.faults = NO_FAULTS;
      say(chat, 1);
      await chat.world.pass(100);
    };
    const { answer } = chat.world;
    let refuse: (answer: Response) => void = () => undefined;
    chat.world.answer = () => new Promise((resolve) => (refuse = resolve));
    await misses();
    expect(bob.seqs).toEqual([]);
    await bob.live.stop();
    chat.world.answer = answer;
    await bob.live.start();
    await chat.world.pass(100);
    await misses();
    expect(bob.seqs).toEqual([1, 2, 3, 4]);
    const states = bob.states.length;
    refuse(new Response("{}", { status: 500 }));
    await chat.world.pass(10_000);
    expect(bob.states).toHaveLength(states);
  });

  test("what is repeated is told once", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, frame: () => [1, 1, 50] };
    say(chat, 5);
    await chat.world.pass(100);
    expect(bob.seqs).toEqual([1, 2, 3, 4, 5]);
  });

  test("what is out of order is told in order", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    let delay = 60;
    chat.faults = { ...NO_FAULTS, frame: () => [(delay -= 10)] };
    say(chat, 5);
    await chat.world.pass(100);
    expect(bob.seqs).toEqual([1, 2, 3, 4, 5]);
  });

  test("a gap is asked for, from where it begins", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    say(chat, 1);
    chat.faults = { ...NO_FAULTS, frame: () => [] };
    say(chat, 2);
    chat.faults = NO_FAULTS;
    await chat.world.pass(100);
    expect(bob.seqs).toEqual([1]);
    say(chat, 1);
    await chat.world.pass(100);
    expect(bob.seqs).toEqual([1, 2, 3, 4]);
    expect(chat.requests.filter((request) => request.includes("/event/"))).toEqual([
      "GET /api/v1/event/?after=1&limit=500",
    ]);
    expect(bob.states).toEqual(["connecting", "connected"]);
  });

  test("a gap that cannot be asked for is closed by another connection", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, frame: () => [], request: () => ({ delay: 1, fate: "lost" }) };
    say(chat, 1);
    chat.faults = { ...NO_FAULTS, request: () => ({ delay: 1, fate: "lost" }) };
    say(chat, 1);
    await chat.world.pass(2_000);
    expect(bob.seqs).toEqual([1, 2]);
    expect(chat.handshakes[1]?.url).toBe("ws://chat.test/ws?after=0");
  });

  test("the last event, lost without a successor, is found once the silence is long", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, frame: () => [] };
    say(chat, 1);
    chat.faults = NO_FAULTS;
    await chat.world.pass(59_000);
    expect(bob.seqs).toEqual([]);
    await chat.world.pass(2_000);
    expect(bob.seqs).toEqual([1]);
    expect(chat.handshakes).toHaveLength(1);
    await chat.world.pass(6_000);
    expect(chat.handshakes, "a connection that did not tell of it is not to be trusted").toHaveLength(2);
    say(chat, 1);
    await chat.world.pass(10);
    expect(bob.seqs).toEqual([1, 2]);
  });

  test("types that it does not know are told to nobody and leave no gap", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.tell("bob", { seq: 1, type: "message.pinned", message: { id: 1 } });
    chat.tell("bob", { type: "weather", sun: true });
    await chat.world.pass(10);
    expect(bob.cursor).toBe(1);
    expect(bob.events).toEqual([]);
    expect(chat.requests).toEqual([]);
  });

  test("an event is told after the one before is dealt with, and the cursor saved behind it", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    const log: string[] = [];
    let done: () => void = () => undefined;
    bob.live.follow({
      event: async ({ seq }) => {
        log.push(`begin ${seq}`);
        await new Promise<void>((resolve) => (done = resolve));
        log.push(`end ${seq}`);
      },
    });
    say(chat, 2);
    await chat.world.pass(100);
    expect(log).toEqual(["begin 1"]);
    expect(bob.cursor).toBe(0);
    done();
    await chat.world.settle();
    expect(log).toEqual(["begin 1", "end 1", "begin 2"]);
    expect(bob.cursor).toBe(1);
    done();
    await chat.world.settle();
    expect(bob.cursor).toBe(2);
  });

  test("a listener that throws halts the feed; then it hears the same event again, and the others do not", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    const halts: unknown[] = [];
    bob.live.onHalt((failure) => halts.push(failure));
    const heard: number[] = [];
    let broken = true;
    const stop = bob.live.follow({
      event: ({ seq }) => {
        if (seq === 2 && broken) {
          throw new Error("cannot take it");
        }
        heard.push(seq);
      },
    });
    say(chat, 3);
    await chat.world.pass(100);
    expect(heard).toEqual([1]);
    expect(bob.seqs).toEqual([1, 2]);
    expect(bob.cursor).toBe(1);
    expect(bob.live.halted).toBe(true);
    expect(halts).toEqual([new Error("cannot take it")]);
    bob.live.resume();
    await chat.world.settle();
    expect(halts).toHaveLength(2);

    broken = false;
    await bob.live.stop();
    await bob.live.start();
    await chat.world.pass(100);
    expect(heard).toEqual([1, 2, 3]);
    expect(bob.seqs).toEqual([1, 2, 3]);
    stop();
    say(chat, 1);
    await chat.world.pass(10);
    expect(heard).toEqual([1, 2, 3]);
    expect(bob.seqs).toEqual([1, 2, 3, 4]);
  });

  test("more than a listener can take waits in the service, not here", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    bob.live.follow({ event: () => gate });
    say(chat, 2_600);
    await chat.world.pass(1_000);
    expect(bob.seqs).toEqual([1]);
    expect(chat.requests.filter((request) => request.includes("/event/"))).toEqual([]);
    open();
    await chat.world.pass(1_000);
    expect(bob.seqs).toEqual(range(1, 2_600));
    expect(bob.cursor).toBe(2_600);
    expect(chat.requests.filter((request) => request.includes("/event/"))).not.toEqual([]);
  });

  test("a cursor that is no longer kept begins afresh, whoever says so", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    say(chat, 2);
    await chat.world.pass(10);
    chat.close("bob");
    say(chat, 5);
    chat.prune("bob", 1);
    chat.close("bob");
    bob.live.onState(() => undefined);
    await bob.live.stop();
    await bob.live.start();
    await chat.world.pass(10);
    expect(bob.starts.slice(1)).toEqual([{ last: 7, reason: "reset" }]);

    chat.faults = { ...NO_FAULTS, frame: () => [] };
    say(chat, 3);
    chat.prune("bob", 0);
    chat.faults = NO_FAULTS;
    chat.tell("bob", { ...chat.feed("bob")[9], seq: 10 });
    await chat.world.pass(10);
    expect(bob.starts.slice(2)).toEqual([{ last: 10, reason: "reset" }]);
    say(chat, 1);
    await chat.world.pass(10);
    expect(bob.seqs).toEqual([1, 2, 11]);
    expect(bob.cursor).toBe(11);
  });

  test("a service that was set back to a backup is followed from there", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    say(chat, 5);
    await chat.world.pass(10);
    chat.setBack("bob", 3);
    await chat.world.pass(10);
    expect(bob.starts.slice(1)).toEqual([{ last: 3, reason: "reset" }]);
    say(chat, 1);
    await chat.world.pass(10);
    expect(bob.seqs).toEqual([1, 2, 3, 4, 5, 4]);

    await bob.live.stop();
    chat.setBack("bob", 1);
    await bob.live.start();
    await chat.world.pass(10);
    expect(bob.starts.slice(2)).toEqual([{ last: 1, reason: "reset" }]);
    expect(bob.cursor).toBe(1);
  });

  test("a cursor beyond the end, found by request, is settled by another connection", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    say(chat, 5);
    await chat.world.pass(10);
    chat.faults = { ...NO_FAULTS, frame: () => [] };
    chat.setBack("bob", 2);
    chat.faults = NO_FAULTS;
    await chat.world.pass(65_000);
    expect(bob.starts.slice(1)).toEqual([{ last: 2, reason: "reset" }]);
  });

  test("what was asked before a reset is not used after it", async () => {
    const delivered: Item[] = [];
    const deliveries = new Deliveries(
      () => Promise.resolve(),
      String,
      () => undefined,
    );
    deliveries.add = (item) => void delivered.push(item);
    let answer: (page: EventPage) => void = () => undefined;
    const read = (): Promise<EventPage> => new Promise((resolve) => (answer = resolve));
    const follower = new FeedFollower({ read, onTaken: () => undefined, onBeyond: () => undefined }, deliveries);
    follower.begin(7);
    const reading = follower.offer({ seq: 9, type: "message.sent" });
    follower.restart(5, "reset");
    const events = [6, 7, 8, 9].map((seq) => ({ seq, type: "session.ended" as const, session: 1 }));
    answer({ events, last: 9, more: false });
    await reading;
    expect(delivered).toEqual([{ start: { last: 5, reason: "reset" }, place: 5 }]);
    expect(follower.position).toBe(5);
  });

  test("a gap that is seen while the feed is being asked, and had nothing yet, is asked for, too", async () => {
    const delivered: number[] = [];
    const deliveries = new Deliveries(
      () => Promise.resolve(),
      String,
      () => undefined,
    );
    deliveries.add = ({ place }) => void delivered.push(place);
    const answers: ((page: EventPage) => void)[] = [];
    const read = (): Promise<EventPage> => new Promise((resolve) => answers.push(resolve));
    const follower = new FeedFollower({ read, onTaken: () => undefined, onBeyond: () => undefined }, deliveries);
    follower.begin(10);
    const checking = follower.catchUp();
    const offering = follower.offer({ seq: 12, type: "session.ended" }); // the 11th is lost
    answers[0]?.({ events: [], last: 10, more: false }); // from before both
    await new Promise((resolve) => setImmediate(resolve));
    const events = [11, 12].map((seq) => ({ seq, type: "session.ended" as const, session: 1 }));
    answers[1]?.({ events, last: 12, more: false });
    await Promise.race([Promise.all([checking, offering]), new Promise((resolve) => setImmediate(resolve))]);
    expect(delivered).toEqual([11, 12]);
    expect(follower.position).toBe(12);

    const lost = follower.offer({ seq: 15, type: "session.ended" });
    answers[2]?.({ events: [], last: 12, more: false }); // what it was told of before it asked is not there
    await lost;
    expect([answers.length, follower.complete]).toEqual([3, true]);
  });

  test("many pages are read in one go", async () => {
    const chat = service();
    chat.world.random = () => 0.8;
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, handshake: () => "refused" };
    say(chat, 10);
    await chat.world.pass(10);
    chat.close("bob", 1006);
    say(chat, 900);
    await chat.world.pass(900);
    expect(bob.seqs).toEqual(range(1, 910));
  });

  test("what is being read while it is stopped is told after the next start, and once", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    chat.faults = { ...NO_FAULTS, frame: () => [], request: () => ({ delay: 100, fate: "answered" }) };
    say(chat, 3);
    chat.faults = { ...chat.faults, frame: () => [1] };
    say(chat, 1);
    await chat.world.pass(50); // the feed is being asked
    await bob.live.stop();
    await chat.world.pass(1_000);
    expect(bob.seqs).toEqual([]);
    await bob.live.start();
    await chat.world.pass(1_000);
    expect(bob.seqs).toEqual([1, 2, 3, 4]);
  });

  test("a storage that fails is told of, and keeps nobody from listening", async () => {
    const chat = service();
    const full = new Error("the storage is full");
    const bob = await Chat.connected(chat, "bob", {
      cursors: {
        load: () => 0,
        save: () => Promise.reject(full),
      },
    });
    say(chat, 2);
    await chat.world.pass(10);
    expect(bob.seqs).toEqual([1, 2]);
    expect(bob.faults).toEqual([full, full]);
  });

  test("once stopped it is silent, leaves nothing behind, and can go on", async () => {
    const chat = service();
    const bob = await Chat.connected(chat, "bob");
    say(chat, 1);
    await chat.world.pass(10);
    await bob.live.stop();
    expect(chat.connections("bob")).toBe(0);
    expect(chat.world.wakers).toBe(0);
    say(chat, 2);
    await chat.world.pass(100_000);
    expect(bob.seqs).toEqual([1]);
    expect(chat.world.timers).toBe(0);
    await bob.live.start();
    await bob.live.start();
    await chat.world.pass(10);
    expect(bob.seqs).toEqual([1, 2, 3]);
    expect(chat.handshakes).toHaveLength(2);
  });
});

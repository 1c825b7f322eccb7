import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryCursorStorage } from "../src/live/cursor-storage.js";
import type { LiveChat } from "../src/live/live-chat.js";
import { MemoryOutboxStorage } from "../src/live/outbox-storage.js";
import { ChatClient } from "../src/client.js";
import { range } from "./support/chat.js";
import { FakeService, type Faults, NO_FAULTS } from "./support/fake-service.js";
import { Mortal, World } from "./support/world.js";

/** Something that happens, or is done. */
type Step =
  | { readonly what: "write" | "hear" | "read" | "deliver" | "edit" | "unsend" | "prune"; readonly count: number }
  | { readonly what: "pass"; readonly millis: number }
  | { readonly what: "close"; readonly code: number | undefined }
  | { readonly what: "down"; readonly millis: number }
  | { readonly what: "crash" | "reload" | "wake" | "reset" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom("write" as const, "hear" as const),
      count: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom("read" as const, "deliver" as const, "edit" as const, "unsend" as const),
      count: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("prune" as const), count: fc.integer({ min: 0, max: 5 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant("pass" as const), millis: fc.integer({ min: 0, max: 40_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("close" as const),
      code: fc.constantFrom(1000, 1001, 1006, 1011, 1013, 1008, undefined),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("down" as const), millis: fc.integer({ min: 1, max: 90_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom("crash" as const, "reload" as const, "wake" as const, "reset" as const),
    }),
  },
);

/** Those of a program that is told by the feed alone, from its beginning on. */
const telling = step.filter(({ what }) => what !== "prune" && what !== "reset");

/** How often, in percent, each thing goes wrong. */
const badness = fc.record({
  lose: fc.integer({ min: 0, max: 50 }),
  repeat: fc.integer({ min: 0, max: 50 }),
  delay: fc.integer({ min: 0, max: 50 }),
  requests: fc.integer({ min: 0, max: 60 }),
  handshakes: fc.integer({ min: 0, max: 60 }),
  refusals: fc.integer({ min: 0, max: 60 }),
  echoes: fc.boolean(),
});
type Badness = typeof badness extends fc.Arbitrary<infer B> ? B : never;

function faults(world: World, bad: Badness): Faults {
  const chance = (percent: number): boolean => world.random() * 100 < percent;
  const delay = (): number => (chance(bad.delay) ? Math.floor(world.random() * 3_000) : 1);
  const copies = (): number[] => (chance(bad.lose) ? [] : chance(bad.repeat) ? [delay(), delay()] : [delay()]);
  const fates = ["lost", "unanswered", 429, 502, 503] as const;
  return {
    frame: copies,
    sent: copies,
    request: () => ({
      delay: delay(),
      fate: chance(bad.requests) ? (fates[Math.floor(world.random() * fates.length)] ?? "lost") : "answered",
    }),
    handshake: () => (chance(bad.handshakes) ? (chance(50) ? "hanging" : "refused") : "opened"),
    refusal: () => (chance(bad.refusals) ? (chance(50) ? 429 : 503) : undefined),
  };
}

/** What bob's program keeps, with its cursor: what it has loaded is as of an event, and what it was told is after that. */
interface Kept {
  base: number;
  told: number[];
}

async function check(seed: number, bad: Badness, steps: readonly Step[], kept: Kept | undefined): Promise<number> {
  const world = new World(seed);
  const chat = new FakeService(world, "alice", "bob", "carol");
  chat.echoes = bad.echoes;
  const key = `${encodeURIComponent(chat.url)}/bob`;
  const cursors = new MemoryCursorStorage();
  const outbox = new MemoryOutboxStorage();
  const written: Record<"alice" | "carol", string[]> = { alice: [], carol: [] };
  /** How far it was marked: ever, and by the program that still runs. */
  const wished = new Map<string, { ever: number; now: number }>();
  let mortal = new Mortal(world);
  let resets = 0;
  let program = kept;
  if (program !== undefined) {
    cursors.save(key, 0);
  }

  const begin = async (): Promise<LiveChat> => {
    const alive = new Mortal(world);
    mortal = alive;
    wished.forEach((wish) => (wish.now = 0));
    const client = new ChatClient({
      url: chat.url,
      environment: alive,
      sockets: (handshake) => chat.sockets(handshake),
      token: chat.token("bob"),
    });
    const live = client.live({ user: "bob", cursors, outbox });
    const pause = (millis: number): Promise<void> => new Promise((resolve) => alive.after(millis, resolve));
    live.follow({
      load: async ({ last, reason }) => {
        await pause(last % 50);
        resets += reason === "reset" ? 1 : 0;
        program = { base: last, told: [] };
      },
      event: async ({ seq }) => {
        await pause(seq % 3); // slower than it is told
        program?.told.push(seq);
      },
    });
    await live.start();
    return live;
  };
  const mark = (live: LiveChat, what: "read" | "deliver", count: number): void => {
    const other = count % 2 === 0 ? "alice" : "carol";
    const seq = Math.min(count, chat.conversation("bob", other).length);
    const name = `${what} ${other}`;
    const wish = wished.get(name) ?? { ever: 0, now: 0 };
    wished.set(name, { ever: Math.max(wish.ever, seq), now: Math.max(wish.now, seq) });
    live[what === "read" ? "markRead" : "markDelivered"](other, seq);
  };

  let bob = await begin();
  chat.faults = faults(world, bad);
  for (const one of steps) {
    switch (one.what) {
      case "write":
        for (let i = 0; i < one.count; i++) {
          const recipient = i % 3 === 0 ? "carol" : "alice";
          const body = `to ${recipient} ${written[recipient].length}`;
          written[recipient].push(body);
          bob.send(recipient, body);
        }
        break;
      case "hear":
        range(1, one.count).forEach((i) => chat.send(i % 3 === 0 ? "carol" : "alice", "bob", `to bob ${i}`));
        break;
      case "read":
      case "deliver":
        mark(bob, one.what, one.count);
        break;
      case "edit":
      case "unsend": {
        const others = chat.messages.filter(({ user, deleted }) => user !== "bob" && !deleted);
        const message = others[one.count % Math.max(1, others.length)];
        if (message !== undefined) {
          chat.change(message.id, one.what === "edit" ? `edited ${one.count}` : undefined);
        }
        break;
      }
      case "prune": // while bob is away
        chat.close("bob", 1006);
        range(0, one.count).forEach((i) => chat.send("alice", "bob", `to bob ${i}`));
        chat.prune("bob", one.count);
        break;
      case "reset":
        chat.tell("bob", { type: "reset", last: chat.feed("bob").length });
        break;
      case "pass":
        await world.pass(one.millis);
        break;
      case "close":
        chat.close("bob", one.code);
        break;
      case "down":
        chat.down = true;
        chat.close("bob", 1006);
        await world.pass(one.millis);
        chat.down = false;
        break;
      case "wake":
        world.wake();
        break;
      case "crash":
        await world.settle(); // what is written is stored by then
        mortal.kill();
        chat.close("bob"); // nobody tells it
        bob = await begin();
        break;
      case "reload":
        void bob.stop();
        await world.pass(10);
        bob = await begin();
        break;
    }
  }
  chat.faults = NO_FAULTS;
  await world.pass(300_000);

  const last = chat.feed("bob").length;
  expect(program?.told).toEqual(range((program?.base ?? 0) + 1, last));
  expect(cursors.load(key)).toBe(last);
  for (const recipient of ["alice", "carol"] as const) {
    const stored = chat.conversation("bob", recipient).filter(({ user }) => user === "bob");
    expect(stored.map(({ body }) => body)).toEqual(written[recipient]);
  }
  expect(bob.outgoing).toEqual([]);
  expect(outbox.load(key)).toEqual([]);
  for (const [name, wish] of wished) {
    const [what, other = ""] = name.split(" ");
    const upto = what === "read" ? chat.readUpto("bob", other) : chat.deliveredUpto("bob", other);
    expect(upto, name).toBeGreaterThanOrEqual(wish.now);
    expect(upto, name).toBeLessThanOrEqual(Math.max(wish.ever, wished.get(`read ${other}`)?.ever ?? 0));
  }
  expect(bob.state.name).toBe("connected");
  await bob.stop();
  return resets;
}

const often = { numRuns: Number(process.env["RUNS"] ?? 150), endOnFailure: process.env["SHRINK"] === undefined };

test("whatever the network does, every event is told once and in order, and every message is stored once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      badness,
      fc.array(telling, { minLength: 5, maxLength: 40 }),
      async (seed, bad, steps) => {
        expect(await check(seed, bad, steps, { base: 0, told: [] }), "resets").toBe(0);
      },
    ),
    often,
  );
}, 120_000);

test("whatever the network does and the service forgets, what is loaded and then told has every event once", async () => {
  let resets = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      badness,
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (seed, bad, steps) => {
        resets += await check(seed, bad, steps, undefined);
      },
    ),
    often,
  );
  expect(resets).toBeGreaterThan(often.numRuns / 10);
}, 120_000);

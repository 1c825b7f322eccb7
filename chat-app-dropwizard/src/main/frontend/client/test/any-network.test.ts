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
  | { readonly what: "write" | "hear"; readonly count: number }
  | { readonly what: "pass"; readonly millis: number }
  | { readonly what: "close"; readonly code: number | undefined }
  | { readonly what: "down"; readonly millis: number }
  | { readonly what: "crash" | "reload" | "wake" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom("write" as const, "hear" as const),
      count: fc.integer({ min: 1, max: 8 }),
    }),
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
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("crash" as const, "reload" as const, "wake" as const) }) },
);

/** How often, in percent, each thing goes wrong. */
const badness = fc.record({
  lose: fc.integer({ min: 0, max: 50 }),
  repeat: fc.integer({ min: 0, max: 50 }),
  delay: fc.integer({ min: 0, max: 50 }),
  requests: fc.integer({ min: 0, max: 60 }),
  handshakes: fc.integer({ min: 0, max: 60 }),
});

function faults(
  world: World,
  bad: { lose: number; repeat: number; delay: number; requests: number; handshakes: number },
): Faults {
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
  };
}

test("whatever the network does, every event is told once and in order, and every message is stored once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      badness,
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (seed, bad, steps) => {
        const world = new World(seed);
        const chat = new FakeService(world, "alice", "bob", "carol");
        const cursors = new MemoryCursorStorage();
        const outbox = new MemoryOutboxStorage();
        const told: number[] = []; // what bob's program keeps, with its cursor
        const written: Record<"alice" | "carol", string[]> = { alice: [], carol: [] };
        let mortal = new Mortal(world);

        const begin = async (): Promise<LiveChat> => {
          const alive = new Mortal(world);
          mortal = alive;
          const client = new ChatClient({
            url: chat.url,
            environment: alive,
            sockets: (handshake) => chat.sockets(handshake),
            token: chat.token("bob"),
          });
          const live = client.live({ user: "bob", cursors, outbox });
          live.follow({
            event: async ({ seq }) => {
              await new Promise<void>((resolve) => alive.after(seq % 3, resolve)); // slower than it is told
              told.push(seq);
            },
          });
          await live.start();
          return live;
        };

        cursors.save(`${encodeURIComponent(chat.url)}/bob`, 0);
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
              range(1, one.count).forEach((i) => chat.send("alice", "bob", `to bob ${i}`));
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

        expect(told).toEqual(range(1, chat.feed("bob").length));
        expect(cursors.load(`${encodeURIComponent(chat.url)}/bob`)).toBe(chat.feed("bob").length);
        for (const recipient of ["alice", "carol"] as const) {
          const stored = chat.conversation("bob", recipient).filter(({ user }) => user === "bob");
          expect(stored.map(({ body }) => body)).toEqual(written[recipient]);
        }
        expect(bob.outgoing).toEqual([]);
        expect(outbox.load(`${encodeURIComponent(chat.url)}/bob`)).toEqual([]);
        expect(bob.state.name).toBe("connected");
        await bob.stop();
      },
    ),
    { numRuns: Number(process.env["RUNS"] ?? 150), endOnFailure: process.env["SHRINK"] === undefined },
  );
}, 120_000);

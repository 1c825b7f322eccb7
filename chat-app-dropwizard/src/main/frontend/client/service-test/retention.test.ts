import type { ChatClient } from "@message-center/client";
import { ChatProblem, type FreshStart, MemoryCursorStorage, type Message } from "@message-center/client";
import { ChatModel } from "@message-center/client/model";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { signedUp, SOON } from "./people.js";
import { Service } from "./service.js";

let service: Service;

beforeAll(async () => {
  service = await Service.start("retention: {feed: 1 second}", { CHAT_LIMITS: "false" });
});

afterAll(async () => {
  await service.close();
});

/** Writes, edits, takes back and reads, one after another, until it is told to stop. */
function writing(client: ChatClient, recipient: string): { stop(): Promise<void> } {
  let stopped = false;
  const run = async (): Promise<void> => {
    for (let i = 1; !stopped; i++) {
      const message = await client.messages.send({ recipient, body: `message ${i}` });
      if (i % 3 === 0) {
        await client.messages.edit(message.id, `message ${i}, edited`);
      }
      if (i % 5 === 0) {
        await client.messages.unsend(message.id);
      }
      if (i % 7 === 0) {
        await client.conversations.markRead(recipient, message.seq);
      }
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

/** The newest messages, oldest first. */
async function newest(client: ChatClient, user: string, count: number): Promise<readonly Message[]> {
  let messages: readonly Message[] = [];
  while (messages.length < count && messages[0]?.seq !== 1) {
    const before = messages[0] === undefined ? {} : { before: messages[0].seq };
    const { results } = await client.messages.with(user, { ...before, limit: 100 });
    messages = [...[...results].reverse(), ...messages];
  }
  return messages.slice(-count);
}

test("whoever was away for longer than events are kept ends up with the fresh state, while others write on", async () => {
  const alice = await signedUp(service, "alice");
  const bob = await signedUp(service, "bob");
  const cursors = new MemoryCursorStorage();
  const saved = vi.spyOn(cursors, "save");
  const live = alice.live({ user: "alice", cursors, times: { longestWait: 500 } });
  const model = new ChatModel(live);
  const starts: FreshStart[] = [];
  model.follow();
  live.follow({
    load: (start) => void starts.push(start),
    event: () => undefined,
  });
  await live.start();
  await vi.waitFor(() => {
    expect(starts.map(({ reason }) => reason)).toEqual(["first"]);
  }, SOON);
  const bobs = writing(bob, "alice");
  await vi.waitFor(() => {
    expect(model.conversations).toHaveLength(1);
  }, SOON);
  await model.open("bob");
  for (let away = 1; away <= 2; away++) {
    await live.stop();
    const cursor = saved.mock.lastCall?.[1] ?? 0;
    await vi.waitFor(async () => {
      const failure: unknown = await alice.events.after(cursor).catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(ChatProblem);
      expect(failure).toMatchObject({ status: 410, code: "cursor_too_old" });
      expect((failure as ChatProblem).last).toBeGreaterThan(cursor);
    }, SOON);
    await live.start();
    await vi.waitFor(() => {
      expect(starts.filter(({ reason }) => reason === "reset").length).toBeGreaterThanOrEqual(away);
    }, SOON);
    expect(starts.at(-1)?.last).toBeGreaterThan(cursor);
  }
  await bobs.stop();

  await vi.waitFor(async () => {
    const fresh = new ChatModel(alice.live({ user: "alice" }));
    await fresh.load();
    expect(model.conversations).toEqual(fresh.conversations);
    const messages = model.messages("bob");
    expect(messages.length).toBeGreaterThan(3);
    expect(messages).toEqual(await newest(alice, "bob", messages.length));
  }, SOON);
  await live.stop();
});

import { type ChatClient, ChatProblem, type LiveChat } from "@message-center/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { begun, signedUp, SOON } from "./people.js";
import { Service } from "./service.js";

let service: Service;

beforeAll(async () => {
  service = await Service.start("", {
    JAVA_TOOL_OPTIONS: "-Ddw.limits.marksByUser.count=1 -Ddw.limits.marksByUser.period=1s",
  });
});

afterAll(async () => {
  await service.close();
});

async function connected(client: ChatClient, user: string): Promise<{ live: LiveChat; faults: unknown[] }> {
  const live = client.live({ user });
  const faults: unknown[] = [];
  live.onFault((fault) => faults.push(fault));
  await begun(live);
  return { live, faults };
}

test("what is read in several conversations at once is marked in all of them, though the service takes one in a second", async () => {
  const reader = await signedUp(service, "reader");
  const others = ["one", "two", "three", "four", "five"];
  for (const other of others) {
    const writer = await signedUp(service, other);
    await writer.messages.send({ recipient: "reader", body: "hello" });
  }
  const { live } = await connected(reader, "reader");
  others.forEach((other) => {
    live.markRead(other, 1);
  });
  await vi.waitFor(async () => {
    const { items } = await reader.conversations.list();
    expect(items.map(({ unread }) => unread)).toEqual(others.map(() => 0));
  }, SOON);
  expect(live.state.name).toBe("connected");
  await live.stop();
});

test("what is too large for a frame or a request is refused with its reason, at once, and what is behind it goes on", async () => {
  const writer = await signedUp(service, "writer");
  const { live, faults } = await connected(writer, "writer");
  for (const [size, status] of [
    [20_000, 400], // larger than a message, by default
    [70_000, 400], // large for a frame, too
    [200_000, 413],
    [3_000_000, 413],
    [30_000_000, 413],
  ] as const) {
    const began = performance.now();
    const refused = live.send("writer", "x".repeat(size));
    const behind = live.send("writer", `behind ${size}`);
    await expect(refused.sent()).rejects.toBeInstanceOf(ChatProblem);
    expect(refused.failure).toMatchObject({ status });
    expect((await behind.sent()).body).toBe(`behind ${size}`);
    expect(performance.now() - began).toBeLessThan(15_000); // less than an answer is waited for
  }
  expect(faults).toEqual([]);
  await live.stop();
});

import { readFileSync } from "node:fs";
import { ChatClient, ChatProblem, wsSockets } from "@message-center/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { Service } from "./service.js";

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});

afterAll(async () => {
  await service.close();
});

function text(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

/** Without imports, which stand at the top, and with a port of this test's own. */
function folded(code: string): string {
  return code
    .replace(/^import .*$/gm, "")
    .replace('"http://127.0.0.1:8080"', "service.url")
    .replace(/\s+/g, " ")
    .trim();
}

test("every example in the README is compiled, and those for Node are run", () => {
  const sources = [text("./readme.test.ts"), text("./in-a-browser.ts")].map(folded);
  const examples = [...text("../README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => folded(code ?? ""));
  expect(examples).toHaveLength(8);
  for (const example of examples) {
    expect(
      sources.some((source) => source.includes(example)),
      example,
    ).toBe(true);
  }
});

test("the README's examples do what it says", async () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  const bob = new ChatClient({ url: service.url });
  await bob.accounts.signUp({ username: "bob", password: "a long enough one" });
  const loaded: number[] = [];
  const reload = (last: number): Promise<void> => {
    loaded.push(last);
    return Promise.resolve();
  };

  const client = new ChatClient({ url: service.url, sockets: wsSockets(WebSocket) });
  const { username } = await client.accounts.signUp({ username: "alice", password: "a long enough one" });

  const { results } = await client.messages.with("bob", { limit: 50 });
  const people = await client.people.list({ q: "b" });

  expect(results).toEqual([]);
  expect(people.items).toEqual([{ username: "bob", online: false }]);

  try {
    await client.messages.send({ recipient: "bob", body: "" });
  } catch (failure) {
    if (failure instanceof ChatProblem) {
      console.log(failure.status, failure.code, failure.detail, failure.fieldErrors, failure.retryAfter);
    }
  }

  expect(log).toHaveBeenLastCalledWith(400, "invalid", expect.any(String), { body: [expect.any(String)] }, undefined);

  const live = client.live({ user: username });
  live.follow({
    load: async ({ last }) => {
      // The first time, and when too much was missed: load what you keep; it is no older than event `last`.
      await reload(last);
    },
    event: (event) => {
      if (event.type === "message.sent") {
        console.log(event.message.user, event.message.body);
      }
    },
  });
  live.onState((state) => console.log(state.name)); // connecting, connected, waiting, signedOut, stopped
  await live.start();

  await vi.waitFor(() => {
    expect(log).toHaveBeenLastCalledWith("connected");
    expect(loaded).toEqual([0]);
  });

  const outgoing = live.send("bob", "hello");
  live.onOutgoing(({ clientId, body, state }) => console.log(clientId, body, state)); // pending, sent, failed
  const message = await outgoing.sent();

  await vi.waitFor(() => {
    expect(log).toHaveBeenCalledWith(outgoing.clientId, "hello", "sent");
    expect(log).toHaveBeenCalledWith("alice", "hello");
  });

  live.markRead("bob", message.seq);
  live.typing("bob");
  live.onTyping(({ user }) => console.log(user));
  live.onPresence(({ user, online }) => console.log(user, online));
  await live.stop();

  expect(log).toHaveBeenLastCalledWith("stopped");
});

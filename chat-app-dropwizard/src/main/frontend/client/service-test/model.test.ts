import { type ChatClient, type LiveChat, type Message } from "@message-center/client";
import { ChatModel } from "@message-center/client/model";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { begun, signedUp as newcomer } from "./people.js";
import { Service } from "./service.js";

const SOON = { timeout: 30_000, interval: 20 };
const NAMES = ["alice", "bob", "carol"] as const;
const DEEDS = 150;

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});

afterAll(async () => {
  await service.close();
});

interface Somebody {
  readonly name: string;
  readonly client: ChatClient;
  readonly live: LiveChat;
  readonly model: ChatModel;
}

async function signedUp(name: string): Promise<Somebody> {
  const client = await newcomer(service, name);
  const live = client.live({ user: name, times: { longestWait: 500 } });
  const model = new ChatModel(live);
  model.follow();
  await begun(live, SOON);
  return { name, client, live, model };
}

/** Numbers from 0 up to a bound that follow from a seed. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** One of many things that people do; what the service refuses, it refuses. */
async function act(people: readonly Somebody[], number: (bound: number) => number): Promise<void> {
  const some = people[number(people.length)];
  const other = NAMES[number(NAMES.length)];
  if (some === undefined || other === undefined) {
    throw new Error("There is nobody");
  }
  const { client, model } = some;
  const { results } = await client.messages.with(other, { limit: 20 });
  const message: Message | undefined = results[number(Math.max(1, results.length))];
  const mine = results.find(({ user, deleted }) => user === some.name && !deleted);
  const deed = message === undefined ? 0 : number(12);
  if (deed === 6 && message !== undefined) {
    await client.conversations.markRead(other, message.seq);
  } else if (deed === 7 && message !== undefined) {
    await client.conversations.markDelivered(other, message.seq);
  } else if (deed === 8 && mine !== undefined) {
    await model.edit(mine, `edited ${number(1_000)}`);
  } else if (deed === 9 && mine !== undefined) {
    await model.unsend(mine);
  } else if (deed === 10 && other !== some.name) {
    await (number(2) === 0 ? client.people.block(other) : client.people.unblock(other));
  } else {
    await client.messages.send({ recipient: other, body: `message ${number(1_000)}` });
  }
}

test("whatever people do, models that were kept up equal what a fresh load shows", async () => {
  const seed = Date.now() % 2 ** 32;
  const number = numbers(seed);
  const people: Somebody[] = [];
  for (const name of NAMES) {
    people.push(await signedUp(name));
  }
  for (const { model } of people) {
    for (const name of NAMES) {
      await model.open(name);
    }
  }
  for (let done = 0; done < DEEDS; done++) {
    await act(people, number).catch((failure: unknown) => {
      expect(failure, `seed ${seed}`).toMatchObject({ status: 403 }); // blocked
    });
    if (done === DEEDS / 2) {
      await service.end("SIGKILL");
      service = await service.restart(); // and whatever was missed is caught up with
    }
    if (done % 5 === 4) {
      for (const one of people) {
        await seesWhatIsThere(one, `seed ${seed}, deed ${done}, ${one.name}`);
      }
    }
  }
  for (const { live } of people) {
    await live.stop();
  }
});

test("a conversation that the list is not loaded down to is kept up beside it, and found by nobody else", async () => {
  const crowd = await Service.start("", { CHAT_LIMITS: "false" });
  try {
    const names = Array.from({ length: 53 }, (_, i) => `user${i}`);
    const alice = await newcomer(crowd, "alice");
    const others: ChatClient[] = [];
    for (const name of names) {
      const other = await newcomer(crowd, name);
      await other.messages.send({ recipient: "alice", body: "hello" });
      others.push(other);
    }
    const live = alice.live({ user: "alice" });
    const model = new ChatModel(live);
    model.follow();
    await begun(live, SOON);
    await vi.waitFor(() => {
      expect(model.conversations).toHaveLength(50);
    }, SOON);
    const seesTheSame = async (name: string): Promise<void> => {
      const there = await alice.conversations.find(name);
      const { items, next } = await alice.conversations.list({ limit: model.conversations.length });
      await vi.waitFor(() => {
        expect({ ...model.conversation(name), online: false }).toEqual({ ...there, online: false });
        expect(model.conversations.map(({ user }) => user)).toEqual(items.map(({ user }) => user));
        expect(model.hasMore).toBe(next !== undefined);
      }, SOON);
    };

    await model.open("USER0");
    expect(model.aside).toMatchObject([{ user: "user0", unread: 1, last_message: { body: "hello" } }]);
    expect(model.messages("user0")).toHaveLength(1);
    await seesTheSame("user0");
    await alice.conversations.markRead("user0", 1);
    await alice.people.block("user0");
    await vi.waitFor(() => {
      expect(model.aside).toMatchObject([{ user: "user0", unread: 0, read_upto: 1, blocked: true }]);
    }, SOON);
    await seesTheSame("user0");
    await alice.people.unblock("user0");
    for (const i of [1, 0, 1, 2, 40, 0]) {
      await others[i]?.messages.send({ recipient: "alice", body: "again" });
    }
    await vi.waitFor(() => {
      expect(model.conversations.slice(0, 4).map(({ user }) => user)).toEqual(["user0", "user40", "user2", "user1"]);
    }, SOON);
    expect(model.aside).toEqual([]);
    await model.more();
    expect(model.conversations).toHaveLength(53);
    await seesTheSame("user0");

    await expect(alice.conversations.find("nobody")).rejects.toMatchObject({ status: 404 });
    await expect(alice.conversations.find("alice")).rejects.toMatchObject({ status: 404 });
    await expect(others[1]?.conversations.find("user0")).rejects.toMatchObject({ status: 404 });
    await live.stop();
  } finally {
    await crowd.close();
  }
});

async function seesWhatIsThere({ name, client, model }: Somebody, which: string): Promise<void> {
  const fresh = new ChatModel(client.live({ user: name }));
  await fresh.load();
  await vi.waitFor(() => {
    expect(withoutPresence(model), which).toEqual(withoutPresence(fresh));
  }, SOON);
  for (const other of NAMES) {
    await fresh.open(other);
    while (fresh.hasOlder(other) && fresh.messages(other).length < model.messages(other).length) {
      await fresh.older(other); // what was kept up is more than the newest page
    }
    expect(model.messages(other), `${which} with ${other}`).toEqual(fresh.messages(other));
  }
}

/** Who is there comes and goes by itself. */
function withoutPresence({ conversations }: ChatModel): unknown[] {
  return conversations.map((conversation) => ({ ...conversation, online: undefined }));
}

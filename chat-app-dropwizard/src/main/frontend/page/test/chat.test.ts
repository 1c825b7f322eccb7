import { describe, expect, test, vi } from "vitest";
import { FakeChat } from "./support/session.js";

describe("a chat as the page shows it", () => {
  test("stays the same object until it changes", async () => {
    const fake = await FakeChat.connected("me", "bob");
    fake.service.send("bob", "me", "hello");
    await fake.pass();
    void fake.chat.model.open("bob");
    await fake.pass();
    const { chat } = fake;
    const before = [chat.conversations, chat.messages("bob"), chat.sending("bob"), chat.messages("nobody")];
    fake.service.tell("me", { type: "typing", user: "bob" });
    await fake.pass();
    expect([chat.conversations, chat.messages("bob"), chat.sending("bob"), chat.messages("nobody")]).toSatisfy(
      (after: readonly unknown[]) => after.every((one, i) => one === before[i]),
    );
    fake.service.send("bob", "me", "again");
    await fake.pass();
    expect(chat.conversations).not.toBe(before[0]);
    expect(chat.messages("bob")).toHaveLength(2);
  });

  test("shows what I write at once, and without a moment in which it is nowhere", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    service.send("bob", "me", "hello");
    await fake.pass();
    void chat.model.open("bob");
    await fake.pass();
    const shown: string[] = [];
    const look = (): void => {
      const mine = [...chat.messages("bob"), ...chat.sending("bob")].filter(({ body }) => body === "mine");
      shown.push(mine.map((one) => ("seq" in one ? "there" : one.state)).join());
    };
    chat.subscribe(look);
    chat.model.onChange(look);
    chat.live.onOutgoing(look);
    service.faults = { ...service.faults, frame: () => [5] };
    chat.send("bob", "mine");
    await fake.pass(1_000);
    expect(shown[0]).toBe("pending");
    expect(shown.at(-1)).toBe("there");
    expect(new Set(shown)).toEqual(new Set(["pending", "sent", "there"].filter((state) => shown.includes(state))));
    expect(chat.sending("bob")).toEqual([]);
  });

  test("shows what is loaded at either end as soon as it is there, so that nobody asks for it once more", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    for (let i = 1; i <= 200; i++) {
      service.send("bob", "me", `message ${i}`);
    }
    void chat.openAt("bob", 100);
    await fake.pass();
    let shown = chat.messages("bob");
    chat.subscribe(() => (shown = chat.messages("bob")));
    for (const load of [() => chat.older("bob"), () => chat.newer("bob")]) {
      const before = shown;
      let after: typeof shown = [];
      void load().then(() => (after = shown));
      await fake.pass();
      expect(after.length).toBeGreaterThan(before.length);
    }
  });

  test("shows once what is loaded before it is acknowledged", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    service.send("bob", "me", "hello");
    await fake.pass();
    void chat.open("bob");
    await fake.pass();
    let frames = 0;
    service.faults = { ...service.faults, frame: () => [frames++ < 9 ? 1_000 : 1] }; // acknowledgement and event come late
    chat.send("bob", "mine");
    await fake.pass(10);
    void chat.model.open("bob");
    await fake.pass(10);
    expect(chat.live.outgoing).toHaveLength(1);
    expect(chat.messages("bob").map(({ body }) => body)).toEqual(["hello", "mine"]);
    expect(chat.sending("bob")).toEqual([]);
    await fake.pass(2_000);
    expect(chat.sending("bob")).toEqual([]);
    expect(chat.messages("bob").map(({ body }) => body)).toEqual(["hello", "mine"]);
  });

  describe("of what was sent and is not loaded shows the list", () => {
    const slow = { delay: 1_000, fate: "answered" } as const;

    /** What the list says: the newest of what is on its way, or else the last message. */
    const said = ({ chat }: FakeChat): string | undefined => {
      const newest = chat.newest("bob");
      return newest === undefined ? chat.conversation("bob")?.last_message?.body : `${newest.body} ${newest.state}`;
    };

    test("nothing once the conversation is left, as soon as it has it itself", async () => {
      const fake = await FakeChat.connected("me", "bob");
      const { chat, service } = fake;
      service.send("bob", "me", "hello");
      void chat.open("bob");
      await fake.pass();
      let frames = 0;
      service.faults = { ...service.faults, frame: () => [frames++ === 0 ? 1_000 : 1] }; // the event comes after the answer
      chat.send("bob", "mine");
      await fake.pass();
      chat.model.close("bob");
      expect([said(fake), chat.sending("bob").length]).toEqual(["mine sent", 1]);
      await fake.pass(2_000);
      expect([said(fake), chat.sending("bob")]).toEqual(["mine", []]);
      service.send("bob", "me", "newer");
      await fake.pass();
      expect(said(fake)).toBe("newer");
      expect(chat.unlisted([])).toEqual([]);
    });

    test("nothing once the messages after an old place are loaded down to it", async () => {
      const fake = await FakeChat.connected("me", "bob");
      const { chat, service } = fake;
      const say = (): void => {
        for (let i = 0; i < 60; i++) {
          service.send("bob", "me", "hello");
        }
      };
      say();
      void chat.openAt("bob", 1);
      await fake.pass();
      chat.send("bob", "mine");
      await fake.pass();
      say();
      await fake.pass();
      expect(chat.sending("bob").map(({ body }) => body)).toEqual(["mine"]);
      void chat.model.newer("bob");
      await fake.pass();
      expect(chat.messages("bob").filter(({ body }) => body === "mine")).toHaveLength(1);
      expect([chat.model.hasNewer("bob"), chat.sending("bob")]).toEqual([true, []]);
    });

    test("it without a moment of what is older, where the conversation is not open", async () => {
      const fake = await FakeChat.connected("me", "bob");
      const { chat, service } = fake;
      service.send("bob", "me", "hello");
      await fake.pass();
      const seen: (string | undefined)[] = [];
      chat.subscribe(() => seen.push(said(fake)));
      service.faults = { ...service.faults, request: () => slow };
      void chat.model.load();
      chat.send("bob", "mine");
      await fake.pass(10_000);
      expect([...new Set(seen)]).toEqual(["mine pending", "mine sent", "mine"]);
    });

    test("nothing that is older than what was said since, where an older place of it is open", async () => {
      const fake = await FakeChat.connected("me", "bob");
      const { chat, service } = fake;
      for (let i = 1; i <= 100; i++) {
        service.send("bob", "me", `message ${i}`);
      }
      void chat.openAt("bob", 1);
      await fake.pass();
      chat.send("bob", "mine");
      await fake.pass();
      service.send("bob", "me", "newer");
      await fake.pass();
      expect(chat.sending("bob")).toMatchObject([{ body: "mine", state: "sent" }]);
      expect(said(fake)).toBe("newer");
    });

    test("the later one of what was refused and what was sent; and what is yet to be sent before both", async () => {
      const fake = await FakeChat.connected("me", "bob");
      const { chat, service } = fake;
      service.send("bob", "me", "hello");
      service.block("bob", "me", true);
      await fake.pass();
      chat.send("bob", "refused");
      await fake.pass();
      service.block("bob", "me", false);
      service.faults = { ...service.faults, request: () => slow };
      void chat.model.load();
      chat.send("bob", "mine");
      await fake.pass();
      expect(chat.sending("bob").map(({ state }) => state)).toEqual(["sent", "failed"]);
      expect(said(fake)).toBe("mine sent");
      service.faults = { ...service.faults, sent: () => [] };
      chat.retry(chat.live.outgoing[0]?.clientId ?? "");
      await fake.pass();
      expect(said(fake)).toBe("refused pending");
    });

    test("nothing of a conversation that all is loaded afresh without", async () => {
      const names = Array.from({ length: 60 }, (_, i) => `person-${i}`);
      const fake = await FakeChat.connected("me", "bob", ...names);
      const { chat, service } = fake;
      service.faults = { ...service.faults, frame: () => [] }; // the feed brings nothing
      service.close("me");
      chat.send("bob", "mine");
      await fake.pass(25_000); // by request
      expect(said(fake)).toBe("mine sent");
      names.forEach((name) => service.send(name, "me", "hello"));
      service.prune("me", 0);
      service.faults = { ...service.faults, frame: () => [1] };
      service.close("me", 1006);
      await fake.pass(60_000);
      expect(chat.conversations).toHaveLength(50);
      expect(chat.unlisted([])).toEqual([]);
    });
  });

  test("says why a message was refused; it is sent again, or given up", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    service.block("bob", "me", true);
    chat.send("bob", "one");
    chat.send("bob", "two");
    await fake.pass();
    const [one, two] = chat.sending("bob");
    expect([one?.state, two?.state]).toEqual(["failed", "failed"]);
    expect(one?.failure).toMatchObject({ status: 403 });
    expect(chat.unsent).toBe(2);
    chat.discard(one?.clientId ?? "");
    service.block("bob", "me", false);
    chat.retry(two?.clientId ?? "");
    await fake.pass();
    expect(chat.unsent).toBe(0);
    expect(service.conversation("me", "bob").map(({ body }) => body)).toEqual(["two"]);
  });

  test("marks what has reached it, loaded or live, and counts what is unread", async () => {
    const fake = await FakeChat.connected("bob", "me");
    fake.service.send("bob", "me", "one");
    const mine = await FakeChat.at(fake.service, "me");
    await mine.pass(1_000);
    const delivered = (): number => fake.service.conversations("bob")[0]?.peer_delivered_upto ?? 0;
    expect(delivered()).toBe(1);
    fake.service.send("bob", "me", "two");
    await mine.pass(1_000);
    expect(delivered()).toBe(2);
    expect(mine.chat.unread).toBe(2);
  });

  test("knows that more may be unread than what is loaded, and marks what it loads then", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `person-${i}`);
    const fake = await FakeChat.connected("bob", "me", ...names);
    for (const name of names) {
      fake.service.send(name, "me", "hello");
    }
    const mine = await FakeChat.at(fake.service, "me");
    await mine.pass(1_000);
    expect([mine.chat.unread, mine.chat.unreadFurther]).toEqual([50, true]);
    const delivered = (name: string): number => fake.service.conversations(name)[0]?.peer_delivered_upto ?? 0;
    expect([delivered("person-59"), delivered("person-0")]).toEqual([1, 0]);

    const loaded = mine.chat.more();
    await mine.pass(1_000);
    await loaded;
    expect([mine.chat.unread, mine.chat.unreadFurther]).toEqual([60, false]);
    expect(delivered("person-0")).toBe(1);
  });

  test("opens a conversation far down where what is new begins, without the list, and tells that it has come", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `person-${i}`);
    const fake = await FakeChat.connected("bob", "me", ...names);
    for (let i = 1; i <= 40; i++) {
      fake.service.send("bob", "me", `message ${i}`);
    }
    fake.service.mark("read", "me", "bob", 5);
    for (const name of names) {
      fake.service.send(name, "me", "hello");
    }
    const mine = await FakeChat.at(fake.service, "me");
    const opened = mine.chat.open("bob");
    await mine.pass(1_000);
    await opened;
    expect(mine.chat.conversation("bob")).toMatchObject({ unread: 35, read_upto: 5 });
    expect(mine.chat.conversation("BOB")).toBe(mine.chat.conversation("bob"));
    expect(mine.chat.conversations).toHaveLength(50);
    expect(mine.chat.unread).toBe(50 + 35);
    expect(mine.chat.messages("bob")[0]?.seq).toBe(1);
    expect(mine.chat.model.hasNewer("bob")).toBe(true);
    expect(fake.service.deliveredUpto("me", "bob")).toBe(40);

    mine.service.close("me", 1006);
    for (let i = 41; i <= 45; i++) {
      fake.service.send("bob", "me", `message ${i}`);
    }
    for (const name of names) {
      fake.service.send(name, "me", "hello again");
    }
    mine.service.prune("me", 0);
    await mine.pass(10_000); // comes back after a reset
    expect(mine.chat.conversations).toHaveLength(50);
    expect(mine.chat.conversation("bob")).toMatchObject({ unread: 40, last_message: { seq: 45 } });
    expect(fake.service.deliveredUpto("me", "bob")).toBe(45);
  });

  test.each([
    ["the newest", 15, 8, 86],
    ["the newest, and no more,", 5, 5, 96],
    ["what is around", 5, 6, 51],
    ["what is around", 15, 16, 51],
  ])(
    "opens %s where it is given %i messages at once, of which or behind which %i are new",
    async (_, page, count, from) => {
      const fake = await FakeChat.connected("me", "bob");
      const { chat, service } = fake;
      service.page = page;
      for (let i = 1; i <= 100; i++) {
        service.send("bob", "me", `message ${i}`);
      }
      service.mark("read", "me", "bob", 100 - count);
      await fake.pass();
      void chat.open("bob");
      await fake.pass();
      const first = chat.messages("bob")[0]?.seq ?? 0;
      expect(first).toBeLessThanOrEqual(100 - count + 1);
      expect([first, chat.model.hasNewer("bob")]).toEqual([from, false]);
    },
  );

  test("what is new begins behind what I have written unread, and what was unsent", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    for (let i = 1; i <= 70; i++) {
      service.send("me", "bob", `mine ${i}`);
    }
    const unsent = Array.from({ length: 70 }, (_, i) => service.send("bob", "me", `taken back ${i}`));
    unsent.forEach(({ id }) => service.change(id, undefined));
    for (let i = 1; i <= 40; i++) {
      service.send("bob", "me", `new ${i}`);
    }
    await fake.pass();
    const asked = service.requests.length;
    void chat.open("bob");
    await fake.pass();
    expect(chat.conversation("bob")).toMatchObject({ unread: 40, read_upto: 0 });
    expect(chat.messages("bob").map(({ seq }) => seq)).toContain(141);
    expect(chat.messages("bob")[0]?.seq).toBeGreaterThan(100);
    expect(chat.beginning("BOB")).toBe(141);
    expect(service.requests.slice(asked).length).toBeLessThanOrEqual(6);

    chat.model.close("bob");
    service.mark("read", "me", "bob", 175);
    await fake.pass();
    void chat.open("bob");
    await fake.pass();
    expect(chat.model.hasNewer("bob"), "all that is new is among the newest").toBe(false);
    expect(chat.messages("bob")).toHaveLength(service.page);
  });

  test("what is new is asked for once where there is nothing of it any more, as it was unsent unheard", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    const messages = Array.from({ length: 20 }, (_, i) => service.send("bob", "me", `message ${i}`));
    service.mark("read", "me", "bob", 18);
    await fake.pass();
    service.faults = { ...service.faults, frame: () => [] }; // the feed brings nothing
    messages.slice(18).forEach(({ id }) => service.change(id, undefined));
    service.requests.length = 0;
    void chat.open("bob");
    await fake.pass();
    expect(chat.conversation("bob")?.unread).toBe(2);
    expect(chat.messages("bob").at(-1)?.seq).toBe(20);
    expect(service.requests).toEqual([
      "GET /api/v1/message/?target=bob",
      "GET /api/v1/message/?target=bob&after=18&limit=50",
    ]);
  });

  test("opens as far as what is new was looked for, where that begins yet further behind what was read", async () => {
    const { service } = await FakeChat.connected("me", "bob");
    for (let i = 1; i <= 1_100; i++) {
      service.send("me", "bob", `mine ${i}`);
    }
    for (let i = 1; i <= 40; i++) {
      service.send("bob", "me", `new ${i}`);
    }
    const fake = await FakeChat.at(service, "me");
    void fake.chat.open("bob");
    await fake.pass();
    expect(fake.chat.messages("bob").map(({ seq }) => seq)).toContain(1_000);
    expect(fake.chat.model.hasNewer("bob")).toBe(true);
  });

  test("opens what is said with somebody new by one question for their conversation", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `user${i}`);
    const fake = await FakeChat.connected("me", "nobody", ...names);
    names.forEach((name) => fake.service.send(name, "me", "hello"));
    const { chat, service } = await FakeChat.at(fake.service, "me"); // not loaded down to the end of the list
    service.requests.length = 0;
    const opening = chat.open("nobody");
    await fake.pass();
    await opening;
    expect(chat.model.isOpen("nobody")).toBe(true);
    expect(service.requests.filter((one) => one.includes("nobody"))).toEqual([
      "GET /api/v1/conversation/nobody/",
      "GET /api/v1/message/?target=nobody",
    ]);
  });

  test("tells as news only what nobody has read, here or elsewhere, when it has caught up", async () => {
    const fake = await FakeChat.connected("me", "bob", "carol");
    const news: string[] = [];
    fake.chat.onNews(({ body }) => news.push(body));
    fake.service.close("me", 1006);
    for (let i = 1; i <= 5; i++) {
      fake.service.send("bob", "me", `message ${i}`);
    }
    fake.service.mark("read", "me", "bob", 5);
    fake.service.send("carol", "me", "one");
    const { id } = fake.service.send("carol", "me", "two");
    fake.service.change(id, "2");
    await fake.pass(60_000);
    expect(news).toEqual(["2"]);
    fake.service.send("bob", "me", "live");
    await fake.pass(1_000);
    expect(news).toEqual(["2", "live"]);
  });

  test("tells as news of everybody, however fast messages come", async () => {
    const fake = await FakeChat.connected("me", "bob", "carol");
    const news: string[] = [];
    fake.chat.onNews(({ body }) => news.push(body));
    fake.service.send("carol", "me", "urgent");
    for (let i = 1; i <= 30; i++) {
      fake.service.send("bob", "me", `message ${i}`);
      await fake.pass(100);
    }
    expect(news[0]).toBe("urgent");
    expect(
      news.filter((body) => body.startsWith("message")),
      "of each person the last one, and not each",
    ).toHaveLength(1);
    await fake.pass(1_000);
    expect(news.at(-1)).toBe("message 30");
    expect(news).toHaveLength(3);
  });

  test("tells of what arrives, and of nothing that was there or is mine", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const arrived = vi.fn();
    fake.service.send("bob", "me", "before");
    await fake.pass();
    fake.chat.onArrival(({ body }) => {
      arrived(body);
    });
    fake.service.send("bob", "me", "live");
    fake.service.send("me", "bob", "mine");
    await fake.pass();
    expect(arrived.mock.calls).toEqual([["live"]]);
  });

  test("finds what a message answers, loaded or not, once", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    for (let i = 1; i <= 20; i++) {
      service.send("bob", "me", `message ${i}`);
    }
    await fake.pass();
    void chat.model.open("bob");
    await fake.pass();
    expect(chat.messages("bob")[0]?.id).toBe(6);
    expect(chat.quoted("bob", 20)?.body).toBe("message 20");
    expect(chat.quoted("bob", 1)).toBeUndefined();
    expect(chat.quoted("bob", 1)).toBeUndefined();
    await fake.pass();
    expect(service.requests.filter((request) => request.endsWith("/message/1/"))).toHaveLength(1);
    expect(chat.quoted("bob", 1)).toBeNull(); // the service in memory finds no single messages
  });

  test("what I edit or unsend is so at once where it is loaded, quoted or told of, without a connection", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    for (let i = 1; i <= 20; i++) {
      service.send("me", "bob", `message ${i}`);
    }
    const first = service.messages[0];
    const last = service.messages[19];
    if (first === undefined || last === undefined) {
      throw new Error("There are twenty");
    }
    service.intercept = (method, path) =>
      method === "GET" && path.endsWith("/message/1/") ? Response.json(first) : undefined;
    void chat.model.open("bob");
    expect(chat.quoted("bob", 1)).toBeUndefined();
    await fake.pass();
    const altered: string[] = [];
    chat.onAlteration(({ body, deleted }) => altered.push(deleted ? "unsent" : body));
    service.faults = { ...service.faults, handshake: () => "hanging" };
    service.close("me", 1006);
    const changing = [chat.edit(first, "edited"), chat.unsend(last)];
    await fake.pass();
    await Promise.all(changing);
    expect(chat.quoted("bob", 1)?.body).toBe("edited");
    expect(chat.messages("bob").at(-1)).toMatchObject({ body: "", deleted: true });
    expect(chat.conversations[0]?.last_message).toMatchObject({ deleted: true });
    expect(altered).toEqual(["edited", "unsent"]);

    const earlier = service.messages[0];
    const later = service.change(1, "edited elsewhere");
    service.faults = { ...service.faults, handshake: () => "opened" };
    await fake.pass(60_000);
    expect(chat.quoted("bob", 1)).toEqual(later);
    service.intercept = (method) => (method === "PATCH" ? Response.json(earlier) : undefined);
    void chat.edit(first, "edited");
    await fake.pass();
    expect(chat.quoted("bob", 1)).toEqual(later);
  });

  test("asks again for what a message answers where the service could not say, and never says that it is gone", async () => {
    const fake = await FakeChat.connected("me", "bob");
    const { chat, service } = fake;
    const message = service.send("bob", "me", "hello");
    let answer = (): Response => new Response("{}", { status: 503, headers: { "Retry-After": "30" } });
    let asked = 0;
    service.intercept = (_, path) => {
      if (!path.endsWith("/message/1/")) {
        return undefined;
      }
      asked++;
      return answer();
    };
    expect(chat.quoted("bob", 1)).toBeUndefined();
    await fake.pass(25_000);
    expect([chat.quoted("bob", 1), asked]).toEqual([undefined, 1]); // as the service has asked for
    await fake.pass(10_000);
    expect([chat.quoted("bob", 1), asked]).toEqual([undefined, 2]);
    answer = () => Response.json(message);
    await fake.pass(60_000);
    expect(chat.quoted("bob", 1)?.body).toBe("hello");
    expect(asked).toBe(3);
  });
});

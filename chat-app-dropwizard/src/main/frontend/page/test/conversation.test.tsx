import { ChatProblem, type Message } from "@message-center/client";
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useEffect } from "react";
import { beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { Conversation } from "../src/conversation/conversation.js";
import { en } from "../src/i18n/en.js";
import { parseRoute } from "../src/route/route.js";
import { go, useRoute } from "../src/route/use-route.js";
import Search from "../src/search/search.js";
import { draft } from "../src/session/traces.js";
import { Announcer } from "../src/shell/announcer.js";
import { useMode } from "../src/conversation/use-mode.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;

beforeEach(async () => {
  fake = await FakeChat.connected("me", "bob");
});

const settled = async (): Promise<void> => {
  await act(() => fake.pass(1_000));
};

test("whom I block I cannot write to, also before anything was said", async () => {
  fake.service.intercept = (_, path) =>
    path.endsWith("/user/bob/") ? Response.json({ username: "bob", online: false, last_seen: null }) : undefined;
  fake.show(<Conversation user="bob" at={undefined} />);
  await settled();
  expect(screen.getByRole("textbox", { name: "Write to bob" })).toBeDefined();
  fake.service.block("me", "bob", true);
  await settled();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByRole("button", { name: "Unblock" })).toBeDefined();
  fake.service.block("me", "bob", false);
  await settled();
  expect(screen.getByRole("textbox", { name: "Write to bob" })).toBeDefined();
});

test("an old conversation, which the list is not loaded down to, is shown with all that is known of it", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `user${i}`);
  fake = await FakeChat.connected("me", "bob", ...names);
  fake.service.send("me", "bob", "mine");
  for (let i = 1; i <= 3; i++) {
    fake.service.send("bob", "me", `hello ${i}`);
  }
  fake.service.mark("read", "bob", "me", 1);
  fake.service.mark("read", "me", "bob", 2);
  names.forEach((name) => fake.service.send(name, "me", "hello"));
  await FakeChat.at(fake.service, "bob");
  fake = await FakeChat.at(fake.service, "me"); // loads the first page
  fake.show(<Conversation user="bob" at={undefined} />);
  await settled();
  expect(fake.chat.conversations).toHaveLength(50);
  expect(screen.getByRole("feed", { name: en.messagesWith("bob") })).toBeDefined();
  expect(screen.getByText(en.online)).toBeDefined();
  expect(screen.queryByText(en.nobody("bob")), "who has a conversation is somebody").toBeNull();
  expect(fake.chat.conversation("bob")).toMatchObject({ unread: 2, read_upto: 2, peer_read_upto: 1 });
  fake.service.block("me", "bob", true);
  await settled();
  expect(screen.getByRole("button", { name: "Unblock" })).toBeDefined();
  fake.service.block("me", "bob", false);
  fake.service.mark("read", "me", "bob", 4); // elsewhere
  await settled();
  expect(fake.chat.conversation("bob")).toMatchObject({ unread: 0, blocked: false });
  const lists = fake.service.requests.filter((one) => one.includes("/conversation/?"));
  expect(lists, "each chat loads the first page").toHaveLength(3);
});

test("what could not be loaded of older messages says so, and comes by itself", async () => {
  for (let i = 1; i <= 150; i++) {
    fake.service.send("bob", "me", `message ${i}`);
  }
  fake.service.mark("read", "me", "bob", 150);
  await settled();
  const older = vi
    .spyOn(fake.chat.model, "older")
    .mockRejectedValueOnce(new ChatProblem({ status: 503, code: "unavailable", detail: "Later.", retryAfter: 3 }));
  fake.show(<Conversation user="bob" at={undefined} />);
  await settled();
  expect((await screen.findByRole("alert")).textContent).toContain(en.olderFailed);
  expect(screen.getByRole("button", { name: en.tryAgain })).toBeDefined();
  fireEvent.scroll(screen.getByRole("feed"));
  fake.service.send("bob", "me", "more");
  await settled();
  expect(older.mock.calls, "not before its time").toHaveLength(1);
  await vi.waitFor(
    async () => {
      await settled();
      expect(fake.chat.messages("bob")[0]?.seq).toBe(1);
    },
    { timeout: 10_000 },
  );
  expect(screen.queryByRole("alert")).toBeNull();
});

describe("what is unsent or edited", () => {
  test("elsewhere is not what an edit goes on from", async () => {
    const mine = fake.service.send("me", "bob", "A");
    await fake.pass();
    fake.show(<Conversation user="bob" at={undefined} />);
    await settled();
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    const area = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Editing message" });
    fake.service.change(mine.id, "B");
    await settled();
    expect(area.value, "edited elsewhere, and not yet here").toBe("B");
    await user.clear(area);
    await user.type(area, "A");
    fake.service.change(mine.id, "C");
    await settled();
    expect(area.value).toBe("A");
    const patched = vi.fn();
    fake.service.intercept = (method, _, { body }) => {
      if (method !== "PATCH") {
        return undefined;
      }
      patched(body);
      return Response.json(mine);
    };
    await user.type(area, "{Enter}");
    await settled();
    expect(patched.mock.calls).toEqual([['{"body":"A"}']]);
    expect(screen.getByRole("textbox", { name: "Write to bob" })).toBeDefined();
  });

  test("elsewhere takes no text along that an edit has come to", async () => {
    const mine = fake.service.send("me", "bob", "A");
    await fake.pass();
    fake.show(<Conversation user="bob" at={undefined} />);
    await settled();
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    const editing = (): HTMLTextAreaElement => screen.getByRole("textbox", { name: "Editing message" });
    await user.type(editing(), " and much more");
    fake.service.change(mine.id, undefined);
    await settled();
    expect(editing().value).toBe("A and much more");
    expect(screen.getByRole("alert").textContent).toBe(en.editUnsent);
    await user.clear(editing());
    await settled();
    expect(screen.getByRole("textbox", { name: "Write to bob" })).toBeDefined();
  });

  test("elsewhere ends an edit that has come to nothing yet, without a word", async () => {
    const mine = fake.service.send("me", "bob", "A");
    await fake.pass();
    fake.show(<Conversation user="bob" at={undefined} />);
    await settled();
    await userEvent.setup().type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    fake.service.change(mine.id, undefined);
    await settled();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Write to bob" }));
  });

  test("is not what an answer shows above itself", async () => {
    const message = fake.service.send("bob", "me", "secret");
    const { id } = message;
    await fake.pass();
    fake.show(<Answering message={message} />);
    cleanup();
    fake.show(<Conversation user="bob" at={undefined} />);
    await settled();
    expect(document.body.textContent).toContain("Replying to bobsecret");
    fake.service.change(id, undefined);
    await settled();
    expect(document.body.textContent).not.toContain("Replying to bob");
    expect(document.body.textContent).not.toContain("secret");
  });

  test("is found no more", async () => {
    const message = fake.service.send("bob", "me", "secret");
    fake.service.intercept = (_, path) => (path.endsWith("/search/") ? Response.json([message]) : undefined);
    fake.show(<Search />);
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "secret" } });
    await vi.waitFor(async () => {
      await settled();
      expect(screen.getAllByRole("link").at(-1)?.textContent).toContain("secret");
    });
    fake.service.change(message.id, undefined);
    await settled();
    expect(screen.queryByRole("list")).toBeNull();
  });

  test("is unsent and found as what it is without a connection, too, and an answer that is late is no news", async () => {
    const mine = fake.service.send("me", "bob", "my words");
    const other = fake.service.send("me", "bob", "other words");
    await fake.pass();
    fake.service.intercept = (_, path) => (path.endsWith("/search/") ? Response.json([other, mine]) : undefined);
    const user = userEvent.setup();
    fake.show(
      <>
        <Search />
        <div className="main">
          <Conversation user="bob" at={2} />
        </div>
      </>,
    );
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "words" } });
    const found = (): readonly (string | null)[] =>
      [...document.querySelectorAll(".hit-body")].map((one) => one.textContent);
    await vi.waitFor(async () => {
      await settled();
      expect(found()).toEqual(["You: other words", "You: my words"]);
    });
    fake.service.faults = { ...fake.service.faults, handshake: () => "hanging" };
    fake.service.close("me", 1006);
    await settled();
    fireEvent.keyDown(screen.getByRole("article", { hidden: true }), { key: "Enter" });
    await user.click(await screen.findByRole("menuitem", { name: en.unsend }));
    await user.click(await screen.findByRole("button", { name: en.unsend }));
    await settled();
    expect(found()).toEqual(["You: my words"]);
    expect(screen.getByRole("article", { hidden: true }).textContent).toContain(en.unsent);

    const earlier = fake.service.change(mine.id, "my earlier words");
    fake.service.change(mine.id, "my later words");
    fake.service.faults = { ...fake.service.faults, handshake: () => "opened" };
    await act(() => fake.pass(60_000));
    expect(found()).toEqual(["You: my later words"]);
    fake.service.intercept = (method) => (method === "PATCH" ? Response.json(earlier) : undefined);
    void fake.chat.edit(mine, "my earlier words");
    await settled();
    expect(found()).toEqual(["You: my later words"]);
  });

  test("is read out no more", async () => {
    fake.show(<Announcer />);
    const { id } = fake.service.send("bob", "me", "secret");
    await settled();
    await vi.waitFor(
      () => {
        expect(document.body.textContent).toContain("secret");
      },
      { timeout: 5_000 },
    );
    fake.service.change(id, undefined);
    await settled();
    expect(document.body.textContent).not.toContain("secret");
  });
});

function Answering({ message }: { readonly message: Message }): ReactNode {
  const { setMode } = useMode("bob");
  useEffect(() => {
    setMode({ type: "reply", message });
  }, [setMode, message]);
  return null;
}

test("while I block somebody, what I said can be edited, and nothing answered", async () => {
  const { id } = fake.service.send("me", "bob", "mine");
  fake.service.block("me", "bob", true);
  await fake.pass();
  fake.show(
    <div className="main">
      <Conversation user="bob" at={1} />
    </div>,
  );
  await settled();
  const user = userEvent.setup();
  fireEvent.keyDown(screen.getByRole("article", { hidden: true }), { key: "Enter" });
  expect(screen.getByText(en.isBlocked("bob")).role).toBe("status");
  const edit = await screen.findByRole("menuitem", { name: en.edit });
  expect(screen.queryByRole("menuitem", { name: en.reply })).toBeNull();
  await user.click(edit);
  const area = await screen.findByRole("textbox", { name: en.editing });
  await vi.waitFor(() => {
    expect(document.activeElement).toBe(area);
  });
  fake.service.intercept = (method) =>
    method === "PATCH" ? Response.json(fake.service.change(id, "better")) : undefined;
  await user.type(area, "!{Enter}");
  await settled();
  expect(fake.chat.messages("bob")[0]?.body).toBe("better");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: en.unblockShort }));
});

describe("whose account is erased", () => {
  const closed = (): void => {
    expect(screen.getByText(en.isGone("bob"))).toBeDefined();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.getByRole("article", { hidden: true }).textContent, "what was said stays").toContain("hello");
  };

  beforeEach(async () => {
    fake.service.send("bob", "me", "hello");
    await fake.pass();
  });

  test("before their conversation is opened can be written to no more", async () => {
    fake.service.erased.add("bob");
    fake.show(<Conversation user="bob" at={1} />);
    await settled();
    closed();
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 2, name: "bob" }));
  });

  test("while it is open neither, as soon as they have gone", async () => {
    await FakeChat.at(fake.service, "bob");
    fake.service.cookie = "me";
    fake.show(<Conversation user="bob" at={1} />);
    await settled();
    expect(screen.getByText(en.online)).toBeDefined();
    fake.service.erased.add("bob");
    fake.service.close("bob", 1008);
    await settled();
    await settled(); // in which it is asked whether they are still there
    closed();
    expect(screen.queryByText(en.online)).toBeNull();
  });

  test("nor once a message was refused for that", async () => {
    fake.show(<Conversation user="bob" at={1} />);
    await settled();
    fake.service.erased.add("bob");
    await userEvent.setup().type(screen.getByRole("textbox"), "too late{Enter}");
    await settled();
    expect(screen.getByText(en.isGone("bob"))).toBeDefined();
    expect(screen.queryByRole("textbox")).toBeNull();
  });
});

test.each(["a/b", ".", ".."])("nobody can be called %s", async (name) => {
  fake.show(<Conversation user={name} at={undefined} />);
  await settled();
  await settled();
  expect(screen.getByText(en.nobody(name))).toBeDefined();
  expect(screen.queryByRole("textbox")).toBeNull();
});

test.each([
  ["with whom something was said", en.isGone("bob"), ["hello"]],
  ["with whom nothing was said", en.nobody("bob"), []],
])("what was begun to somebody erased %s can be read, copied and discarded", async (_, said, before) => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError"); // so it would be lost, which is told until it is discarded
  });
  before.forEach((body) => fake.service.send("bob", "me", body));
  await fake.pass();
  fake.show(<Conversation user="bob" at={undefined} />);
  await settled();
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: en.write("bob") }), "too late");
  fake.service.erased.add("bob");
  document.dispatchEvent(new Event("visibilitychange"));
  await settled();
  await settled();
  expect(screen.getByText(said)).toBeDefined();
  const left = within(screen.getByRole("region", { name: en.draft }));
  expect(left.getByText("too late")).toBeDefined();
  await user.click(left.getByRole("button", { name: en.copy }));
  expect(await navigator.clipboard.readText()).toBe("too late");
  const told: boolean[] = [];
  fake.chat.subscribe(() => told.push(fake.chat.unkept));
  expect(fake.chat.unkept).toBe(true);
  await user.click(left.getByRole("button", { name: en.discard }));
  await vi.waitFor(() => {
    expect(told).toEqual([false]);
  });
  expect(screen.queryByRole("region", { name: en.draft })).toBeNull();
  expect(draft("me", "bob")).toBe("");
  expect(document.activeElement).toBe(screen.getByRole("heading", { level: 2, name: "bob" }));
});

test("what is sent offline from an old place leads to the newest messages once there is a connection", async () => {
  for (let i = 1; i <= 120; i++) {
    fake.service.send("bob", "me", `message ${i}`);
  }
  await settled();
  history.replaceState(null, "", "#with=bob&at=5");
  fake.show(<Located />);
  await settled();
  expect(fake.chat.model.hasNewer("bob")).toBe(true);
  fake.service.down = true;
  fake.service.close("me", 1006);
  await settled();
  await userEvent.setup().type(screen.getByRole("textbox", { name: "Write to bob" }), "mine{Enter}");
  await settled();
  await vi.waitFor(async () => {
    await settled();
    expect([location.hash, fake.chat.model.hasNewer("bob")]).toEqual(["#with=bob", true]);
  });
  fake.service.down = false;
  await act(() => fake.pass(60_000));
  await settled();
  expect(fake.chat.model.hasNewer("bob")).toBe(false);
  expect(fake.chat.messages("bob").at(-1)?.body).toBe("mine");
});

describe("the newest messages, which could not be loaded though there is a connection,", () => {
  const later = new ChatProblem({ status: 429, code: "too_many_requests", detail: "Later.", retryAfter: 1 });
  const broken = new ChatProblem({ status: 500, code: "error", detail: "Broken." });

  /** Somebody writes at an old place, and so wishes to see the newest. */
  async function wished(...failures: readonly ChatProblem[]): Promise<MockInstance> {
    for (let i = 1; i <= 1_000; i++) {
      fake.service.send("bob", "me", `message ${i}`);
    }
    await settled();
    history.replaceState(null, "", "#with=bob&at=5");
    fake.show(<Located />);
    await settled();
    const open = vi.spyOn(fake.chat.model, "open");
    failures.forEach((failure) => open.mockRejectedValueOnce(failure));
    await userEvent.setup().type(screen.getByRole("textbox", { name: "Write to bob" }), "mine{Enter}");
    await settled();
    await vi.waitFor(async () => {
      await settled();
      expect([location.hash, fake.chat.model.hasNewer("bob")]).toEqual(["#with=bob", true]);
      expect(screen.getByRole("alert").textContent).toContain(en.newerFailed);
    });
    return open;
  }

  const expectThere = (): void => {
    expect(fake.chat.messages("bob").at(-1)?.body).toBe("mine");
    expect(fake.chat.model.hasNewer("bob")).toBe(false);
    expect(screen.queryByRole("alert")).toBeNull();
  };

  test("come by themselves", async () => {
    const open = await wished(later, broken);
    await vi.waitFor(
      async () => {
        await settled();
        expectThere();
      },
      { timeout: 15_000 },
    );
    expect(open).toHaveBeenCalledTimes(3);
  });

  test("come once somebody asks for them, also where it was no use to try again", async () => {
    const open = await wished(new ChatProblem({ status: 400, code: "invalid", detail: "No." }));
    await userEvent.setup().click(screen.getByRole("button", { name: en.tryAgain }));
    await settled();
    expectThere();
    expect(open).toHaveBeenCalledTimes(2);
  });
});

describe("a place that is gone to", () => {
  const later = new ChatProblem({ status: 429, code: "too_many_requests", detail: "Later.", retryAfter: 3 });
  const NEWEST = Array.from({ length: 15 }, (_, i) => i + 136);
  let older: MockInstance;

  const seqs = (): number[] => fake.chat.messages("bob").map(({ seq }) => seq);
  const goTo = (hash: string): void => {
    act(() => {
      go(parseRoute(hash));
    });
  };

  beforeEach(async () => {
    for (let i = 1; i <= 150; i++) {
      fake.service.send("bob", "me", `message ${i}`);
    }
    fake.service.mark("read", "me", "bob", 150);
    await settled();
    older = vi.spyOn(fake.chat.model, "older").mockReturnValue(new Promise(() => undefined)); // nothing is laid out here
    goTo("#with=bob");
  });

  /** Answers that lead elsewhere than to the newest come after this. */
  const slow = (): void => {
    fake.service.faults = {
      ...fake.service.faults,
      request: (url) => ({ delay: /before=|after=/.test(url) ? 10_000 : 1, fate: "answered" }),
    };
  };

  test("says that it cannot be had, and is there once it can, not before the service wishes to be asked", async () => {
    fake.show(<Located />);
    await settled();
    expect(seqs()).toEqual(NEWEST);
    const openAt = vi.spyOn(fake.chat.model, "openAt").mockRejectedValueOnce(later);
    goTo("#with=bob&at=20");
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(en.placeFailed);
    await settled();
    expect(openAt).toHaveBeenCalledTimes(1);
    await vi.waitFor(
      async () => {
        await settled();
        expect(screen.queryByRole("alert")).toBeNull();
      },
      { timeout: 15_000 },
    );
    expect(seqs()).toContain(20);
    expect(openAt).toHaveBeenCalledTimes(2);
  });

  test("says nothing any more once it is loaded with what is read before it", async () => {
    fake.show(<Located />);
    await settled();
    vi.spyOn(fake.chat.model, "openAt").mockRejectedValue(later);
    goTo("#with=bob&at=100");
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(en.placeFailed);
    older.mockRestore();
    await act(() => Promise.all([fake.chat.model.older("bob"), fake.pass(1_000)]));
    expect(seqs()).toContain(100);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("is tried again when somebody says so, and no more once they go elsewhere", async () => {
    fake.show(<Located />);
    await settled();
    const broken = new ChatProblem({ status: 400, code: "invalid", detail: "No." });
    vi.spyOn(fake.chat.model, "openAt").mockRejectedValueOnce(broken).mockRejectedValueOnce(broken);
    goTo("#with=bob&at=20");
    await settled();
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: en.tryAgain }));
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(en.placeFailed);
    goTo("#with=bob");
    await settled();
    expect(screen.queryByRole("alert")).toBeNull();
    goTo("#with=bob&at=20");
    await settled();
    expect(seqs()).toContain(20);
  });

  test("is not where anybody is taken who has gone back meanwhile, or has written", async () => {
    fake.show(<Located />);
    await settled();
    slow();
    goTo("#with=bob&at=20");
    await settled();
    goTo("#with=bob");
    await act(() => fake.pass(15_000));
    expect(seqs()).toEqual(NEWEST);
    goTo("#with=bob&at=20");
    await settled();
    await userEvent.setup().type(screen.getByRole("textbox", { name: "Write to bob" }), "mine{Enter}");
    await act(() => fake.pass(15_000));
    expect([location.hash, fake.chat.messages("bob").at(-1)?.body]).toEqual(["#with=bob", "mine"]);
  });

  test("is not where a conversation is that was left meanwhile", async () => {
    const { unmount } = fake.show(<Located />);
    await settled();
    slow();
    goTo("#with=bob&at=20");
    await settled();
    unmount();
    await fake.pass(15_000);
    expect(seqs()).toEqual(NEWEST);
  });

  test("stays where it was among what is loaded, though the newest were on their way", async () => {
    goTo("#with=bob&at=20");
    fake.show(<Located />);
    await settled();
    const loaded = seqs();
    fake.service.faults = { ...fake.service.faults, request: () => ({ delay: 10_000, fate: "answered" }) };
    await userEvent.setup().type(screen.getByRole("textbox", { name: "Write to bob" }), "mine{Enter}");
    await settled();
    goTo("#with=bob&at=25");
    await act(() => fake.pass(15_000));
    expect(seqs()).toEqual(loaded);
  });

  test("that is refused at first is asked for once, until the service wishes to be asked again", async () => {
    const openAt = vi.spyOn(fake.chat.model, "openAt").mockRejectedValueOnce(later);
    fake.show(<Located />);
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(en.couldNotLoad);
    await settled();
    expect(openAt).toHaveBeenCalledTimes(1);
  });
});

function Located(): ReactNode {
  return <Conversation user="bob" at={useRoute().at} />;
}

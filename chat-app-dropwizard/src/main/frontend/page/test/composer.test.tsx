import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef, type ReactNode } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import MessageMenu from "../src/conversation/message-menu.js";
import { EditComposer, WriteComposer } from "../src/conversation/composer.js";
import { Conversation } from "../src/conversation/conversation.js";
import { en } from "../src/i18n/en.js";
import { useRoute } from "../src/route/use-route.js";
import { begun, begunKey, draft, draftKey, setBegun } from "../src/session/traces.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;
const onEditLast = vi.fn(() => true);
const onEnd = vi.fn();

beforeEach(async () => {
  fake = await FakeChat.connected("me", "bob");
});

function write(replying?: Parameters<typeof WriteComposer>[0]["replying"]): HTMLTextAreaElement {
  fake.show(
    <WriteComposer
      input={createRef()}
      user="bob"
      replying={replying}
      onEnd={onEnd}
      onEditLast={onEditLast}
      onLeaveUp={() => undefined}
      onSent={() => undefined}
    />,
  );
  return screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Write to bob" });
}

/** The menu of a message, at a place that it takes for the conversation's. */
function showMenu(item: ReturnType<typeof fake.chat.sending>[number] | undefined, canWrite: boolean): HTMLElement {
  const main = document.createElement("div");
  main.className = "main";
  document.body.append(main);
  fake.show(
    <MessageMenu
      me="me"
      item={item ?? ({} as never)}
      anchor={main}
      canWrite={canWrite}
      composer={createRef()}
      rest={createRef()}
      onClose={() => undefined}
      onJump={() => undefined}
      onMode={() => undefined}
      onUnsend={() => undefined}
    />,
  );
  return main;
}

const bodies = (): readonly string[] => fake.service.conversation("me", "bob").map(({ body }) => body);

describe("writing", () => {
  test("Enter sends, Shift and Enter begin a line, and the focus stays", async () => {
    const area = write();
    const user = userEvent.setup();
    await user.type(area, "one{Shift>}{Enter}{/Shift}two{Enter}");
    await fake.pass();
    expect(bodies()).toEqual(["one\ntwo"]);
    expect(area.value).toBe("");
    expect(document.activeElement).toBe(area);
  });

  test("nothing but space is sent", async () => {
    const area = write();
    await userEvent.setup().type(area, "  {Enter}");
    await fake.pass();
    expect(bodies()).toEqual([]);
  });

  test("Enter that ends a composition sends nothing", async () => {
    const area = write();
    fireEvent.change(area, { target: { value: "かな" } });
    fireEvent.keyDown(area, { key: "Enter", isComposing: true });
    fireEvent.keyDown(area, { key: "Enter", keyCode: 229 }); // as Safari has it
    await fake.pass();
    expect(bodies()).toEqual([]);
    expect(area.value).toBe("かな");
  });

  test("Escape that ends a composition closes nothing", async () => {
    history.replaceState(null, "", "#with=bob");
    void fake.chat.model.open("bob");
    await fake.pass();
    fake.show(<Conversation user="bob" at={undefined} />);
    const area = screen.getByRole("textbox", { name: "Write to bob" });
    fireEvent.keyDown(area, { key: "Escape", isComposing: true });
    fireEvent.keyDown(area, { key: "Escape", keyCode: 229 });
    expect(location.hash).toBe("#with=bob");
    fireEvent.keyDown(area, { key: "Escape" });
    expect(location.hash).toBe("");
  });

  test("whoever signs out leaves nothing behind that is yet to be kept", async () => {
    await userEvent.setup().type(write(), "half a sent");
    fake.chat.forgotten = true;
    cleanup();
    expect(draft("me", "bob")).toBe("");
  });

  test("what is written is kept, taken up again, and gone once it is sent", async () => {
    const user = userEvent.setup();
    await user.type(write(), "half a sent");
    cleanup(); // before it had the time to be kept
    expect(draft("me", "bob")).toBe("half a sent");
    const area = write();
    expect(area.value).toBe("half a sent");
    await user.type(area, "ence{Enter}");
    expect(draft("me", "bob")).toBe("");
    await fake.pass();
    expect(bodies()).toEqual(["half a sentence"]);
  });

  test("what is too long is not sent, but stays, and says by how much", async () => {
    const area = write();
    fireEvent.change(area, { target: { value: `${"👋".repeat(10_000)}ab` } });
    const send = screen.getByRole("button", { name: "Send" });
    expect(screen.getByText("2 characters too long to be sent.")).toBeDefined();
    expect([area.getAttribute("aria-invalid"), send.getAttribute("aria-disabled")]).toEqual(["true", "true"]);
    const user = userEvent.setup();
    await user.click(send);
    await user.type(area, "{Enter}");
    await fake.pass();
    expect(bodies()).toEqual([]);
    expect(area.value).toHaveLength(20_002);
    fireEvent.change(area, { target: { value: "👋".repeat(10_000) } });
    await user.type(area, "{Enter}");
    await fake.pass();
    expect(bodies()).toHaveLength(1);
  });

  test("the service's own limit is known once it has refused something, which can be written again", async () => {
    fake.service.longest = 5;
    const area = write();
    const user = userEvent.setup();
    await user.type(area, "hello, you{Enter}");
    await fake.pass();
    const [item] = fake.chat.sending("bob");
    await user.type(area, "and more");
    expect(screen.getByText("3 characters too long to be sent.")).toBeDefined();
    cleanup();
    const main = showMenu(item, true);
    await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
    expect(fake.chat.unsent).toBe(0);
    cleanup();
    main.remove();
    expect(write().value).toBe("hello, you\nand more");
    expect(screen.getByText("14 characters too long to be sent.")).toBeDefined();
  });

  test("what another tab writes or sends is shown, unless something is being written here", async () => {
    localStorage.setItem(draftKey("me", "bob"), "from before");
    const area = write();
    expect(area.value).toBe("from before");
    const hear = (text: string): void => {
      localStorage.setItem(draftKey("me", "bob"), text);
      fireEvent(window, new StorageEvent("storage", { key: draftKey("me", "bob"), newValue: text }));
    };
    hear("from there");
    expect(area.value).toBe("from there");
    area.focus(); // as it is in every tab with the conversation
    hear("there again");
    expect(area.value).toBe("there again");
    hear("");
    expect(area.value).toBe("");
    await userEvent.setup().type(area, "here");
    hear("and there");
    expect(area.value).toBe("here");
    await vi.waitFor(() => {
      expect(draft("me", "bob")).toBe("here");
    });
  });

  test("an answer says what it answers, and goes with it", async () => {
    const message = fake.service.send("bob", "me", "a question");
    const area = write(message);
    expect(screen.getByText("Replying to bob")).toBeDefined();
    expect(document.activeElement).toBe(area);
    await userEvent.setup().type(area, "an answer{Enter}");
    await fake.pass();
    expect(fake.service.conversation("me", "bob").at(-1)).toMatchObject({ body: "an answer", reply_to: message.id });
    expect(onEnd).toHaveBeenCalled();
  });

  test("an answer to what I said myself does not call me by my name", () => {
    write(fake.service.send("me", "bob", "said"));
    expect(screen.getByText("Replying to yourself")).toBeDefined();
  });

  test("what is to be written stands as the page does until something is written", async () => {
    const area = write();
    expect(area.dir).toBe("");
    await userEvent.setup().type(area, "x");
    expect(area.dir).toBe("auto");
  });

  test("one emoji after the other is put where one writes", async () => {
    const area = write();
    const user = userEvent.setup();
    await user.type(area, "ab");
    area.setSelectionRange(1, 1);
    await user.click(screen.getByRole("button", { name: "Emoji" }));
    await user.click(await screen.findByRole("button", { name: "😀" }));
    await user.click(screen.getByRole("button", { name: "😄" }));
    expect(area.value).toBe("a😀😄b");
    await user.keyboard("{Escape}");
    await vi.waitFor(() => {
      expect(document.activeElement).toBe(area);
    });
    expect(screen.queryByRole("button", { name: "😀" })).toBeNull();
  });

  test("the arrow up edits the last message, but only where nothing is written", async () => {
    const area = write();
    const user = userEvent.setup();
    await user.type(area, "x{ArrowUp}");
    expect(onEditLast).not.toHaveBeenCalled();
    await user.clear(area);
    await user.type(area, "{ArrowUp}");
    expect(onEditLast).toHaveBeenCalledOnce();
  });

  test("the other side is told that I write, now and then", async () => {
    const area = write();
    await userEvent.setup().type(area, "hello");
    await fake.pass();
    expect(fake.service.frames.filter(([, { type }]) => type === "typing")).toHaveLength(1);
  });
});

/** What somebody sees who opens the conversation with bob, as after a reload. */
async function reloaded(): Promise<void> {
  cleanup();
  fake = await FakeChat.at(fake.service, "me");
  void fake.chat.model.open("bob");
  await fake.pass();
  fake.show(<Conversation user="bob" at={undefined} />);
  await act(() => fake.pass());
}

describe("what is begun", () => {
  const editing = (): HTMLTextAreaElement => screen.getByRole("textbox", { name: "Editing message" });

  test("is still the edit that it was after a reload", async () => {
    fake.service.send("me", "bob", "said");
    await reloaded();
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    await user.type(editing(), " better");
    await reloaded();
    expect(editing().value).toBe("said better");
    await user.type(editing(), "{Escape}");
    await reloaded();
    expect(screen.queryByRole("textbox", { name: "Editing message" })).toBeNull();
  });

  test("and taken back to what the message says is nothing that would be lost", async () => {
    fake.service.send("me", "bob", "said");
    await reloaded();
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    expect(fake.chat.unfinished).toBe(0);
    await user.type(editing(), "!");
    expect(fake.chat.unfinished).toBe(1);
    await user.type(editing(), "{Backspace}");
    expect([editing().value, fake.chat.unfinished]).toEqual(["said", 0]);
  });

  /** What another tab does with it. */
  const hear = (now: { type: "reply" | "edit"; id: number; text?: string } | undefined): void => {
    setBegun("me", "bob", now);
    fireEvent(window, new StorageEvent("storage", { key: begunKey("me", "bob") }));
  };

  test("and saved in another tab is no edit here any more, and what is written then is a message", async () => {
    const { id } = fake.service.send("me", "bob", "said");
    setBegun("me", "bob", { type: "edit", id });
    await reloaded();
    expect(editing().value).toBe("said");
    hear({ type: "edit", id, text: "said there" });
    expect(editing().value).toBe("said there");
    const user = userEvent.setup();
    await user.type(editing(), " and here");
    expect(editing().value).toBe("said there and here");
    hear({ type: "edit", id, text: "said there" });
    expect(editing().value, "also what it was before").toBe("said there");
    hear({ type: "edit", id });
    expect(editing().value, "also what the message says").toBe("said");
    hear(undefined);
    const area = screen.getByRole("textbox", { name: "Write to bob" });
    expect(document.activeElement).toBe(area);
    await user.type(area, "another{Enter}");
    await act(() => fake.pass());
    expect(bodies()).toEqual(["said", "another"]);
  });

  test("and sent in another tab is answered no more here, whatever is shown meanwhile", async () => {
    const { id } = fake.service.send("bob", "me", "a question");
    await reloaded();
    hear({ type: "reply", id });
    expect(screen.getByText("Replying to bob")).toBeDefined();
    hear(undefined);
    expect(screen.queryByText("Replying to bob")).toBeNull();
    const user = userEvent.setup();
    await user.click(screen.getByRole("textbox", { name: "Write to bob" }));
    hear({ type: "reply", id });
    cleanup(); // another conversation
    hear(undefined);
    fake.show(<Conversation user="bob" at={undefined} />);
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "not an answer{Enter}");
    await act(() => fake.pass());
    expect(fake.service.conversation("me", "bob").at(-1)).toMatchObject({ body: "not an answer", reply_to: null });
  });

  test("goes on where the browser keeps nothing", async () => {
    const { id } = fake.service.send("me", "bob", "said");
    await reloaded();
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    await user.type(editing(), " better");
    expect(localStorage).toHaveLength(0);
    cleanup(); // another conversation
    fake.show(<Conversation user="bob" at={undefined} />);
    expect(editing().value).toBe("said better");
    expect(fake.chat.messages("bob")[0]?.id).toBe(id);
    fireEvent(window, new StorageEvent("storage", { key: begunKey("me", "bob"), newValue: null })); // another tab has none
    expect(editing().value).toBe("said better");
    expect(fake.chat.unkept).toBe(true);
    await user.type(editing(), "{Escape}");
    expect(fake.chat.unkept).toBe(false);
  });

  test("is still an answer after a reload, until what it answers is unsent", async () => {
    const { id } = fake.service.send("bob", "me", "secret");
    setBegun("me", "bob", { type: "reply", id });
    await reloaded();
    expect(screen.getByText("Replying to bob").parentElement?.textContent).toContain("secret");
    fake.service.change(id, undefined);
    await act(() => fake.pass());
    expect(screen.queryByText("Replying to bob")).toBeNull();
    expect(document.querySelector(".composer")?.textContent).not.toContain("secret");
    expect(begun("me", "bob")).toBeUndefined();
  });

  test("is held against what the message says now, whoever edited it meanwhile", async () => {
    const { id } = fake.service.send("me", "bob", "A");
    await reloaded();
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    fake.service.change(id, "B");
    await act(() => fake.pass());
    expect(editing().value).toBe("B");
    let saved = 0;
    fake.service.intercept = (method) => {
      saved += method === "PATCH" ? 1 : 0;
      return undefined;
    };
    await user.clear(editing());
    await user.type(editing(), "A{Enter}");
    await act(() => fake.pass());
    expect(saved).toBe(1);
  });

  test("is not edited where nothing can be written", async () => {
    fake.service.erased.add("bob");
    fake.chat.send("bob", "too late");
    await fake.pass();
    const [item] = fake.chat.sending("bob");
    const main = showMenu(item, false);
    const choices = await screen.findAllByRole("menuitem");
    expect(choices.map(({ textContent }) => textContent)).toEqual(["Try again", "Copy text", "Discard"]);
    cleanup();
    main.remove();
  });

  test("is an answer again where it could not be sent and is edited", async () => {
    const message = fake.service.send("bob", "me", "ask");
    fake.service.longest = 5;
    await fake.pass();
    fake.chat.send("bob", "too long", message.id);
    await fake.pass();
    const [item] = fake.chat.sending("bob");
    const onMode = vi.fn();
    const main = document.createElement("div");
    main.className = "main";
    document.body.append(main);
    void fake.chat.model.open("bob");
    await fake.pass();
    fake.show(
      <MessageMenu
        me="me"
        item={item ?? ({} as never)}
        anchor={main}
        canWrite
        composer={createRef()}
        rest={createRef()}
        onClose={() => undefined}
        onJump={() => undefined}
        onMode={onMode}
        onUnsend={() => undefined}
      />,
    );
    await userEvent.setup().click(await screen.findByRole("menuitem", { name: "Edit" }));
    expect(onMode.mock.lastCall?.[0]).toMatchObject({ type: "reply", message: { id: message.id } });
    expect(draft("me", "bob")).toBe("too long");
    cleanup();
    main.remove();
  });
});

test("the menu of a message is gone once that is unsent", async () => {
  const { id, seq } = fake.service.send("bob", "me", "said");
  await fake.pass();
  void fake.chat.model.open("bob");
  await fake.pass();
  fake.show(
    <div className="main">
      <Conversation user="bob" at={seq} />
    </div>,
  );
  const row = screen.getByRole("article", { hidden: true }); // nothing is measured here
  fireEvent.keyDown(row, { key: "Enter" });
  await screen.findByRole("menuitem", { name: "Copy text" });
  fake.service.change(id, undefined);
  await act(() => fake.pass());
  expect(screen.queryByRole("menuitem")).toBeNull();
});

describe("blocking", () => {
  test("leaves the focus at what stands in the place of what had it, whoever blocks where", async () => {
    fake.service.send("me", "bob", "said");
    await fake.pass();
    void fake.chat.model.open("bob");
    await fake.pass();
    fake.show(<Conversation user="bob" at={undefined} />);
    const writing = (): HTMLElement => screen.getByRole("textbox", { name: "Write to bob" });
    expect(document.activeElement).toBe(writing());
    const block = async (blocked: boolean): Promise<void> => {
      fake.service.block("me", "bob", blocked);
      await act(() => fake.pass());
    };
    await block(true);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Unblock" }));
    await block(false);
    expect(document.activeElement).toBe(writing());
  });
});

function Located(): ReactNode {
  return <Conversation user="bob" at={useRoute().at} />;
}

describe("editing", () => {
  test("by the arrow up is of the last message, and leads there first where that is not loaded", async () => {
    for (let i = 1; i <= 200; i++) {
      fake.service.send("me", "bob", `message ${i}`);
    }
    await fake.pass();
    void fake.chat.model.openAt("bob", 10);
    await fake.pass();
    expect(fake.chat.model.hasNewer("bob")).toBe(true);
    history.replaceState(null, "", "#with=bob&at=10");
    fake.show(<Located />);
    const user = userEvent.setup();
    const up = async (): Promise<void> => {
      await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
      await act(() => fake.pass());
    };
    await up();
    expect(screen.queryByRole("textbox", { name: "Editing message" })).toBeNull();
    expect(fake.chat.model.hasNewer("bob")).toBe(false);
    await up();
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Editing message" }).value).toBe("message 200");
  });

  test("begins with what was said, and says what went wrong", async () => {
    const message = fake.service.send("me", "bob", "said");
    fake.service.intercept = (method) =>
      method === "PATCH"
        ? new Response(JSON.stringify({ code: "forbidden", status: 403, detail: "No." }), { status: 403 })
        : undefined;
    fake.show(<EditComposer input={createRef()} message={message} onText={() => undefined} onEnd={onEnd} />);
    const area = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Editing message" });
    expect(area.value).toBe("said");
    expect(document.activeElement).toBe(area);
    await userEvent.setup().type(area, " better{Enter}");
    await fake.pass();
    expect((await screen.findByRole("alert")).textContent).toBe("This is not allowed.");
    fake.service.down = true;
    await userEvent.setup().type(area, "{Enter}");
    await vi.waitFor(async () => {
      await fake.pass();
      expect(screen.getByRole("alert").textContent, "it is not sent later").toBe(en.editNoAnswer);
    });
    fake.service.down = false;
    expect(area.value).toBe("said better");
    expect(onEnd).not.toHaveBeenCalled();
    fake.service.intercept = (method) =>
      method === "PATCH" ? Response.json({ ...message, body: "said better" }) : undefined;
    await userEvent.setup().type(area, "{Enter}");
    await fake.pass();
    await vi.waitFor(() => {
      expect(onEnd).toHaveBeenCalledOnce();
    });
  });

  test("goes on where it was left, whatever was looked at meanwhile, until it is given up", async () => {
    fake.service.send("me", "bob", "said");
    await fake.pass();
    void fake.chat.model.open("bob");
    await fake.pass();
    const user = userEvent.setup();
    const show = (): void => {
      cleanup();
      fake.show(<Conversation user="bob" at={undefined} />);
    };
    show();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    await user.type(screen.getByRole("textbox", { name: "Editing message" }), " better");
    show();
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Editing message" }).value).toBe("said better");
    await user.type(screen.getByRole("textbox", { name: "Editing message" }), "{Escape}");
    show();
    await user.type(screen.getByRole("textbox", { name: "Write to bob" }), "{ArrowUp}");
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Editing message" }).value).toBe("said");
  });
});

import { act, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ConversationList } from "../src/conversation-list/conversation-list.js";
import { writeNumbersAs } from "../src/i18n/numbers.js";
import { go } from "../src/route/use-route.js";
import { draftKey, setDraft } from "../src/session/traces.js";
import { keepDraft } from "../src/session/use-draft.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;

beforeEach(async () => {
  fake = await FakeChat.connected("me", "alice", "bob", "carol");
});

async function settled(): Promise<void> {
  await act(() => fake.pass());
}

const lines = (): readonly HTMLElement[] => within(screen.getByRole("navigation")).getAllByRole("link");

function line(index: number): HTMLElement {
  return lines()[index] ?? document.createElement("a");
}

describe("the list of conversations", () => {
  test("says what to do where there is none", () => {
    fake.show(<ConversationList />);
    expect(screen.getByText("No conversations yet")).toBeDefined();
    expect(screen.getByRole("link", { name: "Find people" }).getAttribute("href")).toBe("#people");
  });

  test("shows who, what was said last, and how much is unread; latest first, as it happens", async () => {
    fake.service.send("alice", "me", "from alice");
    fake.service.send("me", "bob", "to bob");
    await fake.pass();
    fake.show(<ConversationList />);
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["bob", "alice"]);
    expect(lines()[0]?.textContent).toContain("to bob");
    expect(within(line(0)).getByRole("img", { name: "Sent" })).toBeDefined();
    expect(lines()[1]?.textContent).toContain("1 unread message");
    fake.service.send("alice", "me", "<b>more</b>");
    fake.service.mark("read", "bob", "me", 1);
    await settled();
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["alice", "bob"]);
    expect(lines()[0]?.textContent).toContain("<b>more</b>");
    expect(lines()[0]?.textContent).toContain("2 unread messages");
    expect(within(line(1)).getByRole("img", { name: "Read" })).toBeDefined();
  });

  test("counts what is unread in the reader's digits", async () => {
    writeNumbersAs("ar-EG");
    for (const body of ["one", "two", "three"]) {
      fake.service.send("alice", "me", body);
    }
    await fake.pass();
    fake.show(<ConversationList />);
    expect(document.querySelector(".badge [aria-hidden]")?.textContent).toBe("٣");
    writeNumbersAs("en");
  });

  test("shows drafts, and who is writing", async () => {
    fake.service.send("alice", "me", "hello");
    setDraft("me", "alice", "begun");
    await fake.pass();
    fake.show(<ConversationList />);
    expect(lines()[0]?.textContent).toContain("Draft: begun");
    fake.service.tell("me", { type: "typing", user: "alice" });
    await settled();
    expect(lines()[0]?.textContent).toContain("writing…");
  });

  test("has those to whom something is begun, in this tab or another, as long as it is", async () => {
    fake.service.send("alice", "me", "hello");
    fake.service.intercept = (_, path) =>
      path.endsWith("/user/carol/")
        ? Response.json({ username: "Carol", online: false, last_seen: null })
        : path.endsWith("/user/mallory/")
          ? new Response("{}", { status: 404 })
          : undefined;
    setDraft("me", "CAROL", "begun");
    setDraft("me", "alice", "begun, too");
    setDraft("me", "mallory", "to nobody any more");
    await fake.pass();
    fake.show(<ConversationList />);
    await settled();
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["Carol", "mallory", "alice"]);
    act(() => {
      keepDraft("me", "mallory", "");
    });
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["Carol", "alice"]);
    expect(line(0).textContent).toContain("CarolDraft: begun");
    expect(line(0).getAttribute("href")).toBe("#with=Carol");
    act(() => {
      keepDraft("me", "carol", "");
    });
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["alice"]);
    setDraft("me", "carol", "there");
    fireEvent(window, new StorageEvent("storage", { key: draftKey("me", "carol"), newValue: "there" }));
    expect(line(0).textContent).toContain("CarolDraft: there");
    act(() => {
      fake.chat.send("carol", "sent");
    });
    await settled();
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["carol", "alice"]);
  });

  test("has those to whom something could not be sent, where nothing else was said; and says so of all", async () => {
    fake.service.send("me", "bob", "heard");
    fake.service.send("alice", "me", "hello");
    fake.service.block("carol", "me", true);
    fake.service.block("bob", "me", true);
    await fake.pass();
    fake.show(<ConversationList />);
    const notSent = (index: number): unknown => within(line(index)).queryByRole("img", { name: "Not sent" });
    act(() => {
      fake.chat.send("carol", "first words");
      fake.chat.send("bob", "to bob");
    });
    await settled();
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["carol", "alice", "bob"]);
    expect(line(0).textContent).toContain("first words");
    expect(line(2).textContent).toContain("to bob");
    expect([0, 1, 2].map((index) => notSent(index) !== null)).toEqual([true, false, true]);
    act(() => {
      keepDraft("me", "carol", "other words");
    });
    await act(() => fake.pass(1_000));
    fake.service.send("bob", "me", "later");
    await settled();
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["carol", "bob", "alice"]);
    expect(line(0).textContent).toContain("Draft: other words");
    expect(line(1).textContent).toContain("later");
    expect([0, 1, 2].map((index) => notSent(index) !== null)).toEqual([true, true, false]);
    for (const { clientId } of fake.chat.sending("carol")) {
      act(() => {
        fake.chat.discard(clientId);
        keepDraft("me", "carol", "");
      });
    }
    expect(lines().map((line) => line.dataset["rove"])).toEqual(["bob", "alice"]);
  });

  test("shows what was said last, also after what is not among the messages that are loaded", async () => {
    for (let i = 1; i <= 100; i++) {
      fake.service.send("alice", "me", `message ${i}`);
    }
    await fake.pass();
    void fake.chat.openAt("alice", 1);
    await fake.pass();
    fake.show(<ConversationList />);
    act(() => {
      fake.chat.send("alice", "mine");
    });
    await settled();
    fake.service.send("alice", "me", "newer");
    await settled();
    expect(line(0).textContent).toContain("newer");
    expect(line(0).textContent).not.toContain("mine");
  });

  test("shows a message that was unsent as that", async () => {
    const { id } = fake.service.send("alice", "me", "secret");
    await fake.pass();
    fake.show(<ConversationList />);
    fake.service.change(id, undefined);
    await settled();
    expect(lines()[0]?.textContent).toContain("Message deleted");
    expect(document.body.textContent).not.toContain("secret");
  });

  test("is one stop of the Tab key, in which arrows go", async () => {
    for (const name of ["alice", "bob", "carol"]) {
      fake.service.send(name, "me", "hello");
    }
    await fake.pass();
    history.replaceState(null, "", "#with=bob");
    fake.show(<ConversationList />);
    expect(lines().map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
    expect(lines()[1]?.getAttribute("aria-current")).toBe("page");
    const user = userEvent.setup();
    lines()[1]?.focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(lines()[2]);
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(lines()[2]);
    await user.keyboard("{Home}");
    expect(document.activeElement).toBe(lines()[0]);
  });

  test("has the one that is open in view, also where keys lead to it", async () => {
    for (const name of ["alice", "bob", "carol"]) {
      fake.service.send(name, "me", "hello");
    }
    await fake.pass();
    const looked: (string | undefined)[] = [];
    vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: HTMLElement, how) {
      looked.push(`${this.dataset["rove"]} ${(how as ScrollIntoViewOptions).block}`);
    });
    history.replaceState(null, "", "#with=bob");
    fake.show(<ConversationList />);
    act(() => {
      go({ with: "alice" });
    });
    fake.service.send("carol", "me", "and nobody is moved by this");
    await settled();
    expect(looked).toEqual(["bob nearest", "alice nearest"]);
  });
});

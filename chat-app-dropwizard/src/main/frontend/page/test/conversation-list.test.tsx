import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ConversationList } from "../src/conversation-list/conversation-list.js";
import { go } from "../src/route/use-route.js";
import { setDraft } from "../src/session/traces.js";
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

import { cleanup, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { EditComposer, WriteComposer } from "../src/conversation/composer.js";
import { draft, draftKey } from "../src/session/traces.js";
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
    await fake.pass();
    expect(bodies()).toEqual([]);
    expect(area.value).toBe("かな");
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

  test("what another tab writes is shown, unless something is being written here", () => {
    localStorage.setItem(draftKey("me", "bob"), "from before");
    const area = write();
    expect(area.value).toBe("from before");
    const hear = (text: string): void => {
      localStorage.setItem(draftKey("me", "bob"), text);
      fireEvent(window, new StorageEvent("storage", { key: draftKey("me", "bob"), newValue: text }));
    };
    hear("from there");
    expect(area.value).toBe("from there");
    area.focus();
    hear("there again");
    expect(area.value).toBe("from there");
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

describe("editing", () => {
  test("begins with what was said, and says what went wrong", async () => {
    const message = fake.service.send("me", "bob", "said");
    fake.service.intercept = (method) =>
      method === "PATCH"
        ? new Response(JSON.stringify({ code: "forbidden", status: 403, detail: "No." }), { status: 403 })
        : undefined;
    fake.show(<EditComposer input={createRef()} message={message} onEnd={onEnd} />);
    const area = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Editing message" });
    expect(area.value).toBe("said");
    expect(document.activeElement).toBe(area);
    await userEvent.setup().type(area, " better{Enter}");
    await fake.pass();
    expect((await screen.findByRole("alert")).textContent).toBe("This is not allowed.");
    expect(onEnd).not.toHaveBeenCalled();
    fake.service.intercept = (method) =>
      method === "PATCH" ? Response.json({ ...message, body: "said better" }) : undefined;
    await userEvent.setup().type(area, "{Enter}");
    await fake.pass();
    await vi.waitFor(() => {
      expect(onEnd).toHaveBeenCalledOnce();
    });
  });
});

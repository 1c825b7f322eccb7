import { cleanup, fireEvent, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { currentRoute } from "../src/route/use-route.js";
import { useListed } from "../src/session/use-listed.js";
import { keepDraft } from "../src/session/use-draft.js";
import Help from "../src/shell/shortcuts.js";
import { useShortcuts } from "../src/shell/use-shortcuts.js";
import { FakeChat } from "./support/session.js";

const help = vi.fn();

function Shortcuts(): ReactNode {
  useShortcuts(useListed(), help);
  return null;
}

beforeEach(async () => {
  help.mockReset();
  (await FakeChat.connected("me")).show(<Shortcuts />);
});

test.each([
  ["Latin", "k", "KeyK"],
  ["Caps Lock", "K", "KeyK"],
  ["Arabic", "ن", "KeyK"],
  ["Cyrillic", "л", "KeyK"],
  ["Dvorak", "k", "KeyV"],
])("Ctrl and K search on a keyboard of: %s", (_, key, code) => {
  fireEvent.keyDown(document.body, { key, code, ctrlKey: true });
  expect(currentRoute().search).toBe("");
});

test.each([
  ["what Dvorak has at the place of K", "t", "KeyK", { ctrlKey: true }],
  ["K with Shift", "K", "KeyK", { ctrlKey: true, shiftKey: true }],
  ["K alone", "k", "KeyK", {}],
  ["what zooms out in German", "-", "Slash", { ctrlKey: true }],
])("%s does not", (_, key, code, modifiers) => {
  fireEvent.keyDown(document.body, { key, code, ...modifiers });
  expect(currentRoute().search).toBeUndefined();
  expect(help).not.toHaveBeenCalled();
});

test.each([
  ["n", "KeyN"],
  ["ى", "KeyN"],
  ["ื", "KeyN"],
])("Alt and %s look for people", (key, code) => {
  fireEvent.keyDown(document.body, { key, code, altKey: true });
  expect(currentRoute().people).toBe(true);
});

test.each([
  ["a letter of its own", "ń"],
  ["the first half of one", "Dead"],
  ["a sign", "˜"],
  ["what an input method takes", "Process"],
])("where Alt makes of N %s, it is written", (_, key) => {
  expect(fireEvent.keyDown(document.body, { key, code: "KeyN", altKey: true }), "left to the system").toBe(true);
  expect(currentRoute().people).toBeUndefined();
});

const KEYS = ["K", "N", "↓", "↑", "/"];

test("the help names the keys that work", async () => {
  (await FakeChat.connected("me")).show(<Help onClose={() => undefined} />);
  expect(await keysOf(KEYS)).toEqual(["Ctrl K", "Alt N", "Alt ↓", "Alt ↑", "Ctrl /"]);
});

test.each([
  ["/", "Slash", false],
  ["/", "Digit7", true],
  ["ظ", "Slash", false],
])("Ctrl and %s (%s) show the keys", (key, code, shiftKey) => {
  fireEvent.keyDown(document.body, { key, code, ctrlKey: true, shiftKey });
  expect(help.mock.calls).toEqual([[true]]);
});

test.each(["dialog", "alertdialog", "menu"])("they do nothing below a %s", (role) => {
  const over = document.createElement("div");
  over.setAttribute("role", role);
  document.body.append(over);
  const before = location.hash;
  fireEvent.keyDown(document.body, { key: "k", code: "KeyK", ctrlKey: true });
  fireEvent.keyDown(document.body, { key: "n", code: "KeyN", altKey: true });
  fireEvent.keyDown(document.body, { key: "/", code: "Slash", ctrlKey: true });
  expect(location.hash).toBe(before);
  expect(help).not.toHaveBeenCalled();
  over.remove();
});

test("Alt and the arrows go through the list, also to whom something is only begun", async () => {
  const fake = await FakeChat.connected("me", "bob", "carol");
  fake.service.send("bob", "me", "hello");
  await fake.pass();
  keepDraft("me", "carol", "to be written");
  cleanup();
  fake.show(<Shortcuts />);
  const press = (key: string): string | undefined => {
    fireEvent.keyDown(document.body, { key, altKey: true });
    return currentRoute().with;
  };
  expect(["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"].map(press)).toEqual(["carol", "bob", "bob", "carol"]);
});

describe("on a Mac", () => {
  beforeEach(async () => {
    vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)");
    cleanup();
    (await FakeChat.connected("me", "bob")).show(<Shortcuts />);
  });

  test.each([
    ["Option and N, which writes a letter", "ń", "KeyN", { altKey: true }],
    ["Option and N, which begins one", "Dead", "KeyN", { altKey: true }],
    ["Control and K, which deletes a line", "k", "KeyK", { ctrlKey: true }],
    ["Option and an arrow, which goes by paragraphs", "ArrowDown", "ArrowDown", { altKey: true }],
  ])("%s, does that alone", (_, key, code, modifiers) => {
    const before = location.hash;
    expect(fireEvent.keyDown(document.body, { key, code, ...modifiers }), "left to the system").toBe(true);
    expect(location.hash).toBe(before);
  });

  test("Command takes the place of the others, with Option where it is Alt elsewhere", () => {
    fireEvent.keyDown(document.body, { key: "k", code: "KeyK", metaKey: true });
    expect(currentRoute().search).toBe("");
    fireEvent.keyDown(document.body, { key: "Dead", code: "KeyN", metaKey: true, altKey: true });
    expect(currentRoute().people).toBe(true);
  });

  test("the help says so", async () => {
    (await FakeChat.connected("me")).show(<Help onClose={() => undefined} />);
    expect(await keysOf(KEYS)).toEqual(["⌘ K", "⌥ ⌘ N", "⌥ ⌘ ↓", "⌥ ⌘ ↑", "⌘ /"]);
  });
});

/** Which combinations with a modifier the help has for keys. */
async function keysOf(keys: readonly string[]): Promise<readonly string[]> {
  const dialog = await screen.findByRole("dialog");
  return [...dialog.querySelectorAll(".combination")]
    .map((combination) => [...combination.querySelectorAll("kbd")].map(({ textContent }) => textContent))
    .filter((combination) => combination.length > 1 && keys.includes(combination.at(-1) ?? ""))
    .map((combination) => combination.join(" "));
}

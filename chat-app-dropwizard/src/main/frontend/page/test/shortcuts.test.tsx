import { fireEvent } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { currentRoute } from "../src/route/use-route.js";
import { useChat } from "../src/session/use-session.js";
import { useShortcuts } from "../src/shell/use-shortcuts.js";
import { FakeChat } from "./support/session.js";

const help = vi.fn();

function Shortcuts(): ReactNode {
  useShortcuts(useChat(), help);
  return null;
}

beforeEach(async () => {
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
  ["˜", "KeyN"],
  ["ى", "KeyN"],
])("Alt and %s look for people", (key, code) => {
  fireEvent.keyDown(document.body, { key, code, altKey: true });
  expect(currentRoute().people).toBe(true);
});

test.each([
  ["/", "Slash", false],
  ["/", "Digit7", true],
  ["ظ", "Slash", false],
])("Ctrl and %s (%s) show the keys", (key, code, shiftKey) => {
  fireEvent.keyDown(document.body, { key, code, ctrlKey: true, shiftKey });
  expect(help).toHaveBeenCalledWith(true);
});

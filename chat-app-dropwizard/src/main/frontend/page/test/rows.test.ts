import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FRAMES, holdFocus } from "../src/conversation/rows.js";

/** A row; one that is disabled cannot have the focus, as one that cannot be seen. */
const row = document.createElement("button");
const elsewhere = document.createElement("input");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["requestAnimationFrame", "cancelAnimationFrame"] });
  row.disabled = false;
  document.body.replaceChildren(row, elsewhere);
  row.focus();
});
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

function loseFocus(): void {
  row.blur();
  row.disabled = true;
}

test("a row that cannot be seen for some frames has the focus again once it can", () => {
  holdFocus(() => row);
  vi.advanceTimersToNextFrame();
  loseFocus();
  vi.advanceTimersToNextFrame();
  expect(document.activeElement).toBe(document.body);
  row.disabled = false;
  vi.advanceTimersToNextFrame();
  expect(document.activeElement).toBe(row);
});

test("whoever goes elsewhere meanwhile stays there, and what is given up, or over, takes the focus from nobody", () => {
  const giveUp = holdFocus(() => row);
  elsewhere.focus();
  vi.advanceTimersToNextFrame();
  expect(document.activeElement).toBe(elsewhere);
  giveUp();
  elsewhere.blur();
  vi.advanceTimersToNextFrame();
  expect(document.activeElement).toBe(document.body);
  row.focus();
  holdFocus(() => row);
  for (let i = 0; i <= FRAMES; i++) {
    vi.advanceTimersToNextFrame();
  }
  row.blur();
  vi.advanceTimersToNextFrame();
  expect(document.activeElement).toBe(document.body);
});

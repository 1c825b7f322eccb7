import { afterEach, expect, test, vi } from "vitest";
import { askBeforeLeaving } from "../src/session/leaving.js";
import { FakeChat } from "./support/session.js";

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

/** Whether the browser would ask whoever leaves now. */
function asks(): boolean {
  return !dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

test("whoever leaves the page is asked while something unsent is not kept, and not otherwise", async () => {
  const fake = await FakeChat.connected("me", "bob");
  const stop = askBeforeLeaving(fake.chat);
  fake.service.down = true;
  fake.service.close("me", 1006);
  fake.chat.send("bob", "kept");
  await fake.pass();
  expect([fake.chat.unsent, fake.chat.unkept, asks()]).toEqual([1, false, false]);

  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  fake.chat.send("bob", "not kept");
  await fake.pass();
  expect([fake.chat.unsent, fake.chat.unkept, asks()]).toEqual([2, true, true]);

  stop();
  expect(asks(), "whoever has signed out leaves nothing behind").toBe(false);
  const stopAgain = askBeforeLeaving(fake.chat);
  expect(asks()).toBe(true);
  fake.service.down = false;
  await fake.pass(60_000);
  expect([fake.chat.unsent, fake.chat.unkept, asks()]).toEqual([0, false, false]);
  expect(full).toHaveBeenCalled();
  stopAgain();
});

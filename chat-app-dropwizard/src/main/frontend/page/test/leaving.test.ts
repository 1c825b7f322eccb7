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

  fake.chat.keepDraft("bob", "begun");
  await fake.pass();
  expect([fake.chat.unsent, fake.chat.unkept, asks()], "a draft").toEqual([0, true, true]);
  fake.chat.keepDraft("bob", "");
  await fake.pass();
  expect([fake.chat.unkept, asks()]).toEqual([false, false]);
  fake.chat.keepBegun("bob", { type: "edit", id: 1, text: "edited" });
  await fake.pass();
  expect([fake.chat.unkept, asks()], "an edit").toEqual([true, true]);
  fake.chat.keepBegun("bob", undefined);
  await fake.pass();
  expect([fake.chat.unkept, asks()]).toEqual([false, false]);
  stopAgain();
});

test("where the browser forbids its storage, one chats all the same, and nothing is said to be kept", async () => {
  vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("forbidden", "SecurityError");
  });
  const fake = await FakeChat.connected("me", "bob");
  fake.service.down = true;
  fake.service.close("me", 1006);
  fake.chat.send("bob", "hello");
  await fake.pass();
  expect([fake.chat.unsent, fake.chat.unkept]).toEqual([1, true]);
  fake.service.down = false;
  await fake.pass(60_000);
  expect([fake.chat.unsent, fake.chat.unkept]).toEqual([0, false]);
  expect(fake.chat.messages("bob")).toEqual([]); // is not open
  expect(fake.chat.conversation("bob")?.last_message?.body).toBe("hello");
});

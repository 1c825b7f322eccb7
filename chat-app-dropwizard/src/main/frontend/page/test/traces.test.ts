import { describe, expect, test, vi } from "vitest";
import {
  deviceSetting,
  draft,
  drafted,
  forgetOne,
  forgetOthers,
  onDeviceSetting,
  setDeviceSetting,
  setDraft,
  setUserSetting,
  userSetting,
} from "../src/session/traces.js";
import { WebOutboxStorage } from "@message-center/client";

const KEY = (user: string): string => `${encodeURIComponent("http://chat.test")}/${user}`;

function leave(user: string): void {
  setDraft(user, "carol:x", `draft of ${user}`);
  setUserSetting(user, "notify", "yes");
  new WebOutboxStorage(localStorage).put(KEY(user), {
    client_id: `key-${user}`,
    recipient: "carol",
    body: "x",
    written: 1,
  });
}

describe("what the page leaves in the browser", () => {
  test("all goes when its user signs out, but for the looks of the device and what is not the page's", () => {
    leave("alice");
    setDeviceSetting("theme", "dark");
    localStorage.setItem("another page's", "x");
    forgetOne("alice");
    expect(Object.keys(localStorage).sort()).toEqual(["another page's", "message-center:device:theme"]);
    expect(deviceSetting("theme")).toBe("dark");
  });

  test("a draft that the browser does not keep is there for as long as the page, and its user's alone", () => {
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    setDraft("alice", "bob", "kept nowhere");
    setDraft("alice2", "bob", "likewise");
    expect([draft("alice", "bob"), drafted("alice")]).toEqual(["kept nowhere", ["bob"]]);
    forgetOthers("alice");
    expect([draft("alice", "bob"), draft("alice2", "bob")]).toEqual(["kept nowhere", ""]);
    setDraft("alice", "bob", "");
    expect([draft("alice", "bob"), drafted("alice")]).toEqual(["", []]);
    setDraft("alice", "bob", "again");
    setDraft("alice", "dora", "to be kept later");
    full.mockRestore();
    setDraft("alice", "bob", "there is room");
    expect(Object.values(localStorage).sort()).toEqual(["there is room", "to be kept later"]);
    forgetOne("alice");
    expect(draft("alice", "bob")).toBe("");
  });

  test("nothing of it is anybody else's who signs in", () => {
    leave("alice");
    leave("alice2");
    forgetOthers("Alice");
    expect(draft("alice", "CAROL:x")).toBe("draft of alice");
    expect(userSetting("alice", "notify")).toBe("yes");
    expect(new WebOutboxStorage(localStorage).load(KEY("alice"))).toHaveLength(1);
    expect(Object.keys(localStorage)).toHaveLength(3);
    leave("alice2");
    forgetOne("Alice");
    expect(Object.keys(localStorage)).toHaveLength(3);
    expect(draft("alice2", "carol:x")).toBe("draft of alice2");
  });

  test("a draft that says nothing is none", () => {
    setDraft("alice", "bob", "text");
    setDraft("alice", "bob", " \n");
    expect(localStorage).toHaveLength(0);
  });

  test("a browser that keeps nothing does no harm", () => {
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new DOMException("no", "SecurityError");
    });
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    setDraft("alice", "bob", "text");
    expect(draft("alice", "bob")).toBe("text");
    setDraft("alice", "bob", "");
    expect(draft("alice", "bob")).toBe("");
    setDeviceSetting("theme", "dark");
    setUserSetting("alice", "notify", "yes");
    expect([deviceSetting("theme"), userSetting("alice", "notify")], "as long as the page").toEqual(["dark", "yes"]);
    forgetOne("alice");
    expect([deviceSetting("theme"), userSetting("alice", "notify")]).toEqual(["dark", undefined]);
  });

  test("what is chosen in another tab counts, also where this one's choice is not kept", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementationOnce(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    setDeviceSetting("theme", "dark");
    const told: string[] = [];
    onDeviceSetting((name) => told.push(`${name} ${deviceSetting(name)}`));
    localStorage.setItem("message-center:device:theme", "light");
    dispatchEvent(new StorageEvent("storage", { key: "message-center:device:theme", newValue: "light" }));
    expect(told).toEqual(["theme light"]);
  });
});

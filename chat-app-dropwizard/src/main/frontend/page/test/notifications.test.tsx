import type { Message } from "@message-center/client";
import { act, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PreferenceSettings } from "../src/settings/preference-settings.js";
import { setUserSetting, userSetting } from "../src/session/traces.js";
import { useNotifications } from "../src/shell/notifications.js";
import { FakeChat } from "./support/session.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

function Notified(): null {
  useNotifications();
  return null;
}

test("where the browser lets no page notify, the switch says so and does not go on", async () => {
  const requestPermission = vi.fn(() => Promise.resolve("granted"));
  const forbidden = (): never => {
    throw new TypeError("Illegal constructor.");
  };
  vi.stubGlobal("Notification", Object.assign(forbidden, { permission: "default", requestPermission }));
  const fake = await FakeChat.connected("me", "bob");
  fake.show(<PreferenceSettings />);
  await userEvent.setup().click(screen.getByRole("switch"));
  expect(screen.queryByRole("switch")).toBeNull();
  expect(requestPermission).not.toHaveBeenCalled();
  expect(userSetting("me", "notify")).not.toBe("yes");
});

describe("a notification", () => {
  let fake: FakeChat;
  let shown: string[];
  let closed: string[];

  beforeEach(async () => {
    [shown, closed] = [[], []];
    class Shown {
      static readonly permission = "granted";
      static readonly requestPermission = (): Promise<string> => Promise.resolve("granted");
      readonly #said: string;
      onclose: () => void = () => undefined;
      constructor(title: string, { body }: { readonly body: string }) {
        this.#said = `${title}: ${body}`;
        shown.push(this.#said);
      }
      close(): void {
        closed.push(this.#said);
        this.onclose();
      }
    }
    vi.stubGlobal("Notification", Shown);
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    fake = await FakeChat.connected("me", "bob", "eve");
    setUserSetting("me", "notify", "yes");
    return () => {
      vi.restoreAllMocks();
    };
  });

  const arrives = async (user: string, body: string): Promise<Message> => {
    const message = fake.service.send(user, "me", body);
    await act(() => fake.pass(1_000));
    expect(shown.at(-1)).toBe(`${user}: ${body}`);
    return message;
  };

  test("of what is unsent is closed", async () => {
    fake.show(<Notified />);
    const { id } = await arrives("bob", "secret");
    fake.service.change(id, undefined);
    await act(() => fake.pass(1_000));
    expect(closed).toEqual(["bob: secret"]);
  });

  test("of what is read elsewhere is closed, once all that it tells of is", async () => {
    fake.show(<Notified />);
    const first = await arrives("bob", "one");
    await arrives("eve", "hello");
    const second = await arrives("bob", "two");
    fake.service.mark("read", "me", "bob", first.seq);
    await act(() => fake.pass(1_000));
    expect(closed).toEqual([]);
    fake.service.mark("read", "me", "bob", second.seq);
    await act(() => fake.pass(1_000));
    expect(closed).toEqual(["bob: two"]);
  });

  test("is not made for nothing where they are allowed already", async () => {
    setUserSetting("me", "notify", "no");
    fake.show(<PreferenceSettings />);
    await userEvent.setup().click(screen.getByRole("switch"));
    expect(userSetting("me", "notify")).toBe("yes");
    expect(shown).toEqual([]);
  });

  test("is switched off in every tab at once", () => {
    setUserSetting("me", "notify", "yes");
    fake.show(<PreferenceSettings />);
    expect(screen.getByRole<HTMLInputElement>("switch").checked).toBe(true);
    setUserSetting("me", "notify", "no");
    const key = Object.keys(localStorage).find((key) => key.endsWith(":notify")) ?? "";
    fireEvent(window, new StorageEvent("storage", { key }));
    expect(screen.getByRole<HTMLInputElement>("switch").checked).toBe(false);
  });

  test("that the browser lets no page make is the last one that is tried", async () => {
    const forbidden = (): never => {
      throw new TypeError("Illegal constructor.");
    };
    vi.stubGlobal("Notification", Object.assign(forbidden, { permission: "granted" }));
    fake.show(<Notified />);
    fake.service.send("bob", "me", "hello");
    await act(() => fake.pass(1_000));
    expect(userSetting("me", "notify")).toBe("no");
  });
});

import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
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

test("a notification of what is unsent is closed", async () => {
  const shown: string[] = [];
  const close = vi.fn();
  class Shown {
    static readonly permission = "granted";
    readonly close = close;
    constructor(title: string, { body }: { readonly body: string }) {
      shown.push(`${title}: ${body}`);
    }
  }
  vi.stubGlobal("Notification", Shown);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  const fake = await FakeChat.connected("me", "bob");
  setUserSetting("me", "notify", "yes");
  fake.show(<Notified />);
  const { id } = fake.service.send("bob", "me", "secret");
  await act(() => fake.pass(1_000));
  expect(shown).toEqual(["bob: secret"]);
  fake.service.change(id, undefined);
  await act(() => fake.pass(1_000));
  expect(close).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});

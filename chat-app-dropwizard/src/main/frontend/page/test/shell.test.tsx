import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import type { Route } from "../src/route/route.js";
import { go } from "../src/route/use-route.js";
import { Shell } from "../src/shell/shell.js";
import { FakeChat } from "./support/session.js";

describe("the focus", () => {
  const user = userEvent.setup();
  const settings = (): HTMLElement => screen.getByRole("heading", { name: "Settings" });
  const row = (): HTMLElement => screen.getByRole("link", { name: /bob/ });
  const search = (): HTMLElement => screen.getByRole("searchbox");
  const composer = (): HTMLElement => screen.getByRole("textbox", { name: "Write to bob" });

  /** The page, with the focus in one part of it. */
  async function shown(route: Route, part: () => HTMLElement): Promise<FakeChat> {
    const fake = await FakeChat.connected("me", "bob");
    fake.service.send("bob", "me", "hello");
    await fake.pass();
    go(route);
    fake.show(<Shell />);
    (await waitFor(part)).focus();
    return fake;
  }

  async function choose(menu: string, choice: string): Promise<void> {
    await user.click(await screen.findByRole("button", { name: menu }));
    await user.click(await screen.findByRole("menuitem", { name: choice }));
  }

  /** And stays there: menus give it away a moment after they have closed. */
  async function isAt(part: () => HTMLElement): Promise<void> {
    await waitFor(() => {
      expect(document.activeElement).toBe(part());
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(document.activeElement).toBe(part());
  }

  test.each<readonly [string, Route]>([
    ["closed", {}],
    ["open", { settings: "account" }],
    ["open at another place", { settings: "devices" }],
  ])("is in the settings once they are chosen, also where they were %s, and Escape leads back", async (_, route) => {
    await shown(route, row);
    await choose("Menu", "Settings");
    await isAt(settings);
    await user.keyboard("{Escape}");
    await isAt(row);
  });

  test("is at the menu again after a question that it has led to", async () => {
    const fake = await shown({}, row);
    fake.chat.send("bob", "not sent yet");
    fake.chat.keepDraft("bob", "begun");
    fake.chat.keepBegun("bob", { type: "edit", id: 1, text: "edited" });
    fake.chat.keepBegun("carol", { type: "reply", id: 2 });
    await choose("Menu", "Sign out");
    await isAt(() => screen.getByRole("button", { name: "Cancel" }));
    expect(screen.getByRole("alertdialog", { name: "3 messages are not sent yet" })).toBeDefined();
    await user.keyboard("{Escape}");
    await isAt(() => screen.getByRole("button", { name: "Menu" }));
  });

  describe.each<readonly [string, Route, () => HTMLElement]>([
    ["a search", { search: "" }, search],
    ["people", { people: true }, search],
    ["the conversations", {}, row],
  ])("beside %s", (_, beside, side) => {
    test("is there once a conversation is closed by its menu", async () => {
      await shown({ ...beside, with: "bob" }, composer);
      await choose("More", "Close conversation");
      await isAt(side);
    });

    test.each<readonly [string, Route, () => HTMLElement]>([
      ["a conversation is", { with: "bob" }, composer],
      ["settings are", { settings: "account" }, settings],
    ])("is there once %s closed by Escape", async (_, main, part) => {
      await shown({ ...beside, ...main }, part);
      await waitFor(side);
      await user.keyboard("{Escape}");
      await isAt(side);
    });
  });

  test("is at the conversations once a search is closed beside settings", async () => {
    await shown({ search: "", settings: "account" }, search);
    await waitFor(settings);
    search().focus();
    await user.keyboard("{Escape}");
    await isAt(row);
  });
});

import type { Page } from "@playwright/test";
import { choose, parts } from "../support/page.js";
import { expect, expectAccessible, test } from "../support/test.js";

/** Every screen, and when it is there. */
const SCREENS: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ["#", (page) => expect(parts.conversation(page, "bob")).toBeVisible()],
  ["#with=bob", (page) => expect(page.getByRole("article").last()).toBeVisible()],
  ["#people", (page) => expect(page.getByRole("link", { name: "carol" })).toBeVisible()],
  ["#search", (page) => expect(page.getByRole("searchbox")).toBeFocused()],
  ["#settings=account", (page) => expect(page.getByLabel("New password")).toBeVisible()],
  ["#settings=devices", (page) => expect(page.getByText("This device")).toBeVisible()],
  ["#settings=blocked", (page) => expect(page.getByText("You have blocked nobody.")).toBeVisible()],
  ["#settings=preferences", (page) => expect(page.getByRole("switch")).toBeVisible()],
];

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
]) {
  test(`axe finds nothing on any screen, in either theme, ${viewport.width} wide`, async ({
    own,
    person,
    visit,
    watch,
  }) => {
    const [alice, bob] = [
      await person("alice", { at: own.url, exact: true }),
      await person("bob", { at: own.url, exact: true }),
    ];
    await person("carol", { at: own.url, exact: true });
    const first = await bob.client.messages.send({ recipient: "alice", body: "hello www.example.org" });
    await alice.client.messages.send({ recipient: "bob", body: "hi there", reply_to: first.id });
    const gone = await alice.client.messages.send({ recipient: "bob", body: "gone" });
    await alice.client.messages.unsend(gone.id);
    await bob.client.messages.send({ recipient: "alice", body: "news" });
    const outside = await visit({ at: own.url, viewport, reducedMotion: "reduce" });
    for (const hash of ["#", "#sign-up", "#forgot", "#password-reset=x"]) {
      await outside.goto(`/${hash}`);
      await expect(outside.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(outside);
    }
    const page = await visit({ at: own.url, as: alice, viewport, reducedMotion: "reduce" });
    for (const [hash, isThere] of SCREENS) {
      await page.goto(`/${hash}`);
      await isThere(page);
      await expectAccessible(page);
    }
    await page.goto("/#with=bob");
    await page.getByRole("article").first().focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Emoji" }).click();
    await expect(page.getByRole("button", { name: "😀" })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+/");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await choose(page, "hi there", "Unsend");
    await expect(page.getByRole("alertdialog")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(parts.message(page, "hi there")).toBeFocused();
    for (let i = 1; i <= 40; i++) {
      await bob.client.messages.send({ recipient: "alice", body: "one of many" });
    }
    await page.goto("/#search=many");
    await expect(page.getByRole("link", { name: /one of many/ })).toHaveCount(30); // and there are more
    await expectAccessible(page);
    await page.goto("/#settings=account");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await expect(page.getByRole("alertdialog")).toBeVisible();
    await expectAccessible(page);
    watch.allow(/ERR_FAILED .*\/api\//);
    await page.route("**/api/**", (route) => route.abort());
    await page.goto("/?again");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("The service does not answer");
    await expectAccessible(page);
  });
}

test("the keyboard alone does all, and the focus is always somewhere to be seen", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "hello" });
  const page = await visit({ as: alice });
  await expect(parts.conversation(page, bob.name)).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the conversation" })).toBeFocused();
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press("Tab");
  }
  await expect(parts.conversation(page, bob.name)).toBeFocused();
  const outline = await parts.conversation(page, bob.name).evaluate((link) => getComputedStyle(link).outlineStyle);
  expect(outline).toBe("solid");
  await page.keyboard.press("Enter");
  await expect(parts.composer(page, bob.name)).toBeFocused();
  await page.keyboard.type("hi");
  await page.keyboard.press("Enter");
  await expect(parts.message(page, "hi")).toBeInViewport(); // a row can have the focus once it has been measured
  await expect(parts.composer(page, bob.name)).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(parts.message(page, "hi")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(parts.message(page, "hello")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Reply" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(parts.composer(page, bob.name)).toBeFocused();
  await expect(parts.composer(page, bob.name), "the key is in nothing that it leads to").toHaveValue("");
  await page.keyboard.press("Escape");
  await parts.message(page, "hello").press("Enter");
  await expect(page.getByRole("menuitem", { name: "Reply" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(parts.message(page, "hello")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(parts.composer(page, bob.name)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(parts.conversation(page, bob.name)).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(parts.conversation(page, bob.name)).toBeFocused();
  await page.keyboard.press("Alt+n");
  await expect(page.getByRole("searchbox", { name: "Search people by name" })).toBeFocused();
  await page.keyboard.type(bob.name);
  await expect(page.getByRole("list", { name: "Find people" }).getByRole("link")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(parts.composer(page, bob.name)).toBeFocused();
  await expect(parts.composer(page, bob.name)).toHaveValue("");
  await page.keyboard.press("Escape");
  await expect(parts.conversation(page, bob.name)).toBeFocused();
  await page.goto(`/#search=&with=${bob.name}`);
  await parts.composer(page, bob.name).press("Escape");
  await expect(page.getByRole("searchbox")).toBeFocused(); // there is no row that it could go back to
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Menu" }).press("Enter");
  await page.getByRole("menuitem", { name: "Settings" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(parts.conversation(page, bob.name)).toBeFocused();
  await page.goto("/#settings=devices");
  await page.getByRole("button", { name: "Sign out node" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Signed in on these devices" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(parts.conversation(page, bob.name)).toBeFocused();
  await parts.conversation(page, bob.name).press("Enter");
  await expect(parts.composer(page, bob.name)).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "😀" })).toBeFocused();
  const beside = await page.getByRole("button", { name: "😀" }).evaluate((button) => {
    const { outlineOffset, outlineWidth } = getComputedStyle(button);
    const list = button.closest(".emoji-groups") ?? document.body;
    const ring = button.getBoundingClientRect().left - parseFloat(outlineOffset) - parseFloat(outlineWidth);
    return ring - list.getBoundingClientRect().left;
  });
  expect(beside, "the ring is not cut off").toBeGreaterThanOrEqual(0);
  await page.keyboard.press("Escape");
  await parts.composer(page, bob.name).focus();
  await page.keyboard.press("Control+/");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Control+k"); // as it has told
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("hel");
  await expect(page.getByRole("searchbox")).toHaveValue("hel");
  await parts.composer(page, bob.name).focus();
  await page.keyboard.press("Control+/");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Control+k"); // where it is already
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("lo");
  await expect(page.getByRole("searchbox")).toHaveValue(/lo/);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 320, height: 568 });
  await page.keyboard.press("Control+/");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  const past = await page
    .getByRole("dialog")
    .evaluate((dialog) =>
      [...dialog.querySelectorAll("dt, dd")].some(
        (one) =>
          one.scrollWidth > one.clientWidth ||
          one.getBoundingClientRect().right > dialog.getBoundingClientRect().right - 20,
      ),
    );
  expect(past, "no keys stand beside their place").toBe(false);
  await page.keyboard.press("Control+k"); // as it has told
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("Control+/");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("where the system gives all colours, lines tell what they told", async ({ person, visit }) => {
  const [alice, bob, carol] = [await person("alice"), await person("bob"), await person("carol")];
  await bob.client.messages.send({ recipient: alice.name, body: "hello" });
  await carol.client.messages.send({ recipient: alice.name, body: "hello" });
  const page = await visit({ as: alice, forcedColors: "active", path: `/#with=${bob.name}` });
  const style = (what: string, name: string): Promise<readonly string[]> =>
    page.locator(what).evaluateAll((all, name) => all.map((one) => getComputedStyle(one).getPropertyValue(name)), name);
  await expect(parts.composer(page, bob.name)).toBeFocused();
  expect(await style(".composer-line", "outline-style")).toEqual(["solid"]);
  await parts.message(page, "hello").focus();
  expect(await style(".composer-line", "outline-style")).toEqual(["none"]);
  expect(await style(".bubble", "border-top-style")).toEqual(["solid"]);
  expect(await style(".conversation-item", "border-left-style")).toEqual(["none", "solid"]);
  await page.goto("/#settings=preferences");
  await expect(page.getByRole("switch")).toBeVisible();
  expect(await style("[role=switch]", "border-top-style")).toEqual(["solid"]);
  const tabs = await style(".settings-tabs a", "border-bottom-color");
  const [ground = ""] = await style(".settings-tabs", "background-color");
  expect(tabs.map((colour) => colour !== ground)).toEqual([false, false, false, true]);
  const choices = await style("[name=theme] + span", "background-color");
  expect([choices.length, new Set(choices).size]).toEqual([3, 2]);
});

test("a screen reader is told of what arrives, and not of each of many", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const page = await visit({ as: alice });
  await expect(page.getByText("No conversations yet")).toBeVisible();
  await bob.client.messages.send({ recipient: alice.name, body: "one" });
  const live = page.locator("[aria-live=polite][aria-atomic=true]");
  await expect(live).toHaveText(`${bob.name}: one`);
  for (let i = 0; i < 5; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `many ${i}` });
  }
  await expect(live).toHaveText(`5 new messages from ${bob.name}`);
});

test("speaks Arabic from right to left where the browser does, and what was chosen else", async ({
  person,
  visit,
  watch,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "hello" });
  const page = await visit({ as: alice, locale: "ar-EG", path: "/api/v1/account/" });
  watch.allow(/ERR_FAILED/);
  await page.route(/\/assets\/ar-.*\.js$/, (route) => route.abort());
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Conversations" })).toBeVisible(); // better than nothing
  await page.unrouteAll();
  await page.reload();
  await expect(page.getByRole("heading", { name: "المحادثات" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  const [list, main] = [await page.locator(".side").boundingBox(), await page.locator(".main").boundingBox()];
  expect(list?.x ?? 0).toBeGreaterThan(main?.x ?? 0);
  await expectAccessible(page);
  await page.goto("/#settings=preferences");
  await page.getByText("English").click();
  await expect(page.getByRole("heading", { name: "Language" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Language" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
});

test("the theme is the system's, or the one that was chosen", async ({ person, visit }) => {
  const alice = await person("alice");
  const page = await visit({ as: alice, colorScheme: "dark", path: "/#settings=preferences" });
  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await expect(page.getByText("Appearance")).toBeVisible();
  expect(await ground()).toBe("rgb(19, 23, 21)");
  const other = await page.context().newPage(); // the settings are open in one tab alone
  await other.emulateMedia({ colorScheme: "dark" });
  await other.goto("/");
  await expect(other.getByText("No conversations yet")).toBeVisible();
  await page.getByText("Light", { exact: true }).click();
  expect(await ground()).toBe("rgb(244, 241, 234)");
  await expect(other.locator("html")).toHaveAttribute("data-theme", "light");
  await page.getByText("العربية").click();
  await expect(other.getByRole("heading", { name: "المحادثات" })).toBeVisible();
  await page.getByText("English").click();
  await expect(other.getByRole("heading", { name: "Conversations", exact: true })).toBeVisible();
  await other.close();
  await page.reload();
  await expect(page.getByText("Appearance")).toBeVisible();
  expect(await ground()).toBe("rgb(244, 241, 234)");
});

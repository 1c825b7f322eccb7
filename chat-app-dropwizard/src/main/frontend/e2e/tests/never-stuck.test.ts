import type { Locator, Page } from "@playwright/test";
import { parts, write } from "../support/page.js";
import { expect, test } from "../support/test.js";

const NO_NETWORK = /ERR_(CONNECTION|EMPTY|SOCKET|INTERNET)|WebSocket connection|status of 50/;

test("a service that is killed and comes back costs no message, and doubles none", async ({
  own,
  person,
  visit,
  watch,
}) => {
  const [alice, bob] = [
    await person("alice", { at: own.url, exact: true }),
    await person("bob", { at: own.url, exact: true }),
  ];
  const here = await visit({ at: own.url, as: alice, path: "/#with=bob" });
  const there = await visit({ at: own.url, as: bob, path: "/#with=alice" });
  await write(here, "bob", "before");
  await expect(parts.message(there, "before")).toBeVisible();
  watch.allow(NO_NETWORK);
  await own.kill();
  await expect(here.getByText(/No connection|Reconnecting/).first()).toBeVisible();
  await write(here, "bob", "while it was away");
  await write(there, "alice", "likewise");
  await expect(parts.tick(here, "while it was away", "Sending")).toBeVisible();
  await here.reload({ waitUntil: "commit" }).catch(() => undefined); // nobody answers; what was written is kept
  await own.restart();
  await here.goto("/#with=bob");
  for (const page of [here, there]) {
    for (const text of ["before", "while it was away", "likewise"]) {
      await expect(parts.message(page, text)).toHaveCount(1);
    }
  }
  await expect(parts.tick(here, "while it was away", "Read")).toBeVisible();
  const said = await alice.client.messages.with("bob");
  expect(said.results.map(({ body }) => body).sort()).toEqual(["before", "likewise", "while it was away"]);
});

test("a network that was cut brings what was missed when it is back", async ({ cable, person, visit, watch }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "before" });
  const network = await cable();
  const page = await visit({ at: network.url, as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "before")).toBeVisible();
  watch.allow(NO_NETWORK);
  network.cut();
  await expect(page.getByText(/No connection|Reconnecting/).first()).toBeVisible();
  await write(page, bob.name, "from the dark");
  for (let i = 1; i <= 30; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `missed ${i}.` });
  }
  network.mend();
  await expect(parts.message(page, "missed 30.")).toBeVisible();
  await expect(parts.message(page, "from the dark")).toHaveCount(1);
  await expect
    .poll(async () => (await bob.client.messages.with(alice.name, { limit: 1 })).results[0]?.body)
    .toBe("from the dark");
  await expect(page.getByText(/No connection|Reconnecting/)).toHaveCount(0);
});

test("whoever is offline is told so, and writes on", async ({ person, visit, watch }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "hello")).toBeVisible();
  watch.allow(NO_NETWORK);
  await page.context().setOffline(true);
  await expect(page.getByText("You are offline.")).toBeVisible();
  await write(page, bob.name, "written offline");
  await page.context().setOffline(false);
  await expect(page.getByText("You are offline.")).toHaveCount(0);
  await expect(parts.tick(page, "written offline", "Sent")).toBeVisible();
});

/** A browser whose storage takes nothing that is to be sent. */
function keepNothing(): void {
  const setItem = Object.getOwnPropertyDescriptor(Storage.prototype, "setItem")?.value as Storage["setItem"];
  Storage.prototype.setItem = function (name: string, value: string): void {
    if (name.startsWith("message-center:outbox:")) {
      throw new DOMException("There is no room.", "QuotaExceededError");
    }
    setItem.call(this, name, value);
  };
}

/** Whoever is asked whether to leave stays: what was asked. */
function staying(page: Page): readonly string[] {
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  return asked;
}

test("what the browser does not keep is said to be lost with the page, which asks before it is left, until it is sent", async ({
  person,
  visit,
  watch,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  const page = await visit({ as: alice, path: "/api/v1/account/" });
  await page.addInitScript(keepNothing);
  const asked = staying(page);
  await page.goto(`/#with=${bob.name}`);
  await expect(parts.message(page, "hello")).toBeVisible();
  watch.allow(NO_NETWORK);
  await page.context().setOffline(true);
  const said = page.getByText("This browser cannot keep what is not sent yet.");
  await expect(page.getByText("You are offline.")).toBeVisible();
  await expect(said).toHaveCount(0);
  await write(page, bob.name, "written offline");
  await expect(said).toBeVisible();
  await page.evaluate(() => {
    location.reload(); // whoever stays waits for nothing
  });
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await expect(parts.tick(page, "written offline", "Sending")).toBeVisible();
  await page.context().setOffline(false);
  await expect(parts.tick(page, "written offline", "Sent")).toBeVisible();
  await expect(said).toHaveCount(0);
  await page.reload();
  await expect(parts.message(page, "written offline")).toHaveCount(1);
  expect(asked).toEqual(["beforeunload"]);
});

test("whoever signs in again after their session has ended finds what they wrote, also where the browser kept nothing", async ({
  cable,
  person,
  visit,
  watch,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  const network = await cable();
  const page = await visit({ at: network.url, as: alice, path: "/api/v1/account/" });
  await page.addInitScript(keepNothing);
  const asked = staying(page);
  await page.goto(`/#with=${bob.name}`);
  await expect(parts.message(page, "hello")).toBeVisible();
  watch.allow(NO_NETWORK, /status of 401/);
  network.cut(); // so that no socket goes on until the service has closed it
  await write(page, bob.name, "written offline");
  await expect(page.getByText("This browser cannot keep what is not sent yet.")).toBeVisible();
  await alice.client.sessions.endOthers();
  network.mend();
  await expect(page.getByText("Your session has ended. Sign in to go on; what you wrote is kept.")).toBeVisible();
  await page.evaluate(() => {
    location.reload(); // whoever stays waits for nothing
  });
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await page.getByLabel("Password", { exact: true }).fill(alice.password);
  await page.keyboard.press("Enter");
  await expect(parts.tick(page, "written offline", "Sent")).toBeVisible();
  await expect(parts.message(page, "written offline")).toHaveCount(1);
});

/** What opens that comes in a chunk of its own: how, and what is there then. */
const POPUPS: readonly (readonly [(page: Page) => Promise<void>, (page: Page) => Locator])[] = [
  [(page) => page.getByRole("button", { name: "Emoji" }).click(), (page) => page.getByRole("button", { name: "😀" })],
  [(page) => page.getByRole("button", { name: "Menu" }).click(), menuitem("Settings")],
  [(page) => page.getByRole("button", { name: "More" }).click(), menuitem("Close conversation")],
  [(page) => parts.message(page, "hello").press("Enter"), menuitem("Reply")],
  [(page) => page.keyboard.press("Control+/"), (page) => page.getByRole("dialog", { name: "Keyboard shortcuts" })],
];
const PANES: readonly (readonly [hash: string, (page: Page) => Locator])[] = [
  ["search", (page) => page.getByRole("searchbox", { name: "Search messages" })],
  ["people", (page) => page.getByRole("searchbox", { name: "Search people by name" })],
  ["settings=preferences", (page) => page.getByRole("heading", { name: "Appearance" })],
];

function menuitem(name: string): (page: Page) => Locator {
  return (page) => page.getByRole("menuitem", { name });
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), hash);
}

async function openAll(page: Page, user: string): Promise<void> {
  for (const [open, what] of POPUPS) {
    await open(page);
    await expect(what(page)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(what(page)).toHaveCount(0);
  }
  for (const [hash, what] of PANES) {
    await goTo(page, `${hash}&with=${user}`);
    await expect(what(page)).toBeVisible();
  }
}

test("without a network all of the page opens that was loaded, and what was not says so until it is back", async ({
  person,
  visit,
  watch,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  watch.allow(NO_NETWORK, /ERR_FAILED/);
  const page = await visit({ as: alice, path: "/api/v1/account/" });
  // The network goes as soon as the page is there: nothing is loaded but what it begins with.
  const first = await (await page.request.get("/")).text();
  const scripts = /\/assets\/.*\.js$/;
  await page.route(scripts, (route) =>
    first.includes(new URL(route.request().url()).pathname) ? route.continue() : route.abort(),
  );
  await page.goto(`/#with=${bob.name}`);
  await expect(parts.message(page, "hello")).toBeVisible();
  await page.context().setOffline(true);
  for (const [open] of POPUPS) {
    await open(page);
    const toast = page.locator(".toast");
    await expect(toast).toHaveText(/This could not be loaded/);
    await toast.evaluate((shown) => (shown.textContent = "")); // the next one is another
  }
  for (const [hash] of PANES) {
    await goTo(page, `${hash}&with=${bob.name}`);
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  }
  await page.unroute(scripts);
  await page.context().setOffline(false);
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible();
  await goTo(page, `with=${bob.name}`);
  await openAll(page, bob.name);

  await page.goto(`/#with=${bob.name}`);
  await page.reload();
  const loaded = (): Promise<string> =>
    page.evaluate(() => JSON.stringify(performance.getEntriesByType("resource").map(({ name }) => name)));
  for (const name of [
    "emoji-picker",
    "menu",
    "message-menu",
    "question",
    "shortcuts",
    "search",
    "people",
    "settings",
  ]) {
    await expect.poll(loaded).toContain(`/assets/${name}-`);
  }
  await page.context().setOffline(true);
  await openAll(page, bob.name);
});

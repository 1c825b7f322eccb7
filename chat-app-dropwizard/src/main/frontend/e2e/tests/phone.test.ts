import type { Page } from "@playwright/test";
import { choose, parts, write } from "../support/page.js";
import { expect, test } from "../support/test.js";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test("one pane at a time: what is looked for comes to the front, and a hit leads back to its conversation", async ({
  person,
  visit,
}) => {
  const [alice, bob, carol] = [await person("alice"), await person("bob"), await person("carol")];
  await bob.client.messages.send({ recipient: alice.name, body: "the needle is here" });
  for (let i = 0; i < 40; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `hay ${i}` });
  }
  await alice.client.conversations.markRead(bob.name, 41);
  const page = await visit({ ...PHONE, as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "hay 39")).toBeInViewport();

  await page.getByRole("link", { name: "Search in this conversation" }).click();
  await expect(page.getByRole("searchbox")).toBeFocused();
  await expect(parts.messages(page)).toBeHidden();
  await page.keyboard.type("needle");
  // What comes in meanwhile is behind the search, and nobody has read it.
  await bob.client.messages.send({ recipient: alice.name, body: "unseen" });
  await page.getByRole("link", { name: "the needle is here" }).click();
  await expect(parts.message(page, "the needle is here")).toBeInViewport();
  await expect(page.getByRole("searchbox")).toHaveCount(0);
  const { items } = await alice.client.conversations.list();
  expect(items[0]?.unread).toBe(1);
  await page.getByRole("link", { name: "Back" }).click();
  await expect(page.getByRole("searchbox")).toHaveValue("needle");
  await page.getByRole("link", { name: "Back" }).click();
  await expect(parts.composer(page, bob.name)).toBeVisible();

  await page.keyboard.press("Alt+n");
  await expect(page.getByRole("searchbox", { name: "Search people by name" })).toBeFocused();
  await page.keyboard.type(carol.name);
  await page.getByRole("link", { name: carol.name }).click();
  await write(page, carol.name, "hello");
  await expect(page.getByRole("searchbox")).toHaveCount(0);
});

test("nothing moves sideways on a tablet when a menu opens, in either pane", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "incoming" });
  await alice.client.messages.send({ recipient: bob.name, body: "my own" });
  const tablet = { width: 768, height: 1_024 };
  const page = await visit({ ...PHONE, viewport: tablet, as: alice, path: `/#with=${bob.name}` });
  for (const opener of [
    parts.message(page, "my own").locator(".bubble"),
    parts.message(page, "incoming").locator(".bubble"),
    page.getByRole("button", { name: "More" }),
    page.getByRole("button", { name: "Menu" }),
  ]) {
    await opener.tap();
    await expect(page.getByRole("menu")).toBeInViewport({ ratio: 1 });
    expect(await page.evaluate(() => [innerWidth, visualViewport?.offsetLeft])).toEqual([tablet.width, 0]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
  }
});

test("all that can be done with a message can be tapped, however low the window and high the message", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const { id } = await bob.client.messages.send({ recipient: alice.name, body: "a question" });
  await alice.client.messages.send({ recipient: bob.name, body: "my answer", reply_to: id });
  const high = "word ".repeat(500);
  for (const [viewport, body] of [
    [{ width: 740, height: 360 }, "my answer"],
    [{ width: 320, height: 256 }, "my answer"],
    [{ width: 360, height: 740 }, `my answer ${high}`],
  ] as const) {
    await alice.client.messages.send({ recipient: bob.name, body, reply_to: id });
    const page = await visit({ ...PHONE, viewport, as: alice, path: `/#with=${bob.name}` });
    await page.getByRole("article").last().locator(".bubble-text").tap();
    await expect(page.getByRole("menu")).toBeInViewport({ ratio: 1 });
    await page.getByRole("menuitem", { name: "Unsend" }).tap();
    await page.getByRole("button", { name: "Unsend" }).tap();
    await expect(page.getByRole("article").last()).toContainText("Message deleted");
    await page.close();
  }
});

test("whoever looks for something comes back to where they read", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 60; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}` });
  }
  await alice.client.conversations.markRead(bob.name, 60);
  const page = await visit({ ...PHONE, as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "message 60")).toBeInViewport();
  await parts.messages(page).evaluate((feed) => {
    feed.scrollTop -= 900;
  });
  await expect(page.getByRole("button", { name: /to the newest/i })).toBeVisible();
  /** What is at the head of the view, and where. */
  const place = (): Promise<string> =>
    parts.messages(page).evaluate((feed) => {
      const { top } = feed.getBoundingClientRect();
      const rows = [...feed.querySelectorAll("article")];
      const row = rows.find((row) => row.getBoundingClientRect().bottom > top);
      return `${row?.textContent} ${Math.round((row?.getBoundingClientRect().top ?? 0) - top)}`;
    });
  let read = "";
  await expect.poll(async () => read === (read = await place())).toBe(true);
  for (const elsewhere of ["Search in this conversation", "New conversation"]) {
    await (elsewhere === "New conversation"
      ? page.keyboard.press("Alt+n")
      : page.getByRole("link", { name: elsewhere }).tap());
    await expect(page.getByRole("searchbox")).toBeFocused();
    await expect(parts.messages(page)).toBeHidden();
    await bob.client.messages.send({ recipient: alice.name, body: "unseen" });
    await page.getByRole("link", { name: "Back" }).tap();
    await expect(page.getByRole("button", { name: /new messages?\. Go to the newest/ })).toBeVisible();
    await expect.poll(place).toBe(read);
  }
  const { items } = await alice.client.conversations.list();
  expect(items[0]?.unread).toBe(2);
});

test("a finger does nothing where what it was put on has moved away", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 30; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `https://example.org/${i}` });
  }
  await bob.client.messages.send({ recipient: alice.name, body: "no link" });
  await alice.client.conversations.markRead(bob.name, 31);
  const page = await visit({ ...PHONE, as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "no link")).toBeInViewport();
  await parts.messages(page).evaluate((feed) => {
    feed.scrollTop -= 80;
  });
  const { x = 0, y = 0, height = 0 } = (await parts.message(page, "org/20").boundingBox()) ?? {};
  let opened = 0;
  page.context().on("page", () => opened++);
  const clicked = page.evaluate(
    () =>
      new Promise((resolve) => {
        const hear = (event: Event): void => {
          setTimeout(() => {
            resolve([(event.target as Element).textContent, event.defaultPrevented]);
          });
        };
        addEventListener("click", hear, { capture: true, once: true });
      }),
  );
  const finger = await page.context().newCDPSession(page);
  const touchPoints = [{ x: x + 40, y: y + height / 2 }];
  await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await parts.messages(page).evaluate((feed) => {
    feed.scrollTop += 80; // as a message that comes at the end has it move
  });
  await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  expect(await clicked).toEqual(["https://example.org/22", true]);
  expect(opened).toBe(0);
  await parts.message(page, "no link").locator(".bubble").tap();
  await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await parts.message(page, "no link").locator(".bubble-meta").tap();
  await page.touchscreen.tap(10, 300); // beside the menu, which closes it
  await expect(page.getByRole("menu")).toHaveCount(0);
  const actions = parts.message(page, "org/22").getByRole("button", { name: "Actions", includeHidden: true });
  await actions.evaluate((button: HTMLElement) => {
    button.click(); // as a screen reader does, without a press
  });
  await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
});

test("emoji are picked in a low window, too", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const page = await visit({ as: alice, path: `/#with=${bob.name}`, viewport: { width: 320, height: 256 } });
  await page.getByRole("button", { name: "Emoji" }).click();
  await expect(page.getByRole("dialog", { name: "Emoji" })).toBeInViewport({ ratio: 1 });
  await page.getByRole("button", { name: "❗" }).click();
  await expect(parts.composer(page, bob.name)).toHaveValue("❗");
});

test("the newest message stays in view, whatever is written below it", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 0; i < 30; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}.` });
  }
  await alice.client.conversations.markRead(bob.name, 30);
  const page = await visit({ ...PHONE, as: alice, path: `/#with=${bob.name}` });
  const [lines, others, tooMuch] = ["line\n".repeat(40), "other\n".repeat(40), "x".repeat(10_001)];
  for (const text of [lines, tooMuch, lines, others, ""]) {
    await parts.composer(page, bob.name).fill(text);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await expect(parts.message(page, "message 29.")).toBeInViewport({ ratio: 0.9 });
  }
});

test("while there is no connection the banner stands in the screen's width, with its button in one line", async ({
  cable,
  person,
  visit,
  watch,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  const network = await cable();
  await visit({ as: bob }); // is there
  const at = { ...PHONE, at: network.url, as: alice, path: `/#with=${bob.name}` };
  const pages: [Page, string, string][] = [
    [await visit(at), "Online", "Try now"],
    [await visit({ ...at, locale: "ar" }), "متصل", "حاول الآن"],
  ];
  for (const [page, online] of pages) {
    await expect(page.locator(".conversation-status")).toHaveText(online);
  }
  watch.allow(/ERR_(CONNECTION|EMPTY|SOCKET)|WebSocket connection/);
  network.cut();
  for (const [page, , again] of pages) {
    const button = page.getByRole("button", { name: again });
    await expect(button).toBeVisible({ timeout: 60_000 });
    await expect(page.locator(".conversation-status")).toHaveText("");
    // The button goes shortly before each attempt, and may do so in between.
    await expect(async () => {
      const looks = await button.evaluate((button) => {
        const text = document.createRange();
        text.selectNodeContents(button);
        const { left, right } = button.getBoundingClientRect();
        return [text.getClientRects().length, document.documentElement.scrollWidth, left >= 0 && right <= innerWidth];
      });
      expect(looks).toEqual([1, 360, true]);
    }).toPass();
  }
});

test("that an edit could not be saved, and what to do then, can be read to its end", async ({
  person,
  visit,
  watch,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "a long message ".repeat(20) });
  const page = await visit({ ...PHONE, as: alice, path: `/#with=${bob.name}` });
  await choose(page, "a long message", "Edit");
  const about = page.locator(".composer-aside-body");
  const isWhole = (): Promise<boolean> => about.evaluate((one) => one.scrollWidth <= one.clientWidth);
  expect(await isWhole(), "of the message itself it says as much as one line holds").toBe(false);
  watch.allow(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  await page.context().setOffline(true);
  await page.getByRole("textbox", { name: "Editing message" }).fill("a short one");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(about).toContainText("save it once you are connected");
  expect(await isWhole()).toBe(true);
});

test("the arrow back leaves nothing behind that the browser's own way back would lead into", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "hello" });
  const page = await visit({ ...PHONE, as: alice, path: "/docs/" });
  await page.goto("/");
  const entries = await page.evaluate(() => history.length);
  for (let times = 0; times < 2; times++) {
    await parts.conversation(page, bob.name).click();
    await expect(parts.message(page, "hello")).toBeVisible();
    await page.getByRole("link", { name: "Back" }).click();
    await expect(parts.conversation(page, bob.name)).toBeVisible();
  }
  expect(await page.evaluate(() => history.length)).toBe(entries + 1); // one that can be gone forward to
  await page.goBack();
  await expect(page).toHaveURL(/\/docs\/$/);

  await page.goto(`/#with=${bob.name}`); // by a link from elsewhere
  await page.getByRole("link", { name: "Back" }).click();
  await expect(parts.conversation(page, bob.name)).toBeVisible();
  expect(new URL(page.url()).hash).toBe("");
  await page.goBack();
  await expect(page).toHaveURL(/\/docs\/$/);
});

test("long names and names of both directions stand where they belong, and a heading shows no focus", async ({
  person,
  visit,
}) => {
  const alice = await person("alice");
  const long = await person(`long${"g".repeat(100)}`);
  const nour = await person("نور5v");
  await long.client.messages.send({ recipient: alice.name, body: "hello" });
  await nour.client.messages.send({ recipient: alice.name, body: "شكرًا" });
  const page = await visit({ ...PHONE, as: alice, locale: "ar-EG", path: `/#with=${long.name}` });
  await expect(parts.message(page, "hello")).toBeVisible();
  const width = PHONE.viewport.width;
  const rowsInside = await page
    .locator(".row, .row > *")
    .evaluateAll((rows, width) => rows.every((row) => row.getBoundingClientRect().right <= width), width);
  expect(rowsInside).toBe(true);
  /** Whether nothing of what is meant runs out of the screen, however long the name in it. */
  const inside = (what: string): Promise<boolean> =>
    page.locator(what).evaluateAll(
      (all, width) =>
        all.length > 0 &&
        all.every((one) => {
          const range = document.createRange();
          range.selectNodeContents(one);
          const { left, right } = range.getBoundingClientRect();
          return left >= 0 && right <= width;
        }),
      width,
    );
  const bubble = page.locator(".bubble").last();
  expect(await bubble.evaluate((one) => getComputedStyle(one).overflow), "marks upon marks stay inside").toBe("clip");
  const heading = page.locator("#conversation-name");
  await expect(heading).toBeFocused();
  expect(await heading.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe("none");
  // What is to be written is at the side at which the page begins, until it says of itself where it begins.
  const composer = page.getByRole("textbox");
  expect(await composer.evaluate((one) => getComputedStyle(one).direction)).toBe("rtl");
  await composer.fill("hello");
  expect(await composer.evaluate((one) => getComputedStyle(one).direction)).toBe("ltr");

  await page.locator(".conversation-bar").getByRole("button").click();
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  expect(await inside(".menu-item")).toBe(true);
  await page.getByRole("menuitem").first().click();
  await page.getByRole("alertdialog").locator("[type=submit]").click();
  await expect(page.locator(".conversation-shut")).toBeVisible();
  expect(await inside(".conversation-shut p")).toBe(true);
  const shut = (await page.locator(".conversation-shut").boundingBox())?.y ?? 0;
  await expect
    .poll(async () => {
      const { y = 0, height = 0 } = (await bubble.boundingBox()) ?? {};
      return shut - y - height;
    })
    .toBeGreaterThanOrEqual(12);
  await page.locator(".conversation-shut").getByRole("button").click();
  await expect(composer).toBeVisible();

  await page.getByRole("link", { name: "رجوع" }).click();
  /** Where on the screen a letter of somebody's name is drawn. */
  const letter = (name: string, at: number): Promise<{ left: number; right: number }> =>
    page
      .locator(`[data-rove="${name}"] .name`)
      .first()
      .evaluate((element, at) => {
        const range = document.createRange();
        const text = element.firstChild ?? element;
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const { left, right } = range.getBoundingClientRect();
        return { left, right };
      }, at);
  await expect(page.locator(`[data-rove="${long.name}"]`)).toBeVisible();
  const list = await page.locator(".conversations").boundingBox();
  expect((await letter(long.name, 0)).left, "a name is cut at its end").toBeGreaterThan(list?.x ?? 0);
  expect((await letter(nour.name, 0)).right, "and begins where the page does").toBeGreaterThan(width / 2);
  const plain = await person("plain");
  await plain.client.messages.send({ recipient: alice.name, body: "hello" });
  await expect(page.locator(`[data-rove="${plain.name}"]`)).toBeVisible();
  expect((await letter(plain.name, 0)).left).toBeGreaterThan(width / 2);
  await page.goto("/#settings=preferences");
  await page.getByText("English").click();
  await page.goto("/#");
  await expect(page.getByRole("heading", { name: "Conversations" })).toBeVisible();
  expect((await letter(nour.name, 0)).left).toBeGreaterThan((await letter(nour.name, 4)).left);
});

test("the time stands on the last line of a short message", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "hello" });
  const page = await visit({ ...PHONE, as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "hello")).toBeVisible();
  const [bubble, time] = [page.locator(".bubble"), page.locator(".bubble time")];
  expect((await bubble.boundingBox())?.height).toBeLessThan(44);
  const ends = async (of: typeof time): Promise<number> => {
    const box = await of.boundingBox();
    return (box?.x ?? 0) + (box?.width ?? 0);
  };
  expect((await ends(bubble)) - (await ends(time))).toBeLessThan(20);
  const [last, composer] = [await bubble.boundingBox(), await page.locator(".composer-line").boundingBox()];
  const gap = (composer?.y ?? 0) - (last?.y ?? 0) - (last?.height ?? 0);
  expect(gap).toBeGreaterThanOrEqual(12);
  expect(gap).toBeLessThanOrEqual(16);
});

test("text twice as large leaves room for who it is, how it stands with them, and every button", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("samantha")];
  await bob.client.messages.send({ recipient: alice.name, body: "hello" });
  await visit({ as: bob }); // is there
  const page = await visit({ ...PHONE, as: alice });
  const enlarge = (): Promise<void> =>
    page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
  /** How much of a text can be seen: so many pixels, and whether that is all. */
  const seen = (what: string): Promise<{ width: number; whole: boolean }> =>
    page.locator(what).evaluate((one) => {
      const { left, right, bottom, width } = one.getBoundingClientRect();
      const { top, bottom: end } = (one.closest(".bar") ?? one).getBoundingClientRect();
      const inside = left >= 0 && right <= innerWidth && one.getBoundingClientRect().top >= top && bottom <= end;
      return { width, whole: inside && one.scrollWidth <= one.clientWidth + 1 };
    });
  const expectBar = async (bar: string, buttons: number): Promise<void> => {
    const all = page.locator(bar).locator("a, button");
    await expect(all).toHaveCount(buttons);
    const boxes = await Promise.all((await all.all()).map((one) => one.boundingBox()));
    for (const { x, y, width, height } of boxes.map((box) => box ?? { x: -1, y: -1, width: 0, height: 0 })) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(PHONE.viewport.width);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.viewport.width);
  };
  await expect(parts.conversation(page, bob.name)).toBeVisible();
  await enlarge();
  await expectBar(".side .bar", 3);
  expect(await seen(".side .bar h2")).toMatchObject({ whole: true });
  expect((await seen(".conversation-item .item-name")).width).toBeGreaterThan(150);
  await page.getByRole("link", { name: "New conversation" }).click();
  await expect(page.getByRole("searchbox")).toBeFocused();
  await expectBar(".side .bar", 1);
  expect(await seen(".side .bar h2")).toMatchObject({ whole: true });

  await page.goto(`/#with=${bob.name}`);
  await expect(parts.message(page, "hello")).toBeVisible();
  await expect(page.locator(".conversation-status")).toHaveText("Online");
  await expectBar(".conversation-bar", 3);
  expect((await seen(".conversation-who")).width).toBeGreaterThan(200);
  expect(await seen(".conversation-status")).toMatchObject({ whole: true });
  const lines = (await page.locator(".conversation-status").boundingBox())?.height;
  expect(lines, "in one line").toBeLessThan(40);
  const placeholder = await parts.composer(page, bob.name).evaluate((area) => area.clientHeight);
  expect(placeholder, "in two lines, neither of which ends within a word").toBeLessThan(100);

  const expectInside = async (what: string): Promise<void> => {
    const sides = await page.locator(what).evaluate((one) => {
      const { left, right } = one.getBoundingClientRect();
      return { left, right, past: one.scrollWidth - one.clientWidth, page: document.documentElement.scrollWidth };
    });
    expect(sides.left).toBeGreaterThanOrEqual(0);
    expect(sides.right).toBeLessThanOrEqual(PHONE.viewport.width);
    expect(sides).toMatchObject({ past: 0, page: PHONE.viewport.width });
  };
  await page.getByRole("button", { name: "More" }).click();
  await expect(page.getByRole("menuitem", { name: /Block/ })).toBeVisible();
  await expectInside(".menu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+/");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectInside(".dialog");
  await page.keyboard.press("Escape");
  for (const place of ["account", "devices", "blocked", "preferences"]) {
    await page.goto(`/#settings=${place}`);
    await expect(page.locator(".settings-part").first()).toBeVisible();
    await expectInside(".settings-body");
  }
});

import type { Page } from "@playwright/test";
import { converse, loadOlder, scrollTop } from "../support/feed.js";
import { parts, write } from "../support/page.js";
import { expect, expectAccessible, type Person, test } from "../support/test.js";

/**
 * How many rows the page makes, and how many it has at most, while the newest messages are scrolled through, upwards. That
 * is the same on a slow machine; `npm run measure` has the time.
 */
async function scrollUp(page: Page, steps: number): Promise<{ made: number; most: number }> {
  await scrollTop(page, Number.MAX_SAFE_INTEGER);
  return await parts.messages(page).evaluate(async (feed, steps) => {
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    await frame();
    let [made, most] = [0, 0];
    const observer = new MutationObserver((changes) => {
      made += changes.reduce((sum, { addedNodes }) => sum + addedNodes.length, 0);
      most = Math.max(most, feed.querySelectorAll("article").length);
    });
    observer.observe(feed, { childList: true, subtree: true });
    for (let i = 0; i < steps; i++) {
      feed.scrollTop -= 150;
      await frame();
      await frame();
    }
    observer.disconnect();
    return { made, most };
  }, steps);
}

/** What was said and read before anything streams in. */
async function sayBefore(from: Person, to: Person): Promise<void> {
  for (let i = 1; i <= 60; i++) {
    await from.client.messages.send({ recipient: to.name, body: `before ${i}` });
  }
  await to.client.conversations.markRead(from.name, 60);
}

/** Messages stream in, 50 a second, until the answer is called; each says its number, and what else there is to say. */
function stream(from: Person, to: Person, words: (i: number) => string = () => ""): () => Promise<void> {
  const ended = new AbortController();
  const streamed = (async () => {
    for (let i = 1; !ended.signal.aborted && i <= 1_000; i++) {
      await Promise.all([
        from.client.messages.send({ recipient: to.name, body: `streamed ${i}.${words(i)}` }),
        new Promise((resolve) => setTimeout(resolve, 20)),
      ]);
    }
  })();
  return () => {
    ended.abort();
    return streamed;
  };
}

/** @returns has all loaded afresh, as where what was missed is not kept any more; for a page that is not there yet */
async function resettable(page: Page): Promise<() => void> {
  let reset = (): void => undefined;
  await page.routeWebSocket(/\/ws/, (socket) => {
    const service = socket.connectToServer();
    let last = 0;
    service.onMessage((text) => {
      const frame = JSON.parse(String(text)) as { seq?: number; last?: number };
      last = Math.max(last, frame.seq ?? 0, frame.last ?? 0);
      socket.send(text);
    });
    reset = () => {
      socket.send(JSON.stringify({ type: "reset", last }));
    };
  });
  return () => {
    reset();
  };
}

test("10,000 loaded messages are a few on the page, and scrolling makes no more of them than where few are loaded", async ({
  person,
  visit,
}) => {
  test.setTimeout(600_000);
  const [alice, bob] = [await person("alice"), await person("bob")];
  await converse(bob, alice, 10_000);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(page.getByRole("article").first()).toBeVisible();

  const steps = 60;
  await loadOlder(page, 2 * steps * 150);
  const few = await scrollUp(page, steps);
  await loadOlder(page);
  const many = await scrollUp(page, steps);
  expect(few.made, "rows come in while one scrolls").toBeGreaterThan(50);
  expect(many.made).toBeLessThan(1.2 * few.made);
  expect(many.most).toBeLessThan(60);
});

test("older messages come in above without moving what is read", async ({ person, visit, watch }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  // More than are loaded before the last of it, however fast or slowly that goes.
  for (let i = 1; i <= 900; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}. ${"word ".repeat((i * 7) % 30)}` });
  }
  await alice.client.conversations.markRead(bob.name, 900);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "message 900.")).toBeInViewport();
  await parts.messages(page).hover();

  // Where nobody scrolls while they come, nothing moves at all, also where new ones come with them.
  const held: (() => void)[] = [];
  await page.route(/\/message\/\?.*before=/, async (route) => {
    await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  for (const isStreaming of [false, true, true]) {
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, -240);
          return held.length;
        },
        { intervals: [60] },
      )
      .toBe(1);
    const isRead = await page.evaluate(async () => {
      const feed = document.querySelector("[role=feed]") ?? document.body;
      const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
      for (let still = 0, top = -1; still < 10; still = feed.scrollTop === top ? still + 1 : 0, top = feed.scrollTop) {
        await frame();
      }
      const middle = feed.getBoundingClientRect().top + feed.clientHeight / 2;
      const read = [...feed.querySelectorAll("article")].find((one) => one.getBoundingClientRect().top > middle);
      const state = {
        read,
        top: read?.getBoundingClientRect().top ?? 0,
        scroll: feed.scrollTop,
        most: 0,
        loaded: 0,
      };
      Object.assign(globalThis, { state });
      const look = (): void => {
        state.most = Math.max(state.most, Math.abs((read?.getBoundingClientRect().top ?? 0) - state.top));
        state.loaded += feed.scrollTop > state.scroll + 500 ? 1 : 0; // so much has come in above
        requestAnimationFrame(look);
      };
      look();
      return read !== undefined;
    });
    expect(isRead).toBe(true);
    const end = isStreaming ? stream(bob, alice) : undefined;
    if (isStreaming) {
      await expect(parts.conversation(page, bob.name)).toContainText("streamed");
    }
    held.shift()?.();
    const seen = (): Promise<{ loaded: number; most: number }> =>
      page.evaluate(() => {
        const { loaded, most } = (globalThis as unknown as { state: { loaded: number; most: number } }).state;
        return { loaded, most };
      });
    await expect.poll(async () => (await seen()).loaded).toBeGreaterThan(10);
    await end?.();
    expect((await seen()).most).toBeLessThanOrEqual(1);
  }
  await page.unrouteAll({ behavior: "ignoreErrors" });
  held.forEach((release) => {
    release();
  });

  // With the wheel, and looked at in each frame: how far a message that stays in view moves beyond what was scrolled.
  await page.evaluate(() => {
    const feed = document.querySelector("[role=feed]") ?? document.body;
    const state = { jumps: [] as number[], loads: 0 };
    Object.assign(globalThis, { state });
    let before: { article: Element; top: number; scroll: number; height: number } | undefined;
    const look = (): void => {
      const { top } = feed.getBoundingClientRect();
      if (before?.article.isConnected === true && feed.scrollHeight > before.height + 500) {
        state.loads++;
        state.jumps.push(before.article.getBoundingClientRect().top - before.top);
      }
      const article = [...feed.querySelectorAll("article")].find((one) => one.getBoundingClientRect().top > top + 100);
      before =
        article === undefined
          ? undefined
          : { article, top: article.getBoundingClientRect().top, scroll: feed.scrollTop, height: feed.scrollHeight };
      requestAnimationFrame(look);
    };
    look();
  });
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, -120);
        return page.evaluate(() => (globalThis as unknown as { state: { loads: number } }).state.loads);
      },
      { intervals: [60], timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(2);
  const jumps = await page.evaluate(() => (globalThis as unknown as { state: { jumps: number[] } }).state.jumps);
  // The wheel itself moves by 120 at most for a turn.
  expect(jumps.filter((jump) => Math.abs(jump) > 250)).toEqual([]);

  // At the very top no scrolling tells that more is wanted; what failed there comes all the same.
  watch.allow(/status of 503/);
  const before = /\/message\/\?.*before=/;
  const headers = { "Retry-After": "1" };
  await page.route(before, (route) => route.fulfill({ status: 503, headers, json: {} }));
  const failed = page.getByText("Older messages could not be loaded.");
  await expect
    .poll(
      async () => {
        await scrollTop(page, 0);
        return failed.isVisible();
      },
      { intervals: [10] },
    )
    .toBe(true);
  await expectAccessible(page);
  const loaded = page.waitForResponse((response) => before.test(response.url()) && response.ok());
  await page.unroute(before);
  await loaded;
  await expect(failed).toHaveCount(0);
});

test("what is read stays where it is when all is loaded afresh", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 250; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}.` });
  }
  await alice.client.conversations.markRead(bob.name, 250);
  const page = await visit({ as: alice, path: "/docs/" });
  const reset = await resettable(page);
  await page.goto(`/#with=${bob.name}`);
  await expect(parts.message(page, "message 250.")).toBeInViewport();
  await parts.messages(page).hover();
  const read = parts.message(page, "message 60.");
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, -400);
        return (await read.count()) === 1;
      },
      { intervals: [60] },
    )
    .toBe(true);
  await read.evaluate((one) => {
    one.scrollIntoView({ block: "center" });
  });
  const place = async (): Promise<number> => Math.round((await read.boundingBox())?.y ?? 0);
  await read.focus();
  let before = -1;
  await expect(read).toHaveAttribute("aria-setsize", "250"); // then it is to be where nothing has been measured yet
  await expect.poll(async () => before === (before = await place())).toBe(true);
  const loaded = page.waitForResponse(/before=\d+&limit=51$/); // around what is read
  reset();
  await loaded;
  await expect(page.getByRole("button", { name: "To the newest message" })).toBeVisible();
  await expect.poll(place).toBe(before);
  await expect(read).toBeFocused();
  await expect(parts.message(page, "message 250.")).toHaveCount(0);
});

test("whoever goes to the newest while all is loaded afresh comes there", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 120; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}.` });
  }
  await alice.client.conversations.markRead(bob.name, 120);
  const page = await visit({ as: alice, path: "/docs/" });
  const reset = await resettable(page);
  await page.goto(`/#with=${bob.name}`);
  await expect(parts.message(page, "message 120.")).toBeInViewport();
  await loadOlder(page);
  const around = /before=\d+&limit=51$/;
  for (const go of [
    () => page.getByRole("button", { name: "To the newest message" }).click(),
    async () => {
      await page.getByRole("button", { name: "To the newest message" }).click();
      await expect(parts.message(page, "message 120.")).toBeInViewport();
      await parts.messages(page).hover();
      await page.mouse.wheel(0, -400);
      await expect(parts.message(page, "message 120.")).not.toBeInViewport();
    },
    () => write(page, bob.name, "my own"),
  ]) {
    await scrollTop(page, 300);
    await expect(page.getByRole("button", { name: "To the newest message" })).toBeVisible();
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route(around, async (route) => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest(around);
    reset();
    await asked;
    await go();
    answer();
    await expect(page.getByRole("button", { name: "To the newest message" })).toBeHidden();
    await expect(page.getByRole("article").last()).toBeInViewport();
    await expect(page.getByRole("article").last()).toContainText(/message 120\.|my own/);
    await page.unroute(around);
    await loadOlder(page);
  }
});

test("nothing moves while the page loads, also over a slow line", async ({ person, visit }) => {
  const [alice, bob, carol] = [await person("alice"), await person("bob"), await person("carol")];
  await carol.client.messages.send({ recipient: alice.name, body: "the only one" });
  for (let i = 1; i <= 40; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}.` });
  }
  await alice.client.conversations.markRead(bob.name, 40);
  const watched = async (page: Page): Promise<() => Promise<number>> => {
    await page.addInitScript(() => {
      const moved = { sum: 0 };
      Object.assign(globalThis, { moved });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
          moved.sum += entry.hadRecentInput ? 0 : entry.value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    return () => page.evaluate(() => (globalThis as unknown as { moved: { sum: number } }).moved.sum);
  };
  const page = await visit({ as: alice, path: "/docs/" });
  const moved = await watched(page);
  await page.goto("/");
  await expect(parts.conversation(page, bob.name)).toBeVisible();
  await parts.conversation(page, bob.name).click();
  await expect(parts.message(page, "message 40.")).toBeInViewport();
  expect(await moved()).toBeLessThan(0.005);

  const line = await page.context().newCDPSession(page);
  await line.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 200,
    downloadThroughput: 120_000,
    uploadThroughput: 120_000,
  });
  await page.goto(`/?slowly#with=${carol.name}`);
  await expect(parts.message(page, "the only one")).toBeInViewport();
  await expect(page.getByRole("banner").getByText("Last seen")).toHaveCount(0);
  expect(await moved()).toBeLessThan(0.005);
  await page.goto("/?slowly#settings=account");
  await expect(page.getByRole("textbox", { name: "Email" })).toBeVisible();
  expect(await moved()).toBeLessThan(0.005);

  const arabic = await visit({ as: alice, locale: "ar-EG", path: "/docs/" }); // in letters that come with the page
  const movedInArabic = await watched(arabic);
  await arabic.goto("/");
  await expect(parts.conversation(arabic, bob.name)).toBeVisible();
  expect(await arabic.evaluate(() => document.fonts.check('1em "Readex Pro"', "ا"))).toBe(true);
  await arabic.goto("/?#settings=account");
  await expect(arabic.locator(".settings-part").last()).toBeVisible();
  expect(await movedInArabic()).toBeLessThan(0.0005);
});

test("typing does not lag while messages stream in", async ({ person, visit }) => {
  test.setTimeout(240_000);
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "first" });
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.composer(page, bob.name)).toBeVisible();
  await parts.composer(page, bob.name).focus();
  await page.evaluate(() => {
    const lags: number[] = [];
    Object.assign(globalThis, { lags });
    document.addEventListener("input", ({ timeStamp }) => {
      lags.push(performance.now() - timeStamp); // from the key to where the page is about to draw it
    });
  });
  const end = stream(bob, alice);
  const text = "what I write while all of that comes in";
  await page.keyboard.type(text.repeat(3), { delay: 30 });
  await end();
  await expect(parts.composer(page, bob.name)).toHaveValue(text.repeat(3));
  const lags = await page.evaluate(() => (globalThis as unknown as { lags: number[] }).lags);
  const sorted = [...lags].sort((one, other) => one - other);
  expect(sorted[Math.floor(sorted.length / 2)], "half of the keys").toBeLessThan(50);
});

test("whoever scrolls back while messages stream in reads on where they are", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await sayBefore(bob, alice);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "before 60")).toBeInViewport();
  const end = stream(bob, alice);
  await expect(parts.conversation(page, bob.name)).toContainText(/streamed \d\d\./);
  await parts.messages(page).hover();
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, -100); // one notch, and what comes takes nothing of it back
        return page.getByRole("button", { name: /to the newest/i }).isVisible();
      },
      { intervals: [60] },
    )
    .toBe(true);
  const top = (): Promise<number> => parts.messages(page).evaluate((feed) => feed.scrollTop);
  let read = -1;
  await expect.poll(async () => read === (read = await top())).toBe(true);
  await expect(parts.conversation(page, bob.name)).toContainText(/streamed [2-9]\d\d\./);
  expect(await top()).toBe(read);
  await end();
});

test("whoever is at the end stays there, whatever streams in, and comes there by the keyboard", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await sayBefore(bob, alice);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "before 60")).toBeInViewport();
  const toNewest = page.getByRole("button", { name: /to the newest/i });
  const isAtEnd = async (end: () => Promise<void>): Promise<void> => {
    await expect(parts.conversation(page, bob.name)).toContainText(/streamed [12]\d\d\./);
    await end();
    const { results } = await bob.client.messages.with(alice.name, { limit: 1 });
    await expect(page.getByRole("article").last()).toContainText(results[0]?.body.split(" ", 2).join(" ") ?? "?");
    await expect(page.getByRole("article").last()).toBeInViewport();
    await expect(toNewest).toBeHidden();
  };
  const words = (i: number): string => " word".repeat((i * 37) % 150);
  await isAtEnd(stream(bob, alice, words));
  await bob.client.messages.send({ recipient: alice.name, body: `higher than the view${" word".repeat(1_900)}` });
  await expect(page.getByRole("article").last()).toContainText("higher than the view");
  const left = (feed: HTMLElement): number => feed.scrollHeight - feed.scrollTop - feed.clientHeight;
  await expect.poll(() => parts.messages(page).evaluate(left)).toBeLessThanOrEqual(1);
  await page.getByRole("article").last().focus();
  await page.keyboard.press("Home");
  await expect(toNewest).toBeVisible();
  const end = stream(bob, alice, words);
  await expect(parts.conversation(page, bob.name)).toContainText(/streamed \d\d\./);
  await page.keyboard.press("End");
  await isAtEnd(end);
});

test("whoever goes from a place to the newest while messages stream in has the focus there", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await sayBefore(bob, alice);
  const page = await visit({ as: alice, path: "/" });
  for (let i = 0; i < 3; i++) {
    const end = stream(bob, alice);
    await expect(parts.conversation(page, bob.name)).toContainText("streamed");
    await page.goto(`/#with=${bob.name}&at=20`);
    await expect(page.locator("[data-hit]")).toBeFocused();
    await page.getByRole("button", { name: /to the newest/i }).click();
    await expect(page.locator("[data-hit]")).toHaveCount(0);
    await expect(page.getByRole("button", { name: /to the newest/i })).toHaveCount(0);
    await expect(page.locator("article:focus")).toContainText("streamed");
    await end();
    await page.goto("/#");
  }
});

test("the keys go through messages by the page, and the focus goes along", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 100; i++) {
    const words = i === 50 ? "high\n".repeat(120) : "";
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}. ${words}` });
  }
  await alice.client.conversations.markRead(bob.name, 100);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await parts.message(page, "message 100.").focus();
  const focused = page.locator("article:focus");
  const seq = async (): Promise<number> => Number(/message (\d+)\./.exec((await focused.textContent()) ?? "")?.[1]);
  const head = (): Promise<number> =>
    parts.message(page, "message 50.").evaluate((row) => {
      const feed = row.closest("[role=feed]") ?? document.body;
      return row.getBoundingClientRect().top - feed.getBoundingClientRect().top;
    });
  let before = 100;
  for (let i = 0; i < 2; i++) {
    await page.keyboard.press("PageUp");
    await expect.poll(seq).toBeLessThan(before - 8);
    await expect(focused).toBeInViewport();
    before = await seq();
  }
  await page.keyboard.press("ArrowUp");
  await expect.poll(seq).toBe(before - 1);
  await expect(focused).toBeInViewport();
  await page.keyboard.press("PageDown");
  await expect.poll(seq).toBeGreaterThan(before + 4);
  await expect(focused).toBeInViewport();

  // Of one that is higher than the view, all is seen.
  await page.goto(`/#with=${bob.name}&at=51`);
  await expect(parts.message(page, "message 51.")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect.poll(seq).toBe(50);
  const { height = 0 } = (await parts.messages(page).boundingBox()) ?? {};
  let at = await head();
  expect(at).toBeLessThan(-2 * height);
  while (at < 0) {
    await page.keyboard.press("PageUp");
    await expect.poll(head).toBeGreaterThan(at);
    let now = at;
    await expect.poll(async () => now === (now = await head())).toBe(true);
    expect(now - at).toBeLessThan(height);
    at = now;
  }
  await page.keyboard.press("PageUp");
  await expect.poll(seq).toBeLessThan(50);
  await expect
    .poll(async () => {
      await page.keyboard.press("PageDown");
      return seq();
    })
    .toBe(100);
  await bob.client.messages.send({ recipient: alice.name, body: "the end" });
  await expect(parts.message(page, "the end")).toBeInViewport();
});

test("what is pressed is under the pointer, also while the list moves", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await sayBefore(bob, alice);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "before 60")).toBeInViewport();
  const pressed = await parts.messages(page).evaluate(async (feed) => {
    const scrolled = new Promise((resolve) => {
      feed.addEventListener("scroll", resolve, { once: true });
    });
    feed.scrollTop -= 100;
    await scrolled;
    for (let i = 0; i < 2; i++) {
      await new Promise(requestAnimationFrame); // by then the list knows, and for some frames more it counts as moving
    }
    const { left, top, height } = feed.getBoundingClientRect();
    const rows = [...feed.querySelectorAll("article")].map((row) => row.getBoundingClientRect());
    const row = rows.find((row) => row.top > top + height / 2);
    return document.elementFromPoint((row?.left ?? left) + 20, (row?.top ?? top) + 20)?.closest("article") !== null;
  });
  expect(pressed).toBe(true);
});

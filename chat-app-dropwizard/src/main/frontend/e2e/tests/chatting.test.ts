import { converse, lastInView } from "../support/feed.js";
import { choose, parts, write } from "../support/page.js";
import { expect, test } from "../support/test.js";

test("two people find each other and chat, and each sees how far a message has come", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const here = await visit({ as: alice });
  const there = await visit({ as: bob });
  await here.getByRole("link", { name: "Find people" }).click();
  await here.getByRole("searchbox").fill(bob.name.toUpperCase());
  await here.keyboard.press("Enter");
  await expect(parts.composer(here, bob.name)).toBeFocused();
  await here.keyboard.type("hello");
  await here.keyboard.press("Shift+Enter");
  await here.keyboard.type("you");
  await here.keyboard.press("Enter");
  await expect(parts.tick(here, "hello", "Delivered")).toBeVisible();
  await expect(there).toHaveTitle("(1) Message Center");
  await expect(parts.conversation(there, alice.name)).toContainText("1 unread message");
  await parts.conversation(there, alice.name).click();
  await expect(parts.message(there, "hello\nyou")).toBeVisible();
  await expect(parts.tick(here, "hello", "Read")).toBeVisible();
  await expect(there).toHaveTitle("Message Center");
  await write(there, alice.name, "hello yourself");
  await expect(parts.message(here, "hello yourself")).toBeVisible();
});

test("messages are answered, edited and unsent, on both sides", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await bob.client.messages.send({ recipient: alice.name, body: "a question" });
  const here = await visit({ as: alice, path: `/#with=${bob.name}` });
  const there = await visit({ as: bob, path: `/#with=${alice.name}` });
  await choose(here, "a question", "Reply");
  await expect(parts.composer(here, bob.name)).toBeFocused();
  await here.keyboard.type("an answer");
  await here.keyboard.press("Enter");
  await expect(parts.message(there, "an answer").getByRole("button", { name: "a question" })).toBeVisible();
  await expect(parts.message(here, "an answer").getByRole("img", { name: /^(Sent|Delivered|Read)$/ })).toBeVisible();
  await here.keyboard.press("ArrowUp");
  await expect(here.getByRole("textbox", { name: "Editing message" })).toBeFocused();
  await here.keyboard.type(", and more");
  await here.evaluate(() => (location.hash = `settings=preferences&${location.hash.slice(1)}`)); // a look there, and back
  await expect(here.getByRole("heading", { name: "Appearance" })).toBeVisible();
  await here.goBack();
  await expect(here.getByRole("textbox", { name: "Editing message" })).toBeFocused();
  await here.keyboard.press("Enter");
  await expect(parts.message(there, "an answer, and more")).toContainText("edited");
  await expect(parts.composer(here, bob.name)).toBeFocused();
  await choose(here, "and more", "Edit");
  await expect(here.getByRole("textbox", { name: "Editing message" })).toBeFocused();
  await here.keyboard.press("Escape");
  await expect(parts.composer(here, bob.name)).toBeFocused();
  await choose(here, "and more", "Unsend");
  await here.getByRole("alertdialog").getByRole("button", { name: "Unsend" }).click();
  await expect(parts.message(there, "Message deleted")).toBeVisible();
  await expect(there.getByRole("feed")).not.toContainText("an answer");
  await expect(parts.composer(here, bob.name)).toBeFocused();
});

test("what is done with a message, or selected, stays where it is meanwhile, and the end comes back", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 30; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}` });
  }
  const above = (await bob.client.messages.with(alice.name, { limit: 1 })).results[0]?.id ?? 0;
  await alice.client.messages.send({ recipient: bob.name, body: "my own" });
  await alice.client.conversations.markRead(bob.name, 31);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  const left = (): Promise<number> =>
    parts.messages(page).evaluate((feed) => feed.scrollHeight - feed.clientHeight - feed.scrollTop);
  const arrives = async (body: string): Promise<void> => {
    await bob.client.messages.send({ recipient: alice.name, body });
    await expect(parts.conversation(page, bob.name)).toContainText(body);
  };
  await parts.message(page, "my own").click({ button: "right" });
  const edit = page.getByRole("menuitem", { name: "Edit" });
  await expect(page.getByRole("menuitem", { name: "Reply" })).toBeFocused();
  const place = async (): Promise<number> => (await edit.boundingBox())?.y ?? 0;
  const before = await place();
  await arrives("meanwhile");
  await arrives("and more");
  await bob.client.messages.edit(above, "in\nfour\nlines\nnow");
  await expect(parts.message(page, "lines")).toHaveCount(1);
  expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1);
  await edit.click();
  await expect(page.getByRole("textbox", { name: "Editing message" })).toBeFocused();
  await expect(parts.message(page, "and more")).toBeInViewport();
  await expect.poll(left).toBeLessThanOrEqual(1);
  await page.keyboard.press("Escape");
  await expect.poll(left).toBeLessThanOrEqual(1);
  await expect(page.getByRole("button", { name: /to the newest/i })).toBeHidden();

  await parts.message(page, "my own").getByText("my own").dblclick();
  const selected = (): Promise<string> => page.evaluate(() => getSelection()?.toString() ?? "");
  expect(await selected()).toBe("own");
  for (let i = 1; i <= 12; i++) {
    await arrives(`below ${i}.`);
  }
  expect(await selected()).toBe("own");
  await expect(parts.message(page, "my own")).toBeInViewport();
  await page.getByRole("button", { name: /to the newest/i }).click();
  await expect(parts.message(page, "below 12.")).toBeInViewport();
  await arrives("at the end");
  await expect(parts.message(page, "at the end")).toBeInViewport();
  const { id } = await bob.client.messages.send({ recipient: alice.name, body: "a slip of bob" });
  await parts.message(page, "a slip of bob").getByText("slip").dblclick();
  await bob.client.messages.unsend(id); // browsers do not tell that nothing is selected any more
  await expect(parts.message(page, "a slip of bob")).toHaveCount(0);
  for (let i = 1; i <= 3; i++) {
    await arrives(`followed ${i}.`);
  }
  await expect(parts.message(page, "followed 3.")).toBeInViewport();

  await write(page, bob.name, "important");
  await write(page, bob.name, "a slip");
  await expect(parts.tick(page, "important", "Sent")).toHaveCount(0); // the last of them says it
  await choose(page, "a slip", "Unsend");
  await page.getByRole("button", { name: "Unsend" }).click();
  await expect(parts.tick(page, "important", "Sent")).toBeVisible();

  await parts.composer(page, bob.name).fill("hello");
  await page.getByRole("button", { name: "Emoji" }).click();
  await page.getByRole("button", { name: "😀" }).click();
  await page.getByRole("button", { name: "😄" }).click();
  await page.keyboard.press("Escape");
  await expect(parts.composer(page, bob.name)).toBeFocused();
  await page.keyboard.type("!");
  await expect(parts.composer(page, bob.name)).toHaveValue("hello😀😄!");
});

test("whatever is tried is shown as text, and runs nowhere", async ({ person, visit, watch }) => {
  const [alice, eve] = [await person("alice"), await person("eve")];
  const attempts = [
    `<img src=x onerror="globalThis.ran = 1">`,
    `<script>globalThis.ran = 1</script>`,
    `<a href="javascript:globalThis.ran=1">click</a>`,
    `javascript:void(globalThis.ran=2)`,
    `"><svg onload=globalThis.ran=1>`,
    `https://example.org/"onmouseover="globalThis.ran=1`,
    "\u202Egnirts desrever",
    "\u202Eevil.io/moc.knab-ruoy",
  ];
  for (const body of attempts) {
    await eve.client.messages.send({ recipient: alice.name, body });
  }
  const page = await visit({ as: alice, path: `/#with=${eve.name}` });
  for (const body of attempts) {
    await expect(parts.message(page, body)).toBeVisible();
  }
  for (const link of await parts.messages(page).getByRole("link").all()) {
    expect(await link.getAttribute("href")).toMatch(/^https:/);
    await link.hover();
  }
  const turned = await parts
    .messages(page)
    .getByRole("link", { name: "evil.io" })
    .evaluate((link) => {
      const [first, last] = [0, link.textContent.length - 1].map((at) => {
        const range = document.createRange();
        range.setStart(link.firstChild ?? link, at);
        range.setEnd(link.firstChild ?? link, at + 1);
        return range.getBoundingClientRect().left;
      });
      return (first ?? 0) > (last ?? 0);
    });
  expect(turned, "an address is seen as it is").toBe(false);
  await expect(parts.messages(page).locator("img, script, svg[onload]")).toHaveCount(0);
  expect(await page.evaluate(() => (globalThis as { ran?: unknown }).ran)).toBeUndefined();
  expect(watch.found).toEqual([]);
});

test("who is blocked is told why nothing arrives, and can try again later", async ({ person, visit, watch }) => {
  watch.allow(/status of 403 .*\/api\/v1\/message\/$/); // where it goes by request, as before there is a connection
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  const there = await visit({ as: bob, path: `/#with=${alice.name}` });
  await there.getByRole("button", { name: "More" }).click();
  await there.getByRole("menuitem", { name: `Block ${alice.name}` }).click();
  await there.getByRole("alertdialog").getByRole("button", { name: "Block" }).click();
  await expect(there.getByText(`You have blocked ${alice.name}.`)).toBeVisible();
  const here = await visit({ as: alice, path: `/#with=${bob.name}` });
  await write(here, bob.name, "are you there?");
  await expect(here.getByText("Not sent: they do not take messages from you")).toBeVisible();
  const carol = await person("carol");
  await carol.client.people.block(alice.name);
  await here.goto(`/#with=${carol.name}`);
  await write(here, carol.name, "first words");
  await here.goto(`/#with=${bob.name}`);
  const item = parts.conversation(here, carol.name);
  await expect(item.getByRole("img", { name: "Not sent" })).toBeVisible();
  const [name, words] = [
    await item.getByText(carol.name).boundingBox(),
    await item.getByText("first words").boundingBox(),
  ];
  expect(words?.y, "one below the other, also without a time").toBeGreaterThan((name?.y ?? 0) + 10);
  await there.goto("/#settings=blocked");
  await there.getByRole("button", { name: `Unblock ${alice.name}` }).click();
  await expect(there.getByText("You have blocked nobody.")).toBeVisible();
  await expect(there.getByRole("heading", { name: "Blocked people" })).toBeFocused();
  await choose(here, "are you there?", "Try again");
  await expect(parts.tick(here, "are you there?", "Delivered")).toBeVisible();
});

test("tabs agree: on drafts, on what is edited and on its way, and on who is signed in", async ({
  person,
  visit,
  watch,
}) => {
  watch.allow(/status of 401 /); // a tab may hear by a request that another one has signed out
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  const one = await visit({ as: alice, path: `/#with=${bob.name}` });
  const two = await one.context().newPage();
  await two.goto("/");
  await parts.composer(one, bob.name).fill("half a sentence");
  await expect(parts.conversation(two, bob.name)).toContainText("Draft: half a sentence");
  const three = await one.context().newPage();
  await three.goto(`/#with=${bob.name}`);
  await expect(parts.composer(three, bob.name)).toHaveValue("half a sentence");
  await parts.composer(three, bob.name).fill("half a sentence, and more");
  await expect(parts.composer(one, bob.name)).toHaveValue("half a sentence, and more");
  await parts.composer(one, bob.name).press("Enter");
  await expect(parts.composer(three, bob.name)).toHaveValue("");
  await expect(parts.conversation(two, bob.name)).not.toContainText("Draft:");
  await expect(parts.conversation(two, bob.name)).toContainText("half a sentence, and more");
  await expect(parts.tick(one, "half a sentence, and more", "Sent")).toBeVisible();
  await parts.composer(one, bob.name).press("ArrowUp");
  const editing = { name: "Editing message" };
  await expect(three.getByRole("textbox", editing)).toHaveValue("half a sentence, and more");
  await one.getByRole("textbox", editing).fill("a whole sentence");
  await expect(three.getByRole("textbox", editing)).toHaveValue("a whole sentence");
  await one.getByRole("textbox", editing).press("Enter");
  await expect(parts.composer(three, bob.name)).toHaveValue("");
  await expect(parts.message(three, "a whole sentence")).toContainText("edited");
  await three.close();
  await parts.composer(one, bob.name).fill("left behind");
  await expect(parts.conversation(two, bob.name)).toContainText("left behind");
  await parts.conversation(two, bob.name).click();
  await expect(parts.composer(two, bob.name)).toBeFocused();
  await two.keyboard.type(", and more");
  await expect(parts.composer(two, bob.name)).toHaveValue("left behind, and more");
  await two.getByRole("button", { name: "Menu" }).click();
  await two.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(two.getByRole("alertdialog", { name: "1 message is not sent yet" })).toBeVisible();
  await two.getByRole("button", { name: "Sign out anyway" }).click();
  await expect(two.getByRole("heading", { name: "Sign in" })).toBeFocused();
  await expect(one.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect
    .poll(() => one.evaluate(() => [...Object.entries(localStorage), ...Object.entries(sessionStorage)]))
    .toEqual([]);
});

test("a place far back is found by what answers it, and the way back is one step", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const first = await bob.client.messages.send({ recipient: alice.name, body: "the very first" });
  for (let i = 1; i <= 150; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}` });
  }
  const near = (await bob.client.messages.with(alice.name, { limit: 40 })).results.at(-1);
  await bob.client.messages.send({ recipient: alice.name, body: "as I said", reply_to: first.id });
  await bob.client.messages.send({ recipient: alice.name, body: "likewise", reply_to: near?.id ?? 0 });
  await alice.client.conversations.markRead(bob.name, 153);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  for (let i = 0; i < 2; i++) {
    await parts.message(page, "likewise").getByRole("button", { name: "message 111" }).click();
    await expect(page.locator("[data-hit]")).toBeInViewport();
    await expect(page.locator("[data-hit]")).toBeFocused();
    await page.getByRole("feed").evaluate((feed) => (feed.scrollTop = feed.scrollHeight));
    await expect(parts.message(page, "likewise")).toBeInViewport();
    await expect(page.locator("[data-hit]")).not.toBeInViewport();
  }
  await choose(page, "as I said", "Go to the quoted message");
  await expect(page.getByRole("article").first()).toContainText("the very first");
  await expect(parts.message(page, "the very first")).toBeFocused();
  await expect(parts.message(page, "as I said")).toHaveCount(0);
  const toNewest = page.getByRole("button", { name: "To the newest message" });
  await toNewest.click();
  await expect(parts.message(page, "as I said")).toBeInViewport();

  for (const seq of [20, 20, 60, 90]) {
    await page.goto(`/#with=${bob.name}&at=${seq}`);
    await expect(page.locator("[data-hit]")).toContainText(`message ${seq - 1}`);
    await expect(page.locator("[data-hit]")).toBeFocused();
    await expect(page.locator("[data-hit]")).toBeInViewport();
    await toNewest.click();
    await expect(parts.message(page, "as I said")).toBeInViewport();
  }
  for (const seq of [20, 149]) {
    await page.goto(`/#with=${bob.name}&at=${seq}`); // from far away to where the end is in view
    await expect(page.locator("[data-hit]")).toContainText(`message ${seq - 1}`);
    await expect(page.locator("[data-hit]")).toBeFocused();
  }
  await expect(toNewest).toBeHidden();
  await expect(page.locator("[data-hit]")).toBeFocused();
});

test("whoever reads on while the newest cannot be had is not drawn to them later", async ({ person, visit, watch }) => {
  watch.allow(/status of 503 .*\/api\/v1\/message\//);
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 120; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}` });
  }
  const page = await visit({ as: alice, path: "/" });
  const newer = (url: URL): boolean => url.pathname.endsWith("/message/") && !url.search.includes("before");
  await page.route(newer, (route) => route.fulfill({ status: 503 }));
  await page.goto(`/#with=${bob.name}&at=30`);
  await expect(page.locator("[data-hit]")).toBeFocused();
  const refused = page.waitForResponse((response) => response.url().endsWith(`?target=${bob.name}`));
  await page.getByRole("button", { name: /Go to the newest/ }).click();
  await refused;
  const failed = page.getByRole("alert").filter({ hasText: "Try again" });
  await expect(failed).toBeVisible();
  await page.getByRole("feed").hover();
  await page.mouse.wheel(0, -1_000);
  await expect(failed).toHaveCount(0);
  await page.unroute(newer);
  for (const end of [55, 105]) {
    await page.mouse.wheel(0, 10_000); // to the end of what is loaded, behind which more is loaded, and that alone
    await expect(parts.message(page, `message ${end + 1}`)).toHaveCount(1);
    await expect(parts.message(page, `message ${end}`)).toBeInViewport();
  }
  await expect(parts.message(page, "message 120")).not.toBeInViewport();
});

test("whoever reads on while the newest are on their way does not wait for them any more", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 120; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}` });
  }
  const page = await visit({ as: alice, path: `/#with=${bob.name}&at=30` });
  await expect(page.locator("[data-hit]")).toBeFocused();
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  const newest = (url: URL): boolean => url.href.endsWith(`?target=${bob.name}`);
  const behind: string[] = [];
  page.on("request", (request) => request.url().includes("after=105") && behind.push(request.url()));
  await page.route(newest, async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest((request) => newest(new URL(request.url())));
  await page.getByRole("button", { name: /Go to the newest/ }).click();
  await asked;
  await expect(parts.message(page, "message 105")).toBeInViewport(); // the end of what is loaded meanwhile
  await page.getByRole("feed").hover();
  await page.mouse.wheel(0, -10_000);
  await expect(page.getByRole("article").first()).toBeInViewport();
  await expect(page.getByRole("article").first()).toContainText(/message 1$/);
  const answered = page.waitForResponse((response) => newest(new URL(response.url())));
  answer();
  await (await answered).finished();
  await bob.client.messages.send({ recipient: alice.name, body: "meanwhile" });
  expect(behind, "what the newest are about to take the place of").toEqual([]);
  await expect(parts.conversation(page, bob.name)).toContainText("meanwhile");
  await expect(page.getByRole("article").first()).toContainText(/message 1$/);
  await expect(page.getByRole("article").first()).toBeInViewport();
});

test("a place that cannot be had says so, and who has gone elsewhere is not taken there later", async ({
  person,
  visit,
  watch,
}) => {
  watch.allow(/status of 503 .*\/api\/v1\/message\//);
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 250; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}` });
  }
  await alice.client.conversations.markRead(bob.name, 250);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "message 250")).toBeInViewport();
  const place = (url: URL): boolean => url.pathname.endsWith("/message/") && url.search.includes("before=47");
  await page.route(place, (route) => route.fulfill({ status: 503, headers: { "Retry-After": "1" } }));
  await page.goto(`/#with=${bob.name}&at=20`);
  await expect(page.getByRole("alert")).toContainText("The message could not be loaded.");
  await page.unroute(place);
  await expect(page.locator("[data-hit]")).toBeInViewport(); // by itself
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "To the newest message" }).click();
  await expect(parts.message(page, "message 250")).toBeInViewport();

  await page.route(place, () => undefined); // no answer comes
  await page.goto(`/#with=${bob.name}&at=230`);
  await expect(page.locator("[data-hit]")).toBeInViewport();
  await page.getByRole("feed").hover();
  await page.mouse.wheel(0, -1_000);
  await expect(page.locator("[data-hit]")).not.toBeInViewport();
  const elsewhere = page.waitForRequest((request) => place(new URL(request.url())));
  await page.goto(`/#with=${bob.name}&at=20`);
  await elsewhere;
  await page.goto(`/#with=${bob.name}&at=230`);
  await expect(page.locator("[data-hit]")).toBeInViewport(); // once more
  await expect(page.locator("[data-hit]")).toBeFocused();
  await page.unroute(place);
  await page.getByRole("button", { name: "To the newest message" }).click();
  await expect(parts.message(page, "message 250")).toBeInViewport();

  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  const asked = page.waitForRequest((request) => place(new URL(request.url())));
  await page.route(place, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`/#with=${bob.name}&at=20`);
  await asked;
  const answered = page.waitForResponse((response) => place(new URL(response.url())));
  await write(page, bob.name, "meanwhile");
  answer();
  await answered;
  await expect(parts.tick(page, "meanwhile", "Sent")).toBeInViewport();
  await bob.client.messages.send({ recipient: alice.name, body: "and on" });
  await expect(parts.message(page, "and on")).toBeInViewport();
});

test("what was not on the page is not read, though a place behind it was looked at", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 120; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}` });
  }
  const page = await visit({ as: alice, path: `/#with=${bob.name}&at=70` });
  await expect(page.locator("[data-hit]")).toBeFocused();
  const [told] = await Promise.all([
    bob.client.messages.send({ recipient: alice.name, body: "one more" }),
    expect(page).toHaveTitle(/121/), // by then it would have been told what was read
  ]);
  expect((await alice.client.conversations.find(bob.name)).unread).toBe(told.seq);
  await page.getByRole("button", { name: /Go to the newest/ }).click();
  await expect(parts.message(page, "one more")).toBeInViewport();
  await expect.poll(async () => (await alice.client.conversations.find(bob.name)).unread).toBe(0);
});

test("whoever has scrolled back a little is told of what comes below", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await converse(bob, alice, 100);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(page.getByRole("article").last()).toBeInViewport();
  await page.getByRole("feed").hover();
  await page.mouse.wheel(0, -150);
  await expect(page.getByRole("article").last()).not.toBeInViewport();
  await expect(page.getByRole("button", { name: /the newest/ })).toBeHidden(); // it is almost in view
  await page.evaluate(async () => {
    for (let start = performance.now(); performance.now() < start + 300;) {
      await new Promise(requestAnimationFrame); // until the list takes the scrolling to be over
    }
  });
  for (let i = 1; i <= 30; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `new ${i}.` });
  }
  await expect(page.getByRole("button", { name: "30 new messages. Go to the newest" })).toBeVisible();
});

test("what is new is shown from where it begins", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 80; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message number ${i}.` });
  }
  await alice.client.conversations.markRead(bob.name, 20);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(page.getByText("New messages", { exact: true })).toBeInViewport();
  await expect(parts.message(page, "message number 21.")).toBeInViewport();
  await page.keyboard.press("Shift+Tab"); // from where one writes to the button to the newest, and the emoji
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(page.locator("article:focus")).toBeInViewport();
  await page.getByRole("button", { name: /Go to the newest/ }).click();
  await expect(parts.message(page, "message number 80.")).toBeInViewport();
  await expect(parts.message(page, "message number 80."), "the button is gone").toBeFocused();
  await expect.poll(async () => (await alice.client.conversations.list()).items[0]?.unread).toBe(0);
});

test("what is new is shown from where it begins, also far behind what was read", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 40; i++) {
    await alice.client.messages.send({ recipient: bob.name, body: `unread ${i}.` });
  }
  for (let i = 1; i <= 60; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `new ${i}.` });
  }
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(page.getByText("New messages", { exact: true })).toBeInViewport();
  await expect(parts.message(page, "new 1.")).toBeInViewport();
});

test("read is what was on the page, and nothing below it", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (let i = 1; i <= 14; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `new ${i}. ${"and some words more ".repeat(30)}` });
  }
  const page = await visit({ as: alice, viewport: { width: 360, height: 740 }, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "new 1.")).toBeInViewport();
  const unread = async (): Promise<number> => (await alice.client.conversations.find(bob.name)).unread;
  await expect.poll(unread).toBeLessThan(14);
  for (let i = 0; i < 3; i++) {
    await parts.messages(page).evaluate((feed) => {
      feed.scrollTop += 1_000;
    });
    await expect.poll(async () => (await lastInView(page)) + (await unread())).toBe(14);
  }
});

test("nothing is read on a page in the background or without focus, until somebody looks at it", async ({
  person,
  visit,
}) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const say = async (body: string): Promise<number> =>
    (await alice.client.messages.send({ recipient: bob.name, body })).seq;
  const read = async (): Promise<number> => (await bob.client.conversations.find(alice.name)).read_upto;
  let seen = await say("hello");
  const here = await visit({ as: alice, path: `/#with=${bob.name}` });
  const there = await visit({ as: bob, path: `/#with=${alice.name}` });
  await expect(parts.tick(here, "hello", "Read")).toBeVisible();
  for (const away of ["background", "unfocused"]) {
    await there.evaluate((away) => {
      // Playwright has every page be looked at.
      const [name, value] = away === "background" ? ["visibilityState", "hidden"] : ["hasFocus", () => false];
      Object.defineProperty(document, name, { value, configurable: true });
    }, away);
    await say(`${away}, one`);
    await expect(parts.message(there, `${away}, one`)).toBeInViewport();
    const last = await say(`${away}, two`); // once this one has come, a mark of the first would have, too
    await expect(parts.tick(here, `${away}, two`, "Delivered")).toBeVisible();
    await expect(parts.message(there, `${away}, two`)).toBeInViewport();
    expect(await read(), away).toBe(seen);
    await there.evaluate((away) => {
      const [name, target, event] =
        away === "background"
          ? (["visibilityState", document, "visibilitychange"] as const)
          : (["hasFocus", window, "focus"] as const);
      Reflect.deleteProperty(document, name);
      target.dispatchEvent(new Event(event));
    }, away);
    await expect(parts.tick(here, `${away}, two`, "Read")).toBeVisible();
    seen = last;
  }
});

test("a message that failed, or was written in another tab, draws nobody away from where they read", async ({
  person,
  visit,
  watch,
}) => {
  watch.allow(/status of 403 .*\/api\/v1\/message\/$/);
  const [alice, bob] = [await person("alice"), await person("bob")];
  await converse(bob, alice, 100);
  await bob.client.people.block(alice.name);
  const page = await visit({ as: alice, viewport: { width: 360, height: 740 }, path: `/#with=${bob.name}` });
  await write(page, bob.name, "not now");
  await expect(parts.tick(page, "not now", "Not sent")).toBeInViewport();
  await bob.client.people.unblock(alice.name);
  await page.goto("/#");
  for (let i = 1; i <= 30; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `new ${i}.` });
  }
  await page.goto(`/#with=${bob.name}`);
  await expect(parts.message(page, "new 1.")).toBeInViewport();
  await page.goto(`/#with=${bob.name}&at=20`);
  await expect(page.locator("[data-hit]")).toBeFocused();
  await expect(page.locator("[data-hit]")).toBeInViewport();
  const other = await page.context().newPage();
  await other.goto(`/#with=${bob.name}`);
  await write(other, bob.name, "from another tab");
  await expect(parts.tick(other, "from another tab", "Sent")).toBeVisible();
  await page.getByRole("textbox").fill("seen here, too"); // behind the other tab's word, in this page's own turn
  await expect(page.locator("[data-hit]")).toBeInViewport();
  await page.keyboard.press("Enter"); // whoever writes wants to see it
  await expect(parts.message(page, "seen here, too")).toBeInViewport();
  await page.goto(`/#with=${bob.name}&at=115`);
  await expect(page.locator("[data-hit]")).toBeFocused();
  await expect(parts.message(page, "seen here, too")).not.toBeInViewport();
  await write(page, bob.name, "from near the end");
  await expect(parts.message(page, "from near the end")).toBeInViewport();
});

test("who is there, and who writes, is seen as it is", async ({ person, visit }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await alice.client.messages.send({ recipient: bob.name, body: "hello" });
  const here = await visit({ as: alice, path: `/#with=${bob.name}` });
  const status = here.locator(".conversation-status");
  await expect(parts.message(here, "hello")).toBeVisible();
  await expect(status).not.toHaveText("Online");
  const there = await visit({ as: bob, path: `/#with=${alice.name}` });
  await expect(status).toHaveText("Online");
  await parts.composer(there, alice.name).pressSequentially("hel");
  await expect(status).toHaveText("is writing…");
  await expect(parts.conversation(here, bob.name)).toContainText("writing…");
  await there.keyboard.press("Enter");
  await expect(status).toHaveText("Online");
  await there.context().close();
  await expect(status).toHaveText(/^Last seen /);
});

test("words are found in all conversations or one, and a hit leads to its place", async ({ person, visit }) => {
  const [alice, bob, carol] = [await person("alice"), await person("bob"), await person("carol")];
  await bob.client.messages.send({ recipient: alice.name, body: "the <b>lighthouse</b> at noon" });
  for (let i = 1; i <= 120; i++) {
    await bob.client.messages.send({ recipient: alice.name, body: `message ${i}.` });
  }
  await carol.client.messages.send({ recipient: alice.name, body: "which lighthouse?" });
  await alice.client.conversations.markRead(bob.name, 121);
  const page = await visit({ as: alice, path: `/#with=${bob.name}` });
  await expect(parts.message(page, "message 120.")).toBeInViewport();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("lighthouse");
  const hits = page.getByRole("search").getByRole("list").getByRole("link");
  await expect(hits).toHaveCount(2);
  await expect(hits.first().locator("mark")).toHaveText("lighthouse");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const found = parts.message(page, "the <b>lighthouse</b> at noon");
  await expect(found).toBeInViewport();
  await expect(found).toBeFocused();
  await page.getByRole("feed").hover();
  await page.mouse.wheel(0, 4_000);
  await expect(found).not.toBeInViewport();
  await hits.nth(1).click();
  await expect(found).toBeInViewport();
  await page.getByRole("button", { name: "To the newest message" }).click();
  await expect(parts.message(page, "message 120.")).toBeInViewport();
  await page.getByRole("link", { name: "Search in this conversation" }).click(); // for the same
  await expect(page.getByRole("searchbox")).toHaveValue("lighthouse");
  await expect(hits).toHaveCount(1);
  await page.getByRole("link", { name: "Search everywhere" }).click();
  await expect(hits).toHaveCount(2);
  await page.getByRole("searchbox").fill("nowhere-to-be-found");
  await expect(page.getByRole("heading", { name: "No message has “nowhere-to-be-found” in it." })).toBeVisible();
});

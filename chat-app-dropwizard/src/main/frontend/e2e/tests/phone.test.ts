import { parts, write } from "../support/page.js";
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

import { readFile } from "node:fs/promises";
import { expect, test } from "../support/test.js";

const REFUSED = /status of (400|401|404|409)/;

test("somebody new opens an account, and is told what is wrong with what they choose", async ({
  visit,
  person,
  watch,
}) => {
  const taken = await person("taken");
  const page = await visit();
  watch.allow(REFUSED);
  await page.getByRole("link", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Create account" })).toBeFocused();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Username")).toBeFocused();
  await expect(page.getByLabel("Username")).toHaveAccessibleDescription("Please fill this in.");
  await page.getByLabel("Username").fill(taken.name);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/at least 8 characters/);
  await page.keyboard.type(" but longer now");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Username")).toHaveAccessibleDescription(/This name is taken/);
  const aloud = page.locator("[aria-live=assertive]").filter({ hasText: /./ });
  await expect(aloud).toHaveCount(0); // it is heard by the focus
  await page.keyboard.press("Enter");
  await expect(aloud).toHaveText("This name is taken.");
  await page.getByLabel("Username").fill(`${taken.name}-2`);
  await page.keyboard.press("Enter");
  await expect(page.getByText("No conversations yet")).toBeVisible();
  await page.reload();
  await expect(page.getByText("No conversations yet")).toBeVisible();
});

test("a forgotten password is replaced by a mailed link, whose token stays in no address", async ({
  own,
  person,
  visit,
  watch,
}) => {
  const alice = await person("alice", { at: own.url, exact: true });
  await alice.client.accounts.setEmail("alice@example.org");
  const elsewhere = await visit({ at: own.url, as: alice });
  const page = await visit({ at: own.url });
  watch.allow(REFUSED);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("Username or email").fill("alice@example.org");
  await page.getByRole("button", { name: "Send the link" }).click();
  const isSent = page.getByText(/a link is on its way. It works once/);
  await expect(isSent).toBeVisible();
  watch.allow(/ERR_FAILED .*\/password-reset\//);
  await page.route("**/password-reset/", (route) => route.abort());
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("alert")).toHaveText(/No answer/);
  await expect(isSent).toHaveCount(0);
  const link = /#password-reset=[\w.~-]+/;
  await expect.poll(() => own.output).toMatch(link);
  await page.goto(`/${link.exec(own.output)?.[0] ?? ""}`);
  await expect(page).toHaveURL(/#password-reset$/);
  await page.getByLabel("New password", { exact: true }).fill("quite another one");
  await page.getByRole("button", { name: "Save password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await expect(elsewhere.getByText("Your session has ended.")).toBeVisible();
  await page.getByLabel("Username").fill("alice");
  await page.getByLabel("Password", { exact: true }).fill("wrong on purpose");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveText("This is not the right username and password.");
  await page.getByLabel("Password", { exact: true }).fill("quite another one");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No conversations yet")).toBeVisible();
  await page.goto(`/${link.exec(own.output)?.[0] ?? ""}`);
  await page.getByLabel("New password", { exact: true }).fill("and yet another one");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveText(/too old, or was used already/);
});

test("a session is ended from another device, which is told why", async ({ person, visit }) => {
  const alice = await person("alice");
  const here = await visit({ as: alice });
  const there = await visit({ as: alice, path: "/#settings=devices" });
  await there.getByRole("button", { name: "Sign out all other devices" }).click();
  await expect(here.getByText("Your session has ended.")).toBeVisible();
  await expect(here.getByLabel("Username")).toHaveValue(alice.name);
  await expect(there.getByText("You are signed in nowhere else.")).toBeVisible();
});

test("an account is looked after, taken along and erased", async ({ person, visit, watch }) => {
  const alice = await person("alice");
  const page = await visit({ as: alice, path: "/#settings=account" });
  await page.getByLabel("Email").fill("no address");
  await page.getByLabel("Email").fill("alice@example.org");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved")).toBeVisible();
  expect(await alice.client.accounts.me()).toMatchObject({ email: "alice@example.org" });

  watch.allow(REFUSED);
  await page.getByLabel("Current password").fill("wrong");
  await page.getByLabel("New password", { exact: true }).fill("quite another one");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAccessibleDescription("This is not your password.");
  await page.getByLabel("Current password").fill(alice.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  expect(await readFile(await (await download).path(), "utf8")).toContain(`"username":"${alice.name}"`);

  await page.getByRole("button", { name: "Delete my account" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Current password").fill("quite another one");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your account is erased")).toBeVisible();
});

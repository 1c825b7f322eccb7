import type { Page } from "@playwright/test";
import { chatter } from "../support/chatter.js";
import { parts } from "../support/page.js";
import { expect, expectLook, test, THEMES } from "../support/test.js";

const SIZES = {
  desk: { width: 1280, height: 800 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 360, height: 740 },
};

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`looks, ${size}`, async ({ own, person, visit }) => {
    const expectLooks = async (page: Page, screen: string): Promise<void> => {
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        await expectLook(page, `${screen}-${colorScheme}-${size}`);
      }
    };
    const outside = await visit({ at: own.url, viewport });
    await expect(outside.getByLabel("Username")).toBeVisible();
    await expectLooks(outside, "sign-in");
    const { dana } = await chatter(own, person);
    const page = await visit({ at: own.url, as: dana, viewport });
    await expect(parts.conversation(page, "maya")).toBeVisible();
    await expectLooks(page, "list");
    await page.goto("/#with=maya");
    await expect(parts.message(page, "See you at the bridge then")).toBeVisible();
    await page.getByRole("heading", { name: "maya" }).focus();
    await expectLooks(page, "conversation");
    await page.goto("/#people&with=maya");
    await expect(page.getByRole("link", { name: "jonas" })).toBeVisible();
    await expectLooks(page, "people");
    await page.goto("/#search=the&with=maya");
    await expect(page.getByRole("link", { name: "railway" })).toBeVisible();
    await expectLooks(page, "search");
    await page.goto("/#settings=preferences");
    await expect(page.getByRole("switch")).toBeVisible();
    await expectLooks(page, "preferences");
  });
}

test("looks, in Arabic", async ({ own, person, visit }) => {
  const { dana } = await chatter(own, person);
  const page = await visit({ at: own.url, as: dana, locale: "ar-EG", path: "/#with=maya" });
  await expect(page.getByRole("article").last()).toBeVisible();
  await page.getByRole("heading", { name: "maya" }).focus();
  await expectLook(page, "conversation-arabic");
});

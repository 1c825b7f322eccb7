import { chatter } from "../support/chatter.js";
import { parts } from "../support/page.js";
import { expect, expectLook, test } from "../support/test.js";

const SIZES = {
  desk: { width: 1280, height: 800 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 360, height: 740 },
};

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`looks, ${colorScheme}, ${size}`, async ({ own, person, visit }) => {
      const name = (screen: string): string => `${screen}-${colorScheme}-${size}`;
      const outside = await visit({ at: own.url, colorScheme, viewport });
      await expect(outside.getByLabel("Username")).toBeVisible();
      await expectLook(outside, name("sign-in"));
      const { dana } = await chatter(own, person);
      const page = await visit({ at: own.url, as: dana, colorScheme, viewport });
      await expect(parts.conversation(page, "maya")).toBeVisible();
      await expectLook(page, name("list"));
      await page.goto("/#with=maya");
      await expect(parts.message(page, "See you at the bridge then")).toBeVisible();
      await page.getByRole("heading", { name: "maya" }).focus();
      await expectLook(page, name("conversation"));
      await page.goto("/#people&with=maya");
      await expect(page.getByRole("link", { name: "jonas" })).toBeVisible();
      await expectLook(page, name("people"));
      await page.goto("/#search=the&with=maya");
      await expect(page.getByRole("link", { name: "railway" })).toBeVisible();
      await expectLook(page, name("search"));
      await page.goto("/#settings=preferences");
      await expect(page.getByRole("switch")).toBeVisible();
      await expectLook(page, name("preferences"));
    });
  }
}

test("looks, in Arabic", async ({ own, person, visit }) => {
  const { dana } = await chatter(own, person);
  const page = await visit({ at: own.url, as: dana, locale: "ar-EG", path: "/#with=maya" });
  await expect(page.getByRole("article").last()).toBeVisible();
  await page.getByRole("heading", { name: "maya" }).focus();
  await expectLook(page, "conversation-arabic");
});

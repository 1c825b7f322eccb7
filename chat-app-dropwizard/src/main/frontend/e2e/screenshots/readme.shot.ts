import { fileURLToPath } from "node:url";
import { chatter } from "../support/chatter.js";
import { parts } from "../support/page.js";
import { expect, test } from "../support/test.js";

const IMAGES = fileURLToPath(new URL("../../../../../../docs/images/", import.meta.url));

const PICTURES = [
  { name: "light", colorScheme: "light", viewport: { width: 1200, height: 750 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1200, height: 750 } },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, colorScheme, viewport } of PICTURES) {
  test(`the page, ${name}`, async ({ own, person, visit }) => {
    const { dana } = await chatter(own, person);
    const path = "/#with=maya";
    const page = await visit({ as: dana, at: own.url, path, colorScheme, viewport, reducedMotion: "reduce" });
    await expect(parts.message(page, "See you at the bridge then")).toBeVisible();
    await page.mouse.click(viewport.width - 5, 5); // the focus shows nowhere
    await page.evaluate(async () => {
      await document.fonts.ready;
    });
    await page.screenshot({ path: `${IMAGES}${name}.png`, animations: "disabled", caret: "hide" });
  });
}

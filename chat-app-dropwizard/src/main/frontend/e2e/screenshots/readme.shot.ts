import { fileURLToPath } from "node:url";
import { expect, test } from "../support/test.js";

const IMAGES = fileURLToPath(new URL("../../../../../../docs/images/", import.meta.url));

const PICTURES = [
  { name: "light", colorScheme: "light", viewport: { width: 1200, height: 750 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1200, height: 750 } },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, colorScheme, viewport } of PICTURES) {
  test(`the page, ${name}`, async ({ own, person, visit }) => {
    const alice = await person("alice", { at: own.url, exact: true });
    const page = await visit({ as: alice, at: own.url, colorScheme, viewport, reducedMotion: "reduce" });
    await expect(page.locator("#root")).not.toBeEmpty();
    await page.evaluate(async () => {
      await document.fonts.ready;
    });
    await page.screenshot({ path: `${IMAGES}${name}.png`, animations: "disabled", caret: "hide" });
  });
}

import { expect, type Locator, type Page, test } from "@playwright/test";
import { isPackaged } from "./browser.js";

/** What a system may prefer. */
export const THEMES = ["light", "dark"] as const;

/**
 * Compares how a page looks with `looks/NAME.png`, which is made by `npm run test:e2e -- --update-snapshots` and looked at
 * before it is committed. Times are covered, as is what else changes from run to run.
 *
 * Pictures are those of the browser out of npm and its fonts. Another browser draws otherwise: with one, a picture is
 * attached to the report, and compared with nothing.
 */
export async function expectLook(page: Page, name: string, { mask = [] }: { mask?: Locator[] } = {}): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Not every time is as wide as the others.
    document.querySelectorAll("time").forEach((time) => (time.textContent = "12:34"));
  });
  const covered = [page.locator("time"), ...mask];
  if (isPackaged) {
    await expect(page).toHaveScreenshot(`${name}.png`, {
      animations: "disabled",
      caret: "hide",
      scale: "css",
      mask: covered,
      // A letter is more than that; what processors round otherwise is not.
      maxDiffPixels: 20,
    });
  } else {
    const body = await page.screenshot({ animations: "disabled", caret: "hide", scale: "css", mask: covered });
    await test.info().attach(name, { body, contentType: "image/png" });
  }
}

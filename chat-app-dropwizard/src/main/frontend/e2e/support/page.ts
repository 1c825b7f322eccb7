import type { Locator, Page } from "@playwright/test";

/** The page as whoever uses it finds their way around it. */
export const parts = {
  conversation: (page: Page, user: string): Locator => page.getByRole("navigation").getByRole("link", { name: user }),
  /** Where a message to somebody is written. */
  composer: (page: Page, user: string): Locator => page.getByRole("textbox", { name: `Write to ${user}` }),
  message: (page: Page, text: string): Locator => page.getByRole("article").filter({ hasText: text }),
  messages: (page: Page): Locator => page.getByRole("feed"),
  /** How far a message has come. */
  tick: (page: Page, text: string, tick: string): Locator =>
    page.getByRole("article").filter({ hasText: text }).getByRole("img", { name: tick, exact: true }),
};

export async function write(page: Page, user: string, text: string): Promise<void> {
  await parts.composer(page, user).fill(text);
  await page.keyboard.press("Enter");
}

/** Chooses what can be done with a message. */
export async function choose(page: Page, text: string, action: string): Promise<void> {
  await parts.message(page, text).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: action }).click();
}

import { expect, type Page } from "@playwright/test";
import { parts } from "./page.js";
import type { Person } from "./test.js";

/** Sent by one user at once. */
const AT_ONCE = 100;
const BEGINNING = "This is where your conversation";

/** A conversation of messages of all lengths, which its reader has read. */
export async function converse(writer: Person, reader: Person, messages: number): Promise<void> {
  for (let i = 0; i < messages; i += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, k) =>
        writer.client.messages.send({ recipient: reader.name, body: `message ${i + k} ${"word ".repeat(k % 40)}` }),
      ),
    );
  }
  await reader.client.conversations.markRead(writer.name, messages);
}

export async function scrollTop(page: Page, to: number): Promise<void> {
  await parts.messages(page).evaluate((feed, top) => {
    feed.scrollTop = top;
  }, to);
}

/** Scrolls up until so many pixels can be scrolled through, or everything. */
export async function loadOlder(page: Page, pixels = Number.POSITIVE_INFINITY): Promise<void> {
  const height = (): Promise<number> =>
    parts
      .messages(page)
      .evaluate((feed, beginning) => (feed.textContent.includes(beginning) ? -1 : feed.scrollHeight), BEGINNING);
  for (let before = await height(); before >= 0 && before < pixels; before = await height()) {
    await scrollTop(page, 0);
    await expect.poll(height, { intervals: [5, 10, 20] }).not.toBe(before);
  }
}

/** The place among all messages of the last one that can be seen. */
export async function lastInView(page: Page): Promise<number> {
  return parts.messages(page).evaluate((feed) => {
    const end = feed.getBoundingClientRect().bottom - 8;
    const rows = [...feed.querySelectorAll("article")].filter((row) => row.getBoundingClientRect().top < end);
    return Number(rows.at(-1)?.getAttribute("aria-posinset"));
  });
}

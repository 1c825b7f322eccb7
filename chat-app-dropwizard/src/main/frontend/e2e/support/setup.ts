import { chromium } from "@playwright/test";
import { launchOptions, unpack } from "./browser.js";

/** Says at once, and once, that there is no browser, rather than in every test. */
export default async function setup(): Promise<void> {
  unpack();
  const browser = await chromium.launch(launchOptions());
  await browser.close();
}

import type { PlaywrightTestConfig } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { launchOptions } from "./browser.js";

/** Where the build puts what it makes. */
export const TARGET = fileURLToPath(new URL("../../../../../target/", import.meta.url));

export function output(name: string): string {
  return `${TARGET}e2e/${name}`;
}

/** What goes for tests and screenshots alike. */
export const everywhere: PlaywrightTestConfig = {
  globalSetup: "./support/setup.ts",
  // Each worker has a browser and a service; while one waits, the other works. Neither is left alone with a long file.
  workers: Number(process.env["CHAT_TEST_WORKERS"] ?? 2),
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  // A page whose service was away waits up to 15 s before it tries again, and may then meet one that has only begun.
  expect: { timeout: 40_000 },
  use: {
    browserName: "chromium",
    headless: true,
    launchOptions: launchOptions(),
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    locale: "en-GB",
    timezoneId: "UTC",
    // Without a film of everything, which costs more than what is filmed.
    trace: { mode: "retain-on-failure", screenshots: false },
    screenshot: "only-on-failure",
  },
};

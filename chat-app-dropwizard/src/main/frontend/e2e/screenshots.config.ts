import { defineConfig } from "@playwright/test";
import { everywhere, output } from "./support/settings.js";

/** Makes the README's pictures, in docs/images, from the real page. */
export default defineConfig({
  ...everywhere,
  testDir: "screenshots",
  testMatch: "**/*.shot.ts",
  outputDir: output("screenshots"),
  reporter: "list",
});

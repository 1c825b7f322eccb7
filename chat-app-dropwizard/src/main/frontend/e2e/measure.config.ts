import { defineConfig } from "@playwright/test";
import { everywhere, output } from "./support/settings.js";

/** Measures what depends on the machine, and prints it: of such things a test cannot be sure. */
export default defineConfig({
  ...everywhere,
  testDir: "measures",
  testMatch: "**/*.measure.ts",
  outputDir: output("measures"),
  reporter: "list",
  workers: 1,
});

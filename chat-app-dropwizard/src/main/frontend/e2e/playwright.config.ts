import { defineConfig } from "@playwright/test";
import { everywhere, output } from "./support/settings.js";

export default defineConfig({
  ...everywhere,
  testDir: "tests",
  testMatch: "**/*.test.ts",
  outputDir: output("results"),
  reporter: [["list"], ["html", { outputFolder: output("report"), open: "never" }]],
  // Which browser and which fonts it was is settled by package.json; see support/looks.ts.
  snapshotPathTemplate: "looks/{arg}{ext}",
});

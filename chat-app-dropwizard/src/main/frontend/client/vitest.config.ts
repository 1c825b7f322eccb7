import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// What the README shows imports the package by its name.
const alias = [
  { find: /^@message-center\/client\/model$/, replacement: source("./src/model/index.ts") },
  { find: /^@message-center\/client$/, replacement: source("./src/index.ts") },
];

export default defineConfig({
  test: {
    projects: [
      { resolve: { alias }, test: { name: "unit", include: ["test/**/*.test.ts"] } },
      {
        resolve: { alias },
        test: {
          name: "service",
          include: ["service-test/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

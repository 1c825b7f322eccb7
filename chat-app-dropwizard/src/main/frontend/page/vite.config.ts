import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where the service is that the page talks to while it is developed. */
const SERVICE = process.env["CHAT_SERVICE"] ?? "http://127.0.0.1:8080";

/** What the service allows the page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export default defineConfig({
  plugins: [react(), fontFirst()],
  resolve: {
    alias: [
      { find: /^@message-center\/client\/model$/, replacement: file("../client/src/model/index.ts") },
      { find: /^@message-center\/client$/, replacement: file("../client/src/index.ts") },
    ],
  },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // The page's security policy allows files of its own, and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: { proxy: proxy() },
  preview: { proxy: proxy(), headers: { "Content-Security-Policy": POLICY } },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.{ts,tsx}"],
    setupFiles: ["test/support/setup.ts"],
    testTimeout: 60_000, // a machine may be busy
    restoreMocks: true,
    clearMocks: true,
  },
});

function proxy(): Record<string, object> {
  return {
    "/api": { target: SERVICE, changeOrigin: true, headers: { Origin: SERVICE } },
    "/ws": { target: SERVICE, ws: true, changeOrigin: true, headers: { Origin: SERVICE } },
  };
}

/** Has the browser load the font with the page, so that it is there for the first text. */
function fontFirst(): Plugin {
  return {
    name: "font-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((name) => name.includes("figtree-latin-wght"))
          .map((name) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: "", href: `/${name}` },
            injectTo: "head",
          })),
    },
  };
}

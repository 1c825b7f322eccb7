import react from "@vitejs/plugin-react";
import { relative } from "node:path";
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

/** Tests of what is there once in a page and never ends, as a session and its tabs; the others share a page. */
const ALONE = ["language", "refused", "reset", "session"].map((name) => `test/${name}.test.{ts,tsx}`);

export default defineConfig({
  plugins: [react(), fontFirst(), chunks()],
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
    // What a chunk needs is fetched before it is imported; see src/parts/chunk.ts.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, files, { hostType }) => (hostType === "html" ? files : []),
    },
    manifest: true,
    // A part that comes later is a script alone: its styles are here, and cannot fail apart from it.
    cssCodeSplit: false,
  },
  server: { proxy: proxy() },
  preview: { proxy: proxy(), headers: { "Content-Security-Policy": POLICY } },
  test: {
    environment: "jsdom",
    maxWorkers: "100%", // they wait for more than they compute
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      {
        extends: true,
        test: { name: "together", include: ["test/**/*.test.{ts,tsx}"], exclude: ALONE, isolate: false },
      },
    ],
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

/** Tells the page which files each of its chunks needs that come later. */
function chunks(): Plugin {
  return {
    name: "chunks",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {}, chunk: entry }) => {
        const withImports = (name: string, found = new Set<string>()): Set<string> => {
          const chunk = bundle[name];
          if (chunk?.type === "chunk" && !found.has(name)) {
            found.add(name);
            chunk.imports.forEach((other) => withImports(other, found));
          }
          return found;
        };
        const first = withImports(entry?.fileName ?? "");
        const needs: Record<string, readonly string[]> = {};
        for (const chunk of Object.values(bundle)) {
          if (chunk.type === "chunk" && chunk.isDynamicEntry && chunk.facadeModuleId !== null) {
            const name = relative(file("src"), chunk.facadeModuleId).replace(/\.tsx?$/, "");
            needs[name.replaceAll("\\", "/")] = [...withImports(chunk.fileName)].filter((name) => !first.has(name));
          }
        }
        return [{ tag: "meta", attrs: { name: "chunks", content: JSON.stringify(needs) }, injectTo: "head" }];
      },
    },
  };
}

import { defineConfig } from "vite";

// What is inline would not pass the page's security policy; the page is found from every address it makes up.
export default defineConfig({
  base: "/",
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});

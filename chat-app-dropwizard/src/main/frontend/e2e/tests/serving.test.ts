import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, expectAccessible, test } from "../support/test.js";

const PROVOKED = /Content Security Policy/;

test.describe("the page as the service serves it", () => {
  test("loads, and has nothing to complain about", async ({ visit }) => {
    const page = await visit();
    await expect(page).toHaveTitle(/Message Center/);
    await expect(page.locator("#root")).not.toBeEmpty();
    await expect(page.getByRole("heading").first()).toBeVisible();
  });

  test("is there at an address that it may have made up, and at none of others", async ({ visit, watch }) => {
    const page = await visit({ path: "/c/alice" });
    await expect(page.locator("#root")).not.toBeEmpty();
    expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0);
    watch.allow(/status of 404/);
    for (const path of ["/assets/nothing.js", "/api/v2", "/favicon.ico"]) {
      expect((await page.request.get(path)).status(), path).toBe(404);
    }
  });

  test("runs and shows nothing that was put into it", async ({ visit, watch }) => {
    const page = await visit();
    watch.allow(PROVOKED);
    const ran = await page.evaluate(async () => {
      const signs = globalThis as unknown as Record<string, boolean | undefined>;
      const script = document.createElement("script");
      script.textContent = "globalThis.inlineRan = true";
      document.body.append(script);
      const image = document.createElement("div");
      image.innerHTML = `<img src="data:," onerror="globalThis.handlerRan = true">`;
      const failed = new Promise((resolve) => image.firstElementChild?.addEventListener("error", resolve));
      document.body.append(image);
      await failed;
      const link = document.createElement("a");
      link.href = "javascript:globalThis.linkRan = true";
      document.body.append(link);
      link.click();
      try {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- is what must not work
        setTimeout("globalThis.timerRan = true");
      } catch {
        // refused at once, which is as good
      }
      const style = document.createElement("style");
      style.textContent = "body { --inline-style: applied }";
      document.head.append(style);
      await new Promise((resolve) => setTimeout(resolve));
      return {
        script: signs["inlineRan"],
        handler: signs["handlerRan"],
        link: signs["linkRan"],
        timer: signs["timerRan"],
        style: getComputedStyle(document.body).getPropertyValue("--inline-style"),
      };
    });
    expect(ran).toEqual({ script: undefined, handler: undefined, link: undefined, timer: undefined, style: "" });
    expect(watch.found).toEqual([]);
  });

  test("talks to its own origin alone", async ({ visit, watch }) => {
    const reached: string[] = [];
    const elsewhere = createServer((request, response) => {
      reached.push(request.url ?? "");
      response.setHeader("Access-Control-Allow-Origin", "*").end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    try {
      const page = await visit();
      watch.allow(PROVOKED, /request to elsewhere/);
      const outcomes = await page.evaluate(async (to) => {
        const image = new Image();
        const shown = new Promise((resolve) => {
          image.onload = () => resolve("shown");
          image.onerror = () => resolve("refused");
        });
        image.src = `${to}/image`;
        const fetched = fetch(`${to}/fetch`).then(
          () => "fetched",
          () => "refused",
        );
        const socket = new Promise((resolve) => {
          try {
            const one = new WebSocket(`${to.replace("http", "ws")}/socket`);
            one.onopen = () => resolve("open");
            one.onerror = () => resolve("refused");
          } catch {
            resolve("refused");
          }
        });
        return Promise.all([shown, fetched, socket]);
      }, url);
      expect(outcomes).toEqual(["refused", "refused", "refused"]);
      expect(reached).toEqual([]);
    } finally {
      elsewhere.close();
    }
  });

  test("is in no frame of another page", async ({ service, browser }) => {
    const other = createServer((_, response) => {
      response.setHeader("Content-Type", "text/html").end(`<iframe src="${service.url}/"></iframe>`);
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
      await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      await refused;
      expect(await page.frameLocator("iframe").locator("#root").count()).toBe(0);
    } finally {
      await context.close();
      other.close();
    }
  });

  test("comes compressed, is asked for every time, and brings its files from what the browser keeps", async ({
    visit,
  }) => {
    const page = await visit();
    const network = await page.context().newCDPSession(page);
    await network.send("Network.enable");
    const statuses = new Map<string, number>();
    const kept = new Set<string>();
    const urls = new Map<string, string>();
    const assets = new Set<string>();
    network.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
      const { pathname } = new URL(request.url);
      urls.set(requestId, pathname);
      // An icon is the browser's business: it asks when and how it likes.
      if (pathname.startsWith("/assets/") && ["Script", "Stylesheet", "Font"].includes(type ?? "")) {
        assets.add(pathname);
      }
    });
    network.on("Network.responseReceivedExtraInfo", ({ requestId, statusCode }) => {
      statuses.set(urls.get(requestId) ?? requestId, statusCode);
    });
    network.on("Network.requestServedFromCache", ({ requestId }) => kept.add(urls.get(requestId) ?? requestId));
    network.on("Network.responseReceived", ({ requestId, response }) => {
      if (response.fromDiskCache === true) {
        kept.add(urls.get(requestId) ?? requestId);
      }
    });
    await page.goto("/");
    await expect(page.locator("#root")).not.toBeEmpty();
    expect(statuses.get("/")).toBe(304);
    expect(assets.size).toBeGreaterThan(1);
    expect([...assets].filter((path) => !kept.has(path))).toEqual([]);
    await network.send("Network.setCacheDisabled", { cacheDisabled: true });
    const fresh = await page.goto("/");
    expect(fresh?.status()).toBe(200);
    expect(["br", "gzip"]).toContain(await fresh?.headerValue("Content-Encoding"));
  });

  test("has nothing that axe finds", async ({ visit }) => {
    const page = await visit();
    await expect(page.locator("#root")).not.toBeEmpty();
    await expectAccessible(page);
  });
});

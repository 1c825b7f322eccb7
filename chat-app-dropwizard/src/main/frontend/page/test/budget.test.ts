// @vitest-environment node
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

interface Chunk {
  readonly file: string;
  readonly src?: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

const FIRST_LOAD = 150_000;

let out: string;
let manifest: Readonly<Record<string, Chunk>>;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "page-"));
  vi.stubEnv("NODE_ENV", "production"); // as it is built for people
  const root = fileURLToPath(new URL("..", import.meta.url));
  await build({ root, logLevel: "error", build: { outDir: out, emptyOutDir: true } });
  manifest = JSON.parse(await readFile(join(out, ".vite/manifest.json"), "utf8")) as typeof manifest;
}, 120_000);

afterAll(async () => {
  await rm(out, { recursive: true, force: true });
});

/** A chunk and all that it cannot do without. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk !== undefined && !found.has(name)) {
    found.add(name);
    chunk.imports?.forEach((other) => withImports(other, found));
  }
  return found;
}

async function compressed(names: ReadonlySet<string>): Promise<number> {
  const sizes = [...names].map(async (name) => gzipSync(await readFile(join(out, manifest[name]?.file ?? ""))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test("whoever opens the page, signed in or not, loads less than 150 KB of compressed JavaScript", async () => {
  const first = withImports("index.html");
  expect(first.size).toBeGreaterThan(0);
  expect(await compressed(first)).toBeLessThan(FIRST_LOAD);
  expect(await compressed(withImports("src/account/door.tsx", new Set(first)))).toBeLessThan(FIRST_LOAD);
});

test("what is not needed at once comes later", () => {
  const first = [...withImports("index.html")].map((name) => manifest[name]?.src ?? name);
  const lazy = [
    "settings/settings",
    "search/search",
    "people/people",
    "account/door",
    "i18n/ar",
    "ui/menu",
    "ui/question",
  ];
  for (const name of [...lazy, "conversation/emoji-picker"]) {
    const there = Object.keys(manifest).filter((key) => key.startsWith(`src/${name}.`));
    expect(there, name).toHaveLength(1);
    expect(first).not.toContain(there[0]);
  }
});

test("the page needs nothing inline, and nothing from elsewhere", async () => {
  const html = await readFile(join(out, "index.html"), "utf8");
  expect(html).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|https?:\/\//i);
  for (const { file, css = [] } of Object.values(manifest)) {
    for (const name of [file, ...css].filter((name) => name.endsWith(".css"))) {
      const text = await readFile(join(out, name), "utf8");
      expect(text, name).not.toMatch(/url\(["']?(?:data:|https?:|\/\/)|@import/i);
    }
  }
});

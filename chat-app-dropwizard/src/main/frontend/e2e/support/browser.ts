import type { LaunchOptions } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@sparticuz/chromium";
const EMOJI = "@expo-google-fonts/noto-color-emoji";

/** It goes to no address by itself, and draws on every machine the same. */
const ARGUMENTS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
  "--disable-gpu",
  "--font-render-hinting=none",
];

/** What CHAT_TEST_BROWSER says: nothing, `playwright`, a channel such as `chrome`, or the path of an executable. */
const asked = process.env["CHAT_TEST_BROWSER"] ?? "";

/** Whether the browser is the one out of npm, whose version and fonts are the same wherever it runs. */
export const isPackaged = asked === "" && platform() === "linux" && arch() === "x64";

/** Starts the browser that was asked for; where none can be had, every test fails. */
export function launchOptions(): LaunchOptions {
  if (isPackaged) {
    const home = directory();
    const libraries = [join(home, "al2023/lib"), process.env["LD_LIBRARY_PATH"] ?? ""].filter((path) => path !== "");
    return {
      executablePath: join(home, "chromium"),
      args: ARGUMENTS,
      env: { ...environment(), LD_LIBRARY_PATH: libraries.join(":"), FONTCONFIG_PATH: join(home, "fonts") },
    };
  }
  if (asked === "" || asked === "playwright") {
    return { args: ARGUMENTS };
  }
  return /[/\\]/.test(asked) ? { executablePath: asked, args: ARGUMENTS } : { channel: asked, args: ARGUMENTS };
}

/** Unpacks the browser out of npm, once for each version of it. It needs nothing of the machine but the C library. */
export function unpack(): void {
  const home = directory();
  if (!isPackaged || existsSync(home)) {
    return;
  }
  const part = `${home}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  // It goes where temporary files go, and has its libraries along where it takes this for the cloud that it is made for.
  execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", `await (await import("${PACKAGE}")).default.executablePath()`],
    {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      env: { ...environment(), TMPDIR: part, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
      stdio: "inherit",
    },
  );
  const emoji = installed(EMOJI).directory;
  copyFileSync(join(emoji, "400Regular/NotoColorEmoji_400Regular.ttf"), join(part, "fonts/fonts/NotoColorEmoji.ttf"));
  writeFileSync(join(part, "fonts/fonts.conf"), fonts(home));
  try {
    renameSync(part, home);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(home)) {
      throw error; // nobody else was faster
    }
  }
}

/** The fonts that came along alone, so that a picture does not depend on what a machine has. */
function fonts(home: string): string {
  const escaped = home.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escaped}/fonts/fonts</dir>
  <cachedir>${escaped}/fonts-cache</cachedir>
</fontconfig>
`;
}

function directory(): string {
  const target = fileURLToPath(new URL("../../../../../target/", import.meta.url));
  return join(target, `chromium-${installed(PACKAGE).version}-${installed(EMOJI).version}`);
}

/** Where npm has put a package. */
function installed(name: string): { directory: string; version: string } {
  for (const parent of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const file = join(parent, name, "package.json");
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
      return { directory: dirname(file), version };
    }
  }
  throw new Error(`${name} is not installed`);
}

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

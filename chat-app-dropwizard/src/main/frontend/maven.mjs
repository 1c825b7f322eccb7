// What Maven runs: `node maven.mjs install|build|check`, which need nothing else; then, of the service, `put|try`. Each step
// but the last is left out where nothing has changed since it last went well, so that whoever works on the Java part does not
// wait for it.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative, sep } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { bill } from "./bill.mjs";

const HERE = import.meta.dirname;
const TARGET = join(HERE, "target");
const SERVICE = join(HERE, "../../../target");
/** What is kept there about this. */
const FRONTEND = join(SERVICE, "frontend");
const BUILT = join(HERE, "page/dist");
const NOT_SOURCES = new Set(["node_modules", "dist", "coverage", "target"]);
const SITE = "io/messagecenter/app/page/site";
/** The rest is compressed as it is. */
const COMPRESSED = new Set([".html", ".js", ".css", ".svg", ".json", ".webmanifest", ".txt"]);
const LEAST_COMPRESSED = 512;

function npm(...args) {
  const { status, error } = spawnSync("npm", args, {
    cwd: HERE,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error(error?.message ?? `npm ${args.join(" ")} has failed.`);
    process.exit(1);
  }
}

/** Runs a script, and passes on what it says once it has ended; answers whether it went well. */
function npmTogether(script) {
  return new Promise((resolve) => {
    const running = spawn("npm", ["run", "--silent", script], {
      cwd: HERE,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let said = "";
    for (const stream of [running.stdout, running.stderr]) {
      stream.setEncoding("utf8").on("data", (part) => (said += part));
    }
    running.on("error", (error) => (said += `${error.message}\n`));
    running.on("close", (status) => {
      process.stdout.write(`${said}${status === 0 ? "" : `npm run ${script} has failed.\n`}`);
      resolve(status === 0);
    });
  });
}

/** Runs scripts at once; if one fails, the others are heard nevertheless. */
async function npmAtOnce(...scripts) {
  const went = await Promise.all(scripts.map(npmTogether));
  if (went.includes(false)) {
    process.exit(1);
  }
}

function* files(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && !NOT_SOURCES.has(entry.name)) {
      yield* files(path);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}

function digest(paths) {
  const hash = createHash("sha256").update(process.version);
  for (const path of paths) {
    hash.update(path).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/** Runs a step unless its stamp says that it went well with the same files. */
async function once(stamp, state, there, step) {
  if (!there || !existsSync(stamp) || readFileSync(stamp, "utf8") !== state) {
    await step();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, state);
  }
}

/** Puts the page where the service finds it: its files, compressed ones beside them, and the list of all. */
function copyPage(site) {
  rmSync(site, { recursive: true, force: true });
  const names = [];
  const put = (name, bytes) => {
    mkdirSync(dirname(join(site, name)), { recursive: true });
    writeFileSync(join(site, name), bytes);
    names.push(name);
  };
  for (const path of files(BUILT)) {
    const name = relative(BUILT, path).split(sep).join("/");
    if (name.startsWith(".")) {
      continue; // the bundler's own
    }
    const bytes = readFileSync(path);
    put(name, bytes);
    if (COMPRESSED.has(extname(name)) && bytes.length >= LEAST_COMPRESSED) {
      put(`${name}.br`, brotliCompressSync(bytes));
      put(`${name}.gz`, gzipSync(bytes, { level: 9 }));
    }
  }
  writeFileSync(`${site}.txt`, names.map((name) => `${name}\n`).join(""));
}

const steps = {
  async install() {
    // The stamp goes away with what it stands for.
    const state = digest([join(HERE, "package-lock.json"), join(HERE, "package.json")]);
    await once(join(HERE, "node_modules/.installed"), state, true, () =>
      npm("ci", "--prefer-offline", "--no-audit", "--no-fund"),
    );
  },
  async build() {
    const there = [join(HERE, "client/dist/index.js"), join(BUILT, "index.html")];
    await once(join(TARGET, "built"), digest(files(HERE)), there.every(existsSync), () =>
      npm("run", "--silent", "build"),
    );
  },
  async check() {
    await once(join(TARGET, "checked"), digest(files(HERE)), true, () => npmAtOnce("check", "test"));
  },
  /** The page goes into the service's jar; the bill of what npm puts into it, beside the one that Maven makes of the rest. */
  async put() {
    const [site, billOfPage] = [join(SERVICE, "classes", SITE), join(SERVICE, "bom-page.json")];
    const lock = join(HERE, "package-lock.json");
    const there = [`${site}.txt`, billOfPage];
    const made = [...files(BUILT), lock, join(HERE, "bill.mjs"), import.meta.filename];
    await once(join(FRONTEND, "put"), digest(made), there.every(existsSync), () => {
      copyPage(site);
      writeFileSync(billOfPage, `${JSON.stringify(bill(lock, "page"), null, 2)}\n`);
    });
  },
  /** The client, and the page in a browser, against the service; the class path is for what they start of the Java tests. */
  async try() {
    if (process.argv[3] !== undefined) {
      mkdirSync(FRONTEND, { recursive: true });
      writeFileSync(join(FRONTEND, "test.classpath"), process.argv[3]);
    }
    await npmAtOnce("test:service", "test:e2e");
  },
};

const step = steps[process.argv[2]];
if (step === undefined) {
  console.error(`Name a step: ${Object.keys(steps).join(", ")}`);
  process.exit(1);
}
await step();

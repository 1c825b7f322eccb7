// What Maven runs: `node maven.mjs install|build|check|service-test`. Each step is left out where nothing has changed
// since it last went well, so that whoever works on the Java part does not wait for it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const HERE = import.meta.dirname;
const NOT_SOURCES = new Set(["node_modules", "dist", "coverage"]);
const stamps = process.env.FRONTEND_STAMPS ?? join(HERE, "../../../target/frontend");

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
function once(stamp, state, there, step) {
  if (!there || !existsSync(stamp) || readFileSync(stamp, "utf8") !== state) {
    step();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, state);
  }
}

const steps = {
  install() {
    // The stamp goes away with what it stands for.
    const state = digest([join(HERE, "package-lock.json"), join(HERE, "package.json")]);
    once(join(HERE, "node_modules/.installed"), state, true, () =>
      npm("ci", "--prefer-offline", "--no-audit", "--no-fund"),
    );
  },
  build() {
    const built = existsSync(join(HERE, "client/dist/index.js"));
    once(join(stamps, "built"), digest(files(HERE)), built, () => npm("run", "--silent", "build"));
  },
  check() {
    once(join(stamps, "checked"), digest(files(HERE)), true, () => {
      npm("run", "--silent", "check");
      npm("run", "--silent", "test");
    });
  },
  "service-test"() {
    npm("run", "--silent", "test:service");
  },
};

const step = steps[process.argv[2]];
if (step === undefined) {
  console.error(`Name a step: ${Object.keys(steps).join(", ")}`);
  process.exit(1);
}
step();

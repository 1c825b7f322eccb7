// What npm puts into the page, as CycloneDX tells it: what the page depends on to run, and what those depend on in turn,
// out of the lock file. What only builds or tests it is in no browser, and not here.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";

/** Licences under which something may be passed on with the page. A new one is a decision, and fails the build until then. */
const LICENCES = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "OFL-1.1", "Unlicense"]);

/** Where a package finds another: as Node does, from the inside out. */
function resolve(packages, from, name) {
  for (
    let directory = from;
    ;
    directory = directory.slice(0, Math.max(0, directory.lastIndexOf("node_modules/") - 1))
  ) {
    const path = directory === "" ? `node_modules/${name}` : `${directory}/node_modules/${name}`;
    if (packages[path] !== undefined) {
      return path;
    }
    if (directory === "") {
      return undefined;
    }
  }
}

/** The paths of what a package of the lock file needs at run time; of what is optional, what is there. */
function* needed(packages, path) {
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = packages[path];
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    if (peerDependenciesMeta[name]?.optional === true && dependencies[name] === undefined) {
      continue; // for whoever has it, and the page has it of its own if it does
    }
    const found = resolve(packages, path, name);
    if (found !== undefined) {
      yield found;
    } else if (optionalDependencies[name] === undefined) {
      throw new Error(`${path} needs ${name}, which the lock file does not have.`);
    }
  }
}

function component(path, { name, version, license, integrity }) {
  const full = name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  if (!LICENCES.has(license)) {
    throw new Error(`${full} is licensed as ${license}: see whether that may be passed on, and list it in bill.mjs.`);
  }
  const [scope, short] = full.startsWith("@") ? full.split("/") : [undefined, full];
  const purl = `pkg:npm/${scope === undefined ? "" : `${encodeURIComponent(scope)}/`}${short}@${version}`;
  const [algorithm, digest] = integrity.split("-");
  return {
    type: "library",
    "bom-ref": purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: short,
    version,
    licenses: [{ license: { id: license } }],
    hashes: [{ alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(digest, "base64").toString("hex") }],
    purl,
  };
}

/** The bill of a workspace's packages, the workspaces that it is made of aside: those are what the jar itself is of. */
export function bill(lockFile, workspace) {
  const { packages } = JSON.parse(readFileSync(lockFile, "utf8"));
  const seen = new Set();
  const waiting = [workspace];
  const components = [];
  while (waiting.length > 0) {
    const path = waiting.pop();
    if (seen.has(path)) {
      continue;
    }
    seen.add(path);
    const entry = packages[path];
    if (entry.link === true) {
      waiting.push(entry.resolved);
      continue;
    }
    if (path.includes("node_modules/")) {
      components.push(component(path, entry));
    }
    waiting.push(...needed(packages, path));
  }
  components.sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const { name, version } = packages[workspace];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", "bom-ref": name, name, version } },
    components,
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { jar } from "../../client/service-test/service.js";
import { TARGET } from "./settings.js";

const CLASS_PATH = `${TARGET}frontend/test.classpath`;
const TO_START = 240_000;

export type NodeName = "left" | "right";

/** Two nodes of the packaged service on one MariaDB and one Redis, which the Java tests' own helper starts. */
export class Cluster {
  readonly #process: ChildProcess;
  readonly #exit: Promise<void>;
  #output = "";

  private constructor() {
    if (!existsSync(CLASS_PATH)) {
      throw new Error(`The build has to write the tests' class path first: there is no ${CLASS_PATH}`);
    }
    this.#process = spawn(
      process.env["SERVICE_JAVA"] ?? "java",
      [
        "-Xmx128m",
        "-XX:TieredStopAtLevel=1",
        `-Dservice.jar=${jar()}`,
        "-cp",
        readFileSync(CLASS_PATH, "utf8"),
        "io.messagecenter.app.cluster.TwoNodes",
      ],
      // The servers are unpacked into the build's own directory, as the Java tests have them.
      { cwd: dirname(TARGET), stdio: ["pipe", "pipe", "pipe"] },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    }
    this.#exit = new Promise((resolve) => this.#process.once("exit", () => resolve()));
  }

  static async start(): Promise<Cluster> {
    const cluster = new Cluster();
    await cluster.#says(/^left on port \d+$/m);
    await cluster.#says(/^right on port \d+$/m);
    return cluster;
  }

  url(node: NodeName): string {
    const ports = [...this.#output.matchAll(new RegExp(`^${node} on port (\\d+)$`, "gm"))];
    return `http://127.0.0.1:${ports.at(-1)?.[1] ?? "0"}`;
  }

  /** As `kill -9`. */
  async kill(node: NodeName): Promise<void> {
    await this.#tell(`kill ${node}`, new RegExp(`^${node} killed$`, "m"));
  }

  /** Starts a killed one again, on the same port. */
  async restart(node: NodeName): Promise<void> {
    await this.#tell(`start ${node}`, new RegExp(`^${node} on port \\d+$`, "m"));
  }

  /** It takes everything with it that it has started. */
  async close(): Promise<void> {
    this.#process.stdin?.end();
    await this.#exit;
  }

  async #tell(command: string, answer: RegExp): Promise<void> {
    const before = this.#output.length;
    this.#process.stdin?.write(`${command}\n`);
    await this.#says(answer, before);
  }

  async #says(what: RegExp, from = 0): Promise<void> {
    const deadline = Date.now() + TO_START;
    while (!what.test(this.#output.slice(from))) {
      if (this.#process.exitCode !== null || Date.now() > deadline) {
        this.#process.kill("SIGTERM");
        throw new Error(`The cluster does not say ${String(what)}:\n${this.#output}`);
      }
      await new Promise((resolve) => this.#process.stdout?.once("data", resolve).once("end", resolve));
    }
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGET = fileURLToPath(new URL("../../../../../target/", import.meta.url));
const LOCAL = fileURLToPath(new URL("../../../resources/config/local.yml", import.meta.url));

/** The packaged service in a process of its own, on the loopback and in a directory of its own. */
export class Service {
  readonly #directory: string;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #process: ChildProcess;
  readonly #exit: Promise<void>;
  #output = "";

  private constructor(directory: string, port: number, settings: Readonly<Record<string, string>>) {
    this.#directory = directory;
    this.#settings = settings;
    const environment = Object.entries(process.env).filter(([name]) => !/^(CHAT_|JAVA_TOOL_OPTIONS$)/.test(name));
    this.#process = spawn(
      process.env["SERVICE_JAVA"] ?? "java",
      [
        "-Xmx384m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        ...classes(),
        "-jar",
        jar(),
        "server",
        join(directory, "service.yml"),
      ],
      {
        cwd: directory,
        env: {
          ...Object.fromEntries(environment),
          ...settings,
          CHAT_PORT: String(port),
          CHAT_ADMIN_PORT: "0",
          CHAT_DATA_DIR: join(directory, "data"),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    }
    this.#exit = new Promise((resolve) => {
      this.#process.once("exit", () => {
        resolve();
      });
    });
  }

  /** A new one, on a free port; with other settings than by default, as YAML and as variables of the environment. */
  static async start(more = "", settings: Readonly<Record<string, string>> = {}): Promise<Service> {
    const directory = mkdtempSync(join(tmpdir(), "message-center-"));
    writeFileSync(join(directory, "service.yml"), `${readFileSync(LOCAL, "utf8")}\n${more}\n`);
    const service = new Service(directory, 0, settings);
    await service.#ready();
    return service;
  }

  /** Another one, on the same port and with the same data, once this one has ended. */
  async restart(): Promise<Service> {
    const port = this.#port();
    await this.#exit;
    if (port === undefined) {
      throw new Error("It was never ready");
    }
    const service = new Service(this.#directory, port, this.#settings);
    await service.#ready();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port() ?? 0}`;
  }

  /** All that it has logged. */
  get output(): string {
    return this.#output;
  }

  /** `SIGKILL` for a crash, `SIGTERM` for a stop. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    this.#process.kill(signal);
    await this.#exit;
  }

  async close(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 90_000;
    while (this.#port() === undefined || !this.#output.includes("Ready: admin")) {
      if (this.#process.exitCode !== null || Date.now() > deadline) {
        this.#process.kill("SIGKILL");
        throw new Error(`The service did not start:\n${this.#output}`);
      }
      await new Promise((resolve) => this.#process.stdout?.once("data", resolve).once("end", resolve));
    }
  }

  #port(): number | undefined {
    const port = /Ready: application on port (\d+)/.exec(this.#output)?.[1];
    return port === undefined ? undefined : Number(port);
  }
}

/** The jar that the build has made. */
export function jar(): string {
  const given = process.env["SERVICE_JAR"];
  const found = existsSync(TARGET) ? readdirSync(TARGET).find((name) => name.endsWith("-service.jar")) : undefined;
  const path = given ?? (found === undefined ? undefined : join(TARGET, found));
  if (path === undefined || !existsSync(path)) {
    throw new Error(`The build has to package the service first: there is no ${path ?? `jar in ${TARGET}`}`);
  }
  return path;
}

/** What starts it with less work, as the build has prepared it; see ClassArchive.java. */
function classes(): readonly string[] {
  const archive = join(dirname(jar()), "service.jsa");
  const isOfThisJar = existsSync(archive) && statSync(archive).mtimeMs > statSync(jar()).mtimeMs;
  return isOfThisJar ? [`-XX:SharedArchiveFile=${archive}`] : [];
}

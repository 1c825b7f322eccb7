/** Ends what it was given for; does nothing the second time. */
export type Cancel = () => void;

/** What the client needs of the world around it. Tests put in one that they rule. */
export interface Environment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** The time of day, in milliseconds since 1970. */
  wallClock(): number;
  /** From 0, which it may be, to 1, which it is not. */
  random(): number;
  /** A key that nobody has ever used before. */
  uuid(): string;
  /** Runs something once, later. */
  after(millis: number, run: () => void): Cancel;
  /** Tells of moments in which the network may have come back, or gone unnoticed. */
  onWake(wake: () => void): Cancel;
}

/** The world as browsers and Node 20 and later have it. */
export const environment: Environment = {
  fetch: (url, init) => globalThis.fetch(url, init),
  now: () => globalThis.performance.now(),
  wallClock: () => Date.now(),
  random: () => Math.random(),
  uuid,
  after(millis, run) {
    const timer = globalThis.setTimeout(run, millis);
    return () => {
      globalThis.clearTimeout(timer);
    };
  },
  onWake,
};

/** That world with parts of another; those may be methods of some object. */
export function environmentWith(parts: Partial<Environment>): Environment {
  const of = <Name extends keyof Environment>(name: Name): Environment[Name] =>
    (parts[name]?.bind(parts) ?? environment[name]) as Environment[Name];
  return {
    fetch: of("fetch"),
    now: of("now"),
    wallClock: of("wallClock"),
    random: of("random"),
    uuid: of("uuid"),
    after: of("after"),
    onWake: of("onWake"),
  };
}

/** `crypto.randomUUID` is there on secure pages only; the numbers behind it are there on all. */
function uuid(): string {
  if ("randomUUID" in globalThis.crypto) {
    return globalThis.crypto.randomUUID();
  }
  const bytes = (globalThis.crypto as Crypto).getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A page that comes back to the front may have slept; Node has neither event. */
function onWake(wake: () => void): Cancel {
  const page = (globalThis as { document?: Document }).document;
  const onVisible = (): void => {
    if (page?.visibilityState === "visible") {
      wake();
    }
  };
  const target = "addEventListener" in globalThis ? globalThis : undefined;
  target?.addEventListener("online", wake);
  page?.addEventListener("visibilitychange", onVisible);
  return () => {
    target?.removeEventListener("online", wake);
    page?.removeEventListener("visibilitychange", onVisible);
  };
}

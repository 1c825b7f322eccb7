/** What one tab tells the others of the same browser. */
export interface TabNews {
  /** Connected is who chats there: so the others need not wait before they try again. */
  readonly type: "signedIn" | "signedOut" | "connected";
  readonly user: string;
}

const NAME = "message-center";
const VISIBLE = "message-center:visible";
const NOTIFIER = "message-center:notifier";

/** Browsers without channels hear of it from the service, some seconds later. */
export class Tabs {
  readonly #channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : undefined;

  tell(news: TabNews): void {
    this.#channel?.postMessage(news);
  }

  onNews(hear: (news: TabNews) => void): void {
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<TabNews>) => {
      hear(data);
    });
  }
}

/** Holds a lock for as long as this tab can be seen, so that the others know. */
export function showThatVisible(): () => void {
  if (!("locks" in navigator)) {
    return () => undefined;
  }
  let release: (() => void) | undefined;
  const update = (): void => {
    const visible = document.visibilityState === "visible";
    if (visible && release === undefined) {
      void navigator.locks.request(VISIBLE, { mode: "shared" }, () => new Promise<void>((done) => (release = done)));
    } else if (!visible) {
      release?.();
      release = undefined;
    }
  };
  update();
  document.addEventListener("visibilitychange", update);
  return () => {
    document.removeEventListener("visibilitychange", update);
    release?.();
  };
}

/** Whether any tab can be seen. */
export async function anyVisible(): Promise<boolean> {
  if (!("locks" in navigator)) {
    return document.visibilityState === "visible";
  }
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === VISIBLE) === true;
}

/** Calls back when this tab, of all, is the one to notify; the next one does when it is closed. */
export function whenNotifier(begin: () => void): () => void {
  if (!("locks" in navigator)) {
    begin();
    return () => undefined;
  }
  const ended = new AbortController();
  const done = new Promise<void>((resolve) => {
    ended.signal.addEventListener("abort", () => {
      resolve();
    });
  });
  navigator.locks
    .request(NOTIFIER, { signal: ended.signal }, () => {
      begin();
      return done;
    })
    .catch(() => undefined); // ended before its turn came
  return () => {
    ended.abort();
  };
}

import { beforeEach, expect, test, vi } from "vitest";
import { Session } from "../src/session/session.js";
import { draft, setDraft } from "../src/session/traces.js";

/** Questions who is signed in, to be answered by the test. */
let asked: ((answer: Response) => void)[];
let sockets: number;

beforeEach(() => {
  asked = [];
  sockets = 0;
  vi.stubGlobal("fetch", (url: string) =>
    url.endsWith("/account/")
      ? new Promise<Response>((answer) => asked.push(answer))
      : Promise.resolve(new Response("{}", { status: 503 })),
  );
  vi.stubGlobal(
    "WebSocket",
    class extends EventTarget {
      constructor() {
        super();
        sockets++;
      }
      close(): void {
        this.dispatchEvent(new Event("close"));
      }
    },
  );
  return () => {
    vi.unstubAllGlobals();
  };
});

const me = (username: string): Response => Response.json({ username, email: null, created: "2027-01-15T08:00:00Z" });

async function signedIn(user: string): Promise<Session> {
  const session = new Session("http://chat.test");
  const starting = session.start();
  await vi.waitFor(() => {
    expect(asked).toHaveLength(1);
  });
  asked[0]?.(me(user));
  await starting;
  return session;
}

test("who signs in in another tab while this one still asks has one chat here", async () => {
  const session = new Session("http://chat.test");
  const begun = new Set<unknown>();
  session.subscribe(() => {
    if (session.state.name === "signedIn") {
      begun.add(session.state.chat);
    }
  });
  const first = session.start();
  const tab = new BroadcastChannel("message-center");
  tab.postMessage({ type: "signedIn", user: "alice" });
  await vi.waitFor(() => {
    expect(asked).toHaveLength(2);
  });
  asked[0]?.(me("alice"));
  await first;
  expect(session.state.name, "asked anew").toBe("starting");
  asked[1]?.(me("alice"));
  await vi.waitFor(() => {
    expect([session.state.name, sockets]).toEqual(["signedIn", 1]);
  });
  expect(begun.size).toBe(1);
  tab.close();
  if (session.state.name === "signedIn") {
    await session.state.chat.live.stop();
  }
});

test("a tab that waits for the service tries again as soon as another one has it", async () => {
  const session = await signedIn("alice");
  if (session.state.name !== "signedIn") {
    throw new Error("expected to be signed in");
  }
  const { chat } = session.state;
  const wake = vi.spyOn(chat, "wake");
  const tab = new BroadcastChannel("message-center");
  tab.postMessage({ type: "connected", user: "bob" });
  tab.postMessage({ type: "connected", user: "alice" });
  await vi.waitFor(() => {
    expect(wake).toHaveBeenCalled();
  });
  expect(wake, "not by somebody else's").toHaveBeenCalledTimes(1);
  expect(session.state).toMatchObject({ chat });
  tab.close();
  await chat.live.stop();
});

test("who signs out does not end the session of whoever has signed in since in this browser", async () => {
  const session = await signedIn("zoë");
  const ended: unknown[] = [];
  vi.stubGlobal("fetch", (url: string, { method, headers }: RequestInit) => {
    ended.push([method, url, (headers as Record<string, string>)["Expected-User"]]);
    return Promise.resolve(new Response("{}", { status: 401 }));
  });
  setDraft("zoë", "carol", "mine");
  setDraft("bob", "carol", "begun in another tab, by whom the cookie belongs to");
  await session.signOut();
  expect([draft("zoë", "carol"), draft("bob", "carol")]).toEqual(["", expect.stringContaining("another tab")]);
  expect(ended).toContainEqual(["DELETE", "http://chat.test/api/v1/session/current/", "zo%C3%AB"]);
  expect(session.state.name).toBe("signedOut");
});

test("what is asked late does not end a session that has begun meanwhile", async () => {
  const session = new Session("http://chat.test");
  const first = session.start();
  const second = session.start();
  await vi.waitFor(() => {
    expect(asked).toHaveLength(2);
  });
  asked[1]?.(me("alice"));
  await second;
  asked[0]?.(new Response("{}", { status: 401 }));
  await first;
  expect(session.state.name).toBe("signedIn");
  if (session.state.name === "signedIn") {
    await session.state.chat.live.stop();
  }
});

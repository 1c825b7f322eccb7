import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Door from "../src/account/door.js";
import { Session } from "../src/session/session.js";
import { SessionContext } from "../src/session/use-session.js";

/** Whom the browser's cookie belongs to. */
let cookie: string | undefined;
/** Questions whose they are, which are answered when a test says so. */
let questions: (() => void)[];
let sockets: number;

beforeEach(() => {
  cookie = undefined;
  questions = [];
  sockets = 0;
  vi.stubGlobal("fetch", (url: string) => {
    const path = new URL(url).pathname;
    const answer =
      cookie === undefined
        ? () => Response.json({ code: "not_signed_in", status: 401, detail: "Sign in first." }, { status: 401 })
        : () => Response.json({ username: cookie, email: null, created: "2027-01-15T08:00:00.000000Z" });
    return path.endsWith("/account/")
      ? new Promise((resolve) => {
          questions.push(() => {
            resolve(answer());
          });
        })
      : Promise.resolve(new Response(null, { status: 204 }));
  });
  vi.stubGlobal(
    "WebSocket",
    class {
      constructor() {
        sockets++;
      }
      close(): void {
        sockets--;
      }
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const answered = async (): Promise<void> => {
  await vi.waitFor(() => {
    expect(questions).not.toHaveLength(0);
  });
  await act(async () => {
    questions.splice(0).forEach((answer) => {
      answer();
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
};

test("somebody else's password, chosen anew by a link, signs nobody out, and says so", async () => {
  cookie = "dora";
  const session = new Session("http://chat.test");
  void session.start();
  await answered();
  expect(session.state.name).toBe("signedIn");
  void session.passwordReset();
  await answered();
  expect(session.state).toEqual({ name: "signedOut", notice: "passwordReset", user: "dora" });
  render(
    <SessionContext value={session}>
      <Door notice="passwordReset" user="dora" />
    </SessionContext>,
  );
  expect(screen.getByText("The password is changed. dora is still signed in in this browser.")).toBeDefined();
  await userEvent.setup().click(screen.getByRole("button", { name: "Go on as dora" }));
  await answered();
  expect(session.state).toMatchObject({ name: "signedIn", chat: { user: "dora" } });
  expect(sockets).toBe(1);
});

test("one's own does, and there is nobody to go on as", async () => {
  cookie = "carla";
  const session = new Session("http://chat.test");
  void session.start();
  await answered();
  cookie = undefined;
  void session.passwordReset();
  await answered();
  expect(session.state).toEqual({ name: "signedOut", notice: "passwordReset", user: undefined });
});

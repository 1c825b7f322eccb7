import { act, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ConversationList } from "../src/conversation-list/conversation-list.js";
import { en } from "../src/i18n/en.js";
import People from "../src/people/people.js";
import Search from "../src/search/search.js";
import { AccountSettings } from "../src/settings/account-settings.js";
import { BlockedSettings } from "../src/settings/blocked-settings.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;
let asked: string[];
/** Where lists end, as far as they are watched: jsdom sees nothing. */
let ends: (() => void)[];

beforeEach(async () => {
  fake = await FakeChat.connected("me", "bob");
  asked = [];
  ends = [];
  class Watched {
    readonly #see: () => void;
    constructor(tell: (entries: readonly { readonly isIntersecting: boolean }[]) => void) {
      this.#see = () => {
        tell([{ isIntersecting: true }]);
      };
    }
    observe(): void {
      ends.push(this.#see);
    }
    disconnect(): void {
      ends = ends.filter((end) => end !== this.#see);
    }
  }
  vi.stubGlobal("IntersectionObserver", Watched);
  return () => {
    vi.unstubAllGlobals();
  };
});

/** Answers requests whose path has this, so long as the test likes. */
function answer(part: string, by: (path: string) => Response): void {
  fake.service.intercept = (_, path) => {
    if (!path.includes(part)) {
      return undefined;
    }
    asked.push(path);
    return by(path);
  };
}

const settled = async (): Promise<void> => {
  await act(() => fake.pass(1_000));
};

/** Everything that was said of nobody and nothing, seen or heard. */
function whatIsSaid(pattern: RegExp): readonly string[] {
  return [...document.querySelectorAll("[role=status], h2")]
    .map((one) => one.textContent)
    .filter((text) => pattern.test(text));
}

describe("looking for something", () => {
  test("is not given up by a key that ends a composition", () => {
    history.replaceState(null, "", "#people");
    fake.show(<People />);
    const input = screen.getByRole("searchbox");
    fireEvent.keyDown(input, { key: "Escape", isComposing: true });
    fireEvent.keyDown(input, { key: "Escape", keyCode: 229 });
    expect(location.hash).toBe("#people");
    fireEvent.keyDown(input, { key: "Escape" });
    expect(location.hash).toBe("");
  });

  test.each([
    ["words", Search, "Search messages", "/message/search/", /No message has/],
    ["people", People, "Search people by name", "/user/", /Nobody/],
  ])("finds no %s only once that was asked", async (_, Looking, label, part, nothing) => {
    answer(part, () => Response.json([]));
    fake.show(<Looking />);
    const input = screen.getByRole("searchbox", { name: label });
    fireEvent.change(input, { target: { value: "l" } });
    await vi.waitFor(async () => {
      await settled();
      expect(whatIsSaid(nothing)).toHaveLength(2);
    });
    const before = asked.length;
    fireEvent.change(input, { target: { value: "li" } });
    expect(asked).toHaveLength(before);
    expect(whatIsSaid(nothing)).toEqual([]);
    await vi.waitFor(async () => {
      await settled();
      expect(whatIsSaid(nothing)).toHaveLength(2);
    });
    expect(asked.length).toBeGreaterThan(before);
  });
});

test.each([
  ["There is no word to search for.", en.noWord],
  ["Ensure this field has no more than 200 characters.", en.tooMuchToFind],
  ["Ensure this field has no more than 40 words.", en.tooMuchToFind],
])("what cannot be looked for is not blamed on the network: %s", async (said, text) => {
  const problem = { code: "invalid", status: 400, detail: "Some fields are wrong.", q: [said] };
  answer("/message/search/", () => Response.json(problem, { status: 400 }));
  fake.show(<Search />);
  fireEvent.change(screen.getByRole("searchbox", { name: "Search messages" }), { target: { value: "?" } });
  await vi.waitFor(async () => {
    await settled();
    expect(screen.getByRole("heading", { name: text })).toBeDefined();
  });
  expect(screen.getAllByRole("status").map(({ textContent }) => textContent)).toContain(text);
  expect(screen.queryByRole("button", { name: en.tryAgain })).toBeNull();
});

test("what could not be loaded says why", async () => {
  const problem = { code: "forbidden", status: 403, detail: "Not you." };
  answer("/user/", () => Response.json(problem, { status: 403 }));
  fake.show(<People />);
  await vi.waitFor(async () => {
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(en.notAllowed);
  });
});

test("what could not be loaded without a network is asked for again, also where the connection has outlasted that", async () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  fake.service.intercept = () => Response.error();
  fake.show(<BlockedSettings />);
  await vi.waitFor(async () => {
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(en.couldNotLoad);
  });
  expect(fake.chat.state.name).toBe("connected");
  fake.service.intercept = () => undefined;
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(true);
  fireEvent(window, new Event("online"));
  await settled();
  expect(screen.queryByText(en.couldNotLoad)).toBeNull();
  expect(document.querySelector(".skeleton")).toBeNull();
});

test.each([
  ["people", () => <People />],
  ["a search", () => <Search />],
  ["an account", () => <AccountSettings />],
  ["those who are blocked", () => <BlockedSettings />],
])("%s that could not be loaded without a connection: they are asked for again once there is one", async (_, part) => {
  history.replaceState(null, "", "#search=hello");
  fake.service.down = true;
  fake.service.close("me", 1006);
  fake.show(part());
  await vi.waitFor(async () => {
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(en.couldNotLoad);
  });
  fake.service.down = false;
  fake.service.intercept = (_, path) => (/\/(user|search)\/(\?|$)/.test(path) ? Response.json([]) : undefined);
  await vi.waitFor(async () => {
    await act(() => fake.pass(10_000));
    expect(fake.chat.state.name).toBe("connected");
    expect(screen.queryByText(en.couldNotLoad)).toBeNull();
    expect(document.querySelector(".skeleton")).toBeNull();
  });
});

test("a hit is gone once its message is unsent", async () => {
  const message = fake.service.send("bob", "me", "a secret word");
  answer("/message/search/", () => Response.json([message]));
  fake.show(<Search />);
  fireEvent.change(screen.getByRole("searchbox", { name: "Search messages" }), { target: { value: "word" } });
  await vi.waitFor(async () => {
    await settled();
    expect(screen.getByRole("search").textContent).toContain("secret");
  });
  fake.service.change(message.id, undefined);
  await settled();
  expect(screen.getByRole("search").textContent).not.toContain("secret");
  expect(whatIsSaid(/No message has/)).toHaveLength(2);
});

test("what a hit says is written in its own direction, and not in that of who said it", async () => {
  answer("/message/search/", () => Response.json([fake.service.send("me", "bob", "see you at the bridge")]));
  fake.show(<Search />);
  fireEvent.change(screen.getByRole("searchbox", { name: "Search messages" }), { target: { value: "bridge" } });
  const excerpt = await vi.waitFor(async () => {
    await settled();
    return screen.getByText("bridge").closest("bdi");
  });
  expect(excerpt?.textContent).toBe("see you at the bridge");
  expect(excerpt?.closest("[dir]"), "who said it stands where the page begins").toBeNull();
});

test("a search that needs more pages than may be asked for at once waits, and goes on where it was", async () => {
  answer("/message/search/", () => {
    if (asked.length === 3) {
      return Response.json(
        { code: "too_many_requests", status: 429, detail: "You search too often." },
        { status: 429, headers: { "Retry-After": "1" } },
      );
    }
    const link = `</api/v1/message/search/?q=word&before=${10 - asked.length}>; rel="next"`;
    return Response.json([], asked.length < 10 ? { headers: { Link: link } } : {});
  });
  fake.show(<Search />);
  fireEvent.change(screen.getByRole("searchbox", { name: "Search messages" }), { target: { value: "word" } });
  await vi.waitFor(async () => {
    await settled();
    expect(asked).toHaveLength(3);
  });
  expect(whatIsSaid(/No message has/)).toEqual([]);
  await vi.waitFor(
    async () => {
      await settled();
      expect(whatIsSaid(/No message has/)).toHaveLength(2);
    },
    { timeout: 10_000 },
  );
  expect(asked).toHaveLength(10);
  expect(screen.queryByRole("alert")).toBeNull();
});

describe("the end of a list", () => {
  const seeEnd = async (): Promise<void> => {
    act(() => {
      ends.forEach((see) => {
        see();
      });
    });
    await settled();
  };

  test("that cannot be had is asked for once, says so, and can be tried again", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `user${i}`);
    fake = await FakeChat.connected("me", ...names);
    names.forEach((name) => fake.service.send(name, "me", "hello"));
    await fake.pass(10_000);
    const other = await FakeChat.at(fake.service, "me"); // loads the first page
    fake = other;
    answer("/conversation/", () => new Response("{}", { status: 503, headers: { "Retry-After": "30" } }));
    fake.show(<ConversationList />);
    expect(fake.chat.model.hasMore).toBe(true);
    await seeEnd();
    expect(screen.getByRole("alert").textContent).toContain(en.couldNotLoad);
    for (let i = 0; i < 5; i++) {
      fake.service.tell("me", { type: "typing", user: "user1" }); // draws the list again
      await seeEnd();
    }
    expect(asked).toHaveLength(1);
    fake.service.intercept = () => undefined;
    await userEvent.setup().click(screen.getByRole("button", { name: en.tryAgain }));
    await settled();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(fake.chat.conversations).toHaveLength(60);
  });
});

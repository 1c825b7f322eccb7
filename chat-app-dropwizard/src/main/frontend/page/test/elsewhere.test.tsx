import { act, screen } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ConversationList } from "../src/conversation-list/conversation-list.js";
import { Conversation } from "../src/conversation/conversation.js";
import People from "../src/people/people.js";
import { BlockedSettings } from "../src/settings/blocked-settings.js";
import { DeviceSettings } from "../src/settings/device-settings.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;
/** What the page asks again and again. */
let refresh: () => Promise<void>;

beforeEach(async () => {
  fake = await FakeChat.connected("me", "bob");
  const looks = new Map<unknown, () => void>();
  let intervals = 0;
  vi.spyOn(globalThis, "setInterval").mockImplementation((look) => {
    looks.set(++intervals, look);
    return intervals as never;
  });
  vi.spyOn(globalThis, "clearInterval").mockImplementation((interval) => {
    looks.delete(interval);
  });
  refresh = async () => {
    act(() => {
      looks.forEach((look) => {
        look();
      });
    });
    await settled();
  };
  return () => {
    vi.restoreAllMocks();
  };
});

const settled = async (): Promise<void> => {
  await act(() => fake.pass(1_000));
};

/** Answers requests whose path ends so. */
function answer(end: string, by: () => unknown): void {
  fake.service.intercept = (_, path) => (path.endsWith(end) ? Response.json(by()) : undefined);
}

test("whom I block elsewhere is among those whom I block", async () => {
  fake.show(<BlockedSettings />);
  await settled();
  expect(screen.queryByText("bob")).toBeNull();
  fake.service.block("me", "bob", true);
  await settled();
  expect(screen.getByText("bob")).toBeDefined();
  fake.service.block("me", "bob", false);
  await settled();
  expect(screen.queryByText("bob")).toBeNull();
});

test("where I sign in is among my devices, and where I end it is not", async () => {
  const session = (id: number): object => ({
    id,
    created: "2027-01-15T08:00:00.000000Z",
    expires: "2027-02-15T08:00:00.000000Z",
    device: `device ${id}`,
    current: id === 1,
  });
  let ids = [1];
  answer("/session/", () => ids.map(session));
  fake.show(<DeviceSettings />);
  await settled();
  ids = [1, 2];
  await refresh();
  expect(screen.getByText("device 2")).toBeDefined();
  ids = [1];
  fake.service.tell("me", { seq: 1, type: "session.ended", session: 2 });
  await settled();
  expect(screen.queryByText("device 2")).toBeNull();
});

test("people who come and go are shown so, with a conversation and without one", async () => {
  let online = true;
  fake.service.send("bob", "me", "hello");
  await settled();
  answer("/user/", () => [
    { username: "bob", online: true },
    { username: "carol", online },
  ]);
  fake.service.tell("me", { type: "presence", user: "bob", online: true, last_seen: null });
  fake.show(<People />);
  await settled();
  await vi.waitFor(async () => {
    await settled();
    expect(screen.getAllByText("Online")).toHaveLength(2);
  });
  fake.service.tell("me", { type: "presence", user: "bob", online: false, last_seen: null });
  await settled();
  expect(screen.getAllByText("Online")).toHaveLength(1);
  online = false;
  await refresh();
  expect(screen.queryByText("Online")).toBeNull();
});

describe("somebody below the latest conversations, of whom the connection does not tell,", () => {
  const names = Array.from({ length: 100 }, (_, i) => `user${i}`);

  beforeEach(async () => {
    fake = await FakeChat.connected("me", "bob", ...names);
    fake.service.send("bob", "me", "hello");
    names.forEach((name) => fake.service.send(name, "me", "hello"));
    await FakeChat.at(fake.service, "bob");
    fake = await FakeChat.at(fake.service, "me");
    await fake.pass(10_000); // in which it has told of everybody it tells of
  });

  test("is shown as they are when their conversation is opened, and while it is open", async () => {
    fake.show(<Conversation user="bob" at={undefined} />);
    await settled();
    expect(fake.chat.conversation("bob")).toBeDefined();
    expect(fake.chat.model.watches("bob")).toBe(false);
    expect(screen.getByText("Online")).toBeDefined();
    fake.service.close("bob", 1000);
    fake.service.cookie = undefined; // nor do they come back
    fake.service.intercept = (_, path) =>
      path.endsWith("/user/bob/")
        ? Response.json({ username: "bob", online: false, last_seen: "2027-01-15T08:00:00.000000Z" })
        : undefined;
    await refresh();
    expect(screen.queryByText("Online")).toBeNull();
    expect(screen.getByText(/^Last seen/)).toBeDefined();
  });

  test("is asked for no more once their account is erased", async () => {
    fake.service.erased.add("bob");
    fake.show(<Conversation user="bob" at={undefined} />);
    await settled();
    await settled();
    const asked = (): number => fake.service.requests.filter((one) => one.endsWith("/user/bob/")).length;
    const before = asked();
    expect(before).toBeGreaterThan(0);
    await refresh();
    expect(asked()).toBe(before);
  });
});

test("whoever is told of as online is not asked for again and again, and of others whether they are still there", async () => {
  fake.service.send("me", "bob", "hello");
  await settled();
  fake.show(<Conversation user="bob" at={undefined} />);
  await settled();
  const asked = (): number => fake.service.requests.filter((one) => one.endsWith("/user/bob/")).length;
  fake.service.tell("me", { type: "presence", user: "bob", online: true, last_seen: null });
  await settled();
  expect(screen.getByText("Online")).toBeDefined();
  const before = asked();
  await refresh();
  expect(asked()).toBe(before);
  fake.service.tell("me", { type: "presence", user: "bob", online: false, last_seen: null });
  await settled();
  expect(screen.queryByText("Online")).toBeNull();
  await settled(); // in which it is asked whether they are still there
  fake.service.erased.add("bob"); // without a word from the connection
  await refresh();
  expect(screen.getByText("There is no account bob any more.")).toBeDefined();
});

describe("while there is no connection nobody is shown as there, nor as gone,", () => {
  const seen = (): string | null => document.querySelector(".conversation-status")?.textContent ?? null;
  const dots = (): number => document.querySelectorAll(".dot").length;

  beforeEach(async () => {
    fake.service.send("bob", "me", "hello");
    await settled();
    await FakeChat.at(fake.service, "bob");
    fake.service.cookie = "me";
    await settled();
    fake.show(
      <>
        <ConversationList />
        <Conversation user="bob" at={undefined} />
      </>,
    );
    await settled();
    expect([seen(), dots()]).toEqual(["Online", 2]);
  });

  test("once the service is gone", async () => {
    fake.service.down = true;
    fake.service.close("me", 1006);
    await act(() => fake.pass(1_500));
    expect([seen(), dots()]).toEqual(["", 0]);
    fake.service.down = false;
    fake.service.close("bob", 1006);
    answer("/user/bob/", () => ({ username: "bob", online: false, last_seen: "2027-01-15T08:00:00.000000Z" }));
    await act(() => fake.pass(60_000));
    await settled(); // in which it is asked again
    expect([seen()?.slice(0, 9), dots()]).toEqual(["Last seen", 0]);
  });

  test("as soon as the browser has no network", async () => {
    const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    act(() => {
      dispatchEvent(new Event("offline"));
    });
    expect([seen(), dots()]).toEqual(["", 0]);
    onLine.mockReturnValue(true);
    act(() => {
      dispatchEvent(new Event("online"));
    });
    await settled();
    expect([seen(), dots()]).toEqual(["Online", 2]);
  });
});

test("somebody without a conversation is shown as online once they are", async () => {
  let online = false;
  answer("/user/bob/", () => ({ username: "bob", online, last_seen: null }));
  fake.show(<Conversation user="bob" at={undefined} />);
  await settled();
  expect(screen.queryByText("Online")).toBeNull();
  online = true;
  await refresh();
  expect(screen.getByText("Online")).toBeDefined();
});

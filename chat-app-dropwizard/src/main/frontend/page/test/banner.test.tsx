import { act, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { en } from "../src/i18n/en.js";
import { Banner } from "../src/shell/banner.js";
import { FakeChat } from "./support/session.js";

test("a service that gives no conversations for some time is waited for; only what cannot be mended says so", async () => {
  let status = 503;
  const fake = await FakeChat.connected("me", "bob");
  fake.service.intercept = (_, path) =>
    path.includes("/conversation/") ? new Response("{}", { status, headers: { "Retry-After": "30" } }) : undefined;
  fake.service.send("bob", "me", "hello"); // from somebody new: the conversations are asked for
  fake.show(<Banner />);
  await act(() => fake.pass());
  expect(await screen.findByText(en.reconnecting, undefined, { timeout: 10_000 })).toBeDefined();
  expect(screen.queryByText(en.halted)).toBeNull();
  status = 400;
  await act(() => fake.pass(60_000));
  expect(screen.getByText(en.halted)).toBeDefined();
  expect(screen.queryByText(en.reconnecting)).toBeNull();
});

test("nothing is said any more once the service has given what it owed", async () => {
  let fails = true;
  const fake = await FakeChat.connected("me", "bob");
  fake.service.intercept = (_, path) =>
    fails && path.includes("/conversation/") ? new Response("{}", { status: 503 }) : undefined;
  fake.service.send("bob", "me", "hello");
  fake.show(<Banner />);
  await act(() => fake.pass());
  expect(await screen.findByText(en.reconnecting, undefined, { timeout: 10_000 })).toBeDefined();
  fails = false;
  await act(() => fake.pass(60_000));
  expect(fake.chat.conversation("bob")?.unread).toBe(1);
  expect(screen.queryByText(en.reconnecting)).toBeNull();
  expect(screen.queryByText(en.halted)).toBeNull();
});

describe("what is not sent", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    localStorage.clear();
  });

  /** Somebody without a connection; only what is here passes time here. */
  async function cutOff(): Promise<FakeChat> {
    const fake = await FakeChat.connected("me", "bob");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    fake.service.down = true;
    fake.service.close("me", 1006);
    fake.show(<Banner />);
    return fake;
  }

  async function wait(millis: number): Promise<void> {
    await act(() => vi.advanceTimersByTimeAsync(millis));
  }

  test("and that the browser does not keep is said after a moment, until it is sent", async () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    const fake = await cutOff();
    act(() => {
      fake.chat.send("bob", "hello");
    });
    await wait(1_000);
    expect(screen.queryByText(en.unkept)).toBeNull();
    await wait(1_000);
    expect(screen.getByText(en.unkept)).toBeDefined();
    fake.service.down = false;
    await act(() => fake.service.world.pass(60_000));
    await wait(100);
    expect(fake.chat.unsent).toBe(0);
    expect(screen.queryByText(en.unkept)).toBeNull();
  });

  test("and is kept is no matter of concern", async () => {
    const fake = await cutOff();
    act(() => {
      fake.chat.send("bob", "hello");
    });
    await wait(60_000);
    expect(fake.chat.unsent).toBe(1);
    expect(screen.getByText(en.reconnecting)).toBeDefined();
    expect(screen.queryByText(en.unkept)).toBeNull();
  });
});

import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
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

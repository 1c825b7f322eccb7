import { act, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { Conversation } from "../src/conversation/conversation.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;

beforeEach(async () => {
  fake = await FakeChat.connected("me", "bob");
});

const settled = async (): Promise<void> => {
  await act(() => fake.pass(1_000));
};

test("whom I block I cannot write to, also before anything was said", async () => {
  fake.service.intercept = (_, path) =>
    path.endsWith("/user/bob/") ? Response.json({ username: "bob", online: false, last_seen: null }) : undefined;
  fake.show(<Conversation user="bob" at={undefined} />);
  await settled();
  expect(screen.getByRole("textbox", { name: "Write to bob" })).toBeDefined();
  fake.service.block("me", "bob", true);
  await settled();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByRole("button", { name: "Unblock" })).toBeDefined();
  fake.service.block("me", "bob", false);
  await settled();
  expect(screen.getByRole("textbox", { name: "Write to bob" })).toBeDefined();
});

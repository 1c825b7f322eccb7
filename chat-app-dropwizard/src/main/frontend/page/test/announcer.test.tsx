import { act, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { Announcer } from "../src/shell/announcer.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;
let live: HTMLElement | null;

beforeEach(async () => {
  fake = await FakeChat.connected("me", "bob");
  fake.show(<Announcer />);
  live = document.querySelector("[aria-live]");
});

async function arrives(body: string): Promise<number> {
  const { id } = fake.service.send("bob", "me", body);
  await act(() => fake.pass());
  await waitFor(
    () => {
      expect(live?.textContent).toBe(`bob: ${body}`);
    },
    { timeout: 5_000 },
  );
  return id;
}

test("a message is said also where it is the same as the one before", async () => {
  await arrives("ok");
  const first = live?.firstElementChild;
  fake.service.send("bob", "me", "ok");
  await act(() => fake.pass());
  await waitFor(
    () => {
      expect(live?.firstElementChild).not.toBe(first); // which is what is heard
    },
    { timeout: 5_000 },
  );
  expect(live?.textContent).toBe("bob: ok");
});

test("what was said of a message is gone once that is unsent", async () => {
  fake.service.change(await arrives("secret"), undefined);
  await act(() => fake.pass());
  expect(live?.textContent).toBe("");
});

import { act, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import { en } from "../src/i18n/en.js";
import { Announcer, PAUSE } from "../src/shell/announcer.js";
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

describe("a message that fails", () => {
  const failed = en.notSentTo("bob", en.blockedYou);

  beforeEach(() => {
    fake.service.block("bob", "me", true);
  });

  const fails = async (...bodies: readonly string[]): Promise<void> => {
    bodies.forEach((body) => {
      fake.chat.send("bob", body);
    });
    await act(() => fake.pass());
    await waitFor(
      () => {
        expect(live?.textContent).toBe(failed);
      },
      { timeout: 5_000 },
    );
  };

  test("is said with why it does, and again when it fails again", async () => {
    await fails("hello");
    const first = live?.firstElementChild;
    fake.chat.retry(fake.chat.sending("bob")[0]?.clientId ?? "");
    await act(() => fake.pass());
    await waitFor(
      () => {
        expect(live?.firstElementChild).not.toBe(first);
      },
      { timeout: 5_000 },
    );
    expect(live?.textContent).toBe(failed);
  });

  test("is one of many that do for the same reason, and what arrives meanwhile is said behind it", async () => {
    await fails("one", "two", "three");
    fake.chat.send("bob", "four");
    fake.service.send("bob", "me", "hello");
    await act(() => fake.pass());
    await waitFor(
      () => {
        expect(live?.textContent).toBe(`${failed}\nbob: hello`);
      },
      { timeout: 5_000 },
    );
  });

  test("is not said where it was seen to have failed before, or is discarded", async () => {
    await fails("hello");
    const said = live?.firstElementChild;
    await fake.chat.live.stop();
    await act(() => fake.chat.live.start());
    await act(() => fake.pass());
    fake.service.down = true;
    fake.chat.send("bob", "never mind");
    fake.chat.discard(fake.chat.sending("bob").at(-1)?.clientId ?? "");
    await act(() => fake.pass());
    expect(fake.chat.sending("bob")).toHaveLength(1);
    await act(() => new Promise((resolve) => setTimeout(resolve, PAUSE + 500)));
    expect(live?.firstElementChild).toBe(said);
  });
});

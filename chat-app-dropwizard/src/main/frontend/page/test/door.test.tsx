import { cleanup, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import Door from "../src/account/door.js";
import { FakeChat } from "./support/session.js";

test("whose session has ended need not write their name again, and nobody else finds it", async () => {
  const fake = await FakeChat.connected("me");
  const name = (): string => screen.getByRole<HTMLInputElement>("textbox", { name: "Username" }).value;
  fake.show(<Door notice="ended" user="me" />);
  expect(name()).toBe("me");
  cleanup();
  fake.show(<Door notice="somebodyElse" user="other" />);
  expect(name()).toBe("");
});

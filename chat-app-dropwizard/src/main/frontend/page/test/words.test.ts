import { describe, expect, test } from "vitest";
import { ChatProblem, ConnectionFailed } from "@message-center/client";
import { ar } from "../src/i18n/ar.js";
import { en } from "../src/i18n/en.js";
import { explain, explained } from "../src/ui/failure.js";
import { hueOf, initialOf } from "../src/ui/avatar.js";
import { deviceOf } from "../src/settings/device.js";
import { summary } from "../src/shell/announcer.js";
import type { Message } from "@message-center/client";

describe("what goes wrong", () => {
  const problem = (status: number, code: string, more = {}): ChatProblem =>
    new ChatProblem({ status, code, detail: "Of the service's own.", ...more });

  test("is said in the reader's language", () => {
    expect(explained(problem(401, "wrong_credentials"), ar)).toBe(ar.wrongCredentials);
    expect(explained(problem(409, "username_taken"), en)).toBe(en.usernameTaken);
    expect(explained(problem(429, "too_many_requests", { retryAfter: 120 }), en)).toContain("2 minutes");
    expect(explained(problem(503, "overloaded"), en)).toBe(en.noAnswer);
    expect(explained(new ConnectionFailed("x"), en)).toBe(en.noAnswer);
    expect(explained(new Error("x"), en)).toBe(en.failed);
  });

  test("is said of each field", () => {
    const fieldErrors = {
      password: ["This password is too common."],
      email: ["Enter a valid email address."],
      other: ["Something new."],
    };
    expect(explain(problem(400, "invalid", { fieldErrors }), en)).toEqual({
      fields: { password: en.tooCommon, email: en.invalidEmail, other: "Something new." },
    });
  });
});

describe("a picture of somebody", () => {
  test("has the first letter of the name, whatever it is written in", () => {
    expect(["maya", "_ben", "@", "é́x", "نور", "9lives"].map(initialOf)).toEqual(["M", "B", "@", "É́", "ن", "9"]);
  });

  test("has the same colour in any spelling of the name", () => {
    expect(hueOf("Maya")).toBe(hueOf("maya"));
    expect(new Set(["maya", "jonas", "leo", "nour", "ben"].map(hueOf)).size).toBeGreaterThan(2);
  });
});

describe("a device", () => {
  test.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36",
      "Chrome",
      "Linux",
      false,
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 Safari/1 Edg/1.0",
      "Edge",
      "Windows",
      false,
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari",
      "iPhone",
      true,
    ],
    ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox", "Android", true],
    ["curl/8.1", "curl", undefined, false],
    ["", undefined, undefined, false],
  ])("is known by what it says of itself: %s", (agent, browser, system, phone) => {
    expect(deviceOf(agent)).toEqual({ browser, system, phone });
  });
});

describe("what is read out", () => {
  const from = (user: string, body: string): Message => ({ user, body }) as Message;

  test("is one message, or how many there are", () => {
    expect(summary([], en)).toBe("");
    expect(summary([from("bob", "hello")], en)).toBe("bob: hello");
    expect(summary([from("bob", "a"), from("bob", "b")], en)).toBe("2 new messages from bob");
    expect(summary([from("bob", "a"), from("eve", "b"), from("bob", "c")], en)).toBe(
      "3 new messages in 2 conversations",
    );
  });
});

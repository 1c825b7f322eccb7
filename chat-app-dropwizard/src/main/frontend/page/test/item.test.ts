import type { Message } from "@message-center/client";
import { describe, expect, test } from "vitest";
import { countInFront, firstNew, gapOf, type Item, keyOf, placeOf, reachesNew } from "../src/conversation/item.js";
import type { Sending } from "../src/session/chat.js";
import { tickOf } from "../src/conversation/ticks.js";
import { tickShown } from "../src/conversation/message-row.js";

function message(seq: number, user: string, minutes: number, more: Partial<Message> = {}): Message {
  return {
    id: seq * 10,
    user,
    recipient: user === "me" ? "bob" : "me",
    timestamp: new Date(2026, 10, 27, 12, minutes).toISOString(),
    body: `message ${seq}`,
    seq,
    edited: null,
    deleted: false,
    reply_to: null,
    client_id: null,
    ...more,
  };
}

function sending(clientId: string, minutes: number): Sending {
  const written = new Date(2026, 10, 27, 12, minutes).getTime();
  return { clientId, recipient: "bob", body: "x", replyTo: undefined, written, state: "pending", failure: undefined };
}

describe("how messages stand together", () => {
  const shape = (items: readonly Item[], divided?: number): string =>
    items
      .map((_, i) => placeOf(items, i, "me", (at) => at === divided))
      .map(({ day, first, last }) => `${day ? "D" : ""}${first ? "(" : ""}x${last ? ")" : ""}`)
      .join(" ");

  test("by writer, and by time", () => {
    const items = [message(1, "bob", 0), message(2, "bob", 1), message(3, "me", 2), sending("k", 3), sending("l", 20)];
    expect(shape(items)).toBe("D(x x) (x x) (x)");
  });

  test("not across a day, nor across what is new", () => {
    const yesterday = message(1, "bob", 0, { timestamp: new Date(2026, 10, 26, 23, 59).toISOString() });
    const early = message(2, "bob", 0, { timestamp: new Date(2026, 10, 27, 0, 1).toISOString() });
    expect(shape([yesterday, early])).toBe("D(x) D(x)");
    expect(shape([message(1, "bob", 0), message(2, "bob", 1)], 1)).toBe("D(x) (x)");
  });

  test("a message keeps the key that it had while it was on its way", () => {
    expect(keyOf(message(1, "me", 0, { client_id: "k" }), "ME")).toBe(keyOf(sending("k", 0), "ME"));
    expect(keyOf(message(1, "bob", 0, { client_id: "k" }), "me")).toBe("10"); // somebody else's key may be the same
  });

  test("whoever sees a message has seen what is new before it only where all of that is loaded", () => {
    const items = [message(7, "bob", 0), message(8, "me", 1), message(9, "bob", 2)];
    const reaches = (read_upto: number, unread: number, hasOlder = true, first?: number): boolean =>
      reachesNew(items, hasOlder, { read_upto, unread }, first, "me");
    expect(reaches(6, 2), "next to what is read").toBe(true);
    expect(reaches(5, 3), "one is missing").toBe(false);
    expect(reaches(5, 3, false), "which is not kept any more").toBe(true);
    expect(reaches(3, 2), "mine stand between").toBe(true);
    expect(reaches(3, 5, true, 7), "where it begins, as was found").toBe(true);
    expect(reaches(3, 5, true, 4), "where it began").toBe(false);
  });

  test("what is new begins with the other side's, also where I answered without reading", () => {
    const items = [message(1, "bob", 0), message(2, "bob", 1), message(3, "me", 2), message(4, "bob", 3)];
    expect([0, 1, 2, 3].map((read) => firstNew(items, false, read, "ME"))).toEqual([1, 2, 4, 4]);
    expect(firstNew(items, false, 4, "me"), "which is not loaded").toBeUndefined();
    const unsent = [message(1, "bob", 0, { deleted: true }), message(2, "bob", 1)];
    expect(firstNew(unsent, false, 0, "me"), "what was unsent is not new").toBe(2);
  });

  test("the first that is loaded is not the first that is new, unless those that are loaded reach down to that", () => {
    const items = [message(11, "bob", 0), message(12, "bob", 1)];
    expect([8, 9, 10, 11].map((read) => firstNew(items, true, read, "me"))).toEqual([undefined, undefined, 11, 12]);
    expect(firstNew(items, false, 8, "me"), "those before are not kept any more").toBe(11);
  });

  test("what is on its way stands apart from messages that it does not follow", () => {
    const items = [message(1, "me", 0), message(2, "me", 1), sending("k", 2), sending("l", 3)];
    expect([gapOf(items, true), gapOf(items, false), gapOf(items.slice(0, 2), true)]).toEqual([2, -1, -1]);
  });

  test("what comes in front is told from what comes behind", () => {
    const [one, two, three] = [message(1, "bob", 0), message(2, "bob", 0), message(3, "bob", 0)];
    expect(countInFront([two, three], [one, two, three], "me")).toBe(1);
    expect(countInFront([two], [one, two, three], "me")).toBe(1);
    expect(countInFront([one, two], [one, two, three], "me")).toBe(0);
    expect(countInFront([one], [two, three], "me")).toBe(0);
    expect(countInFront([], [one], "me")).toBe(0);
  });
});

describe("how far a message has come", () => {
  test("by the other side's marks", () => {
    const marks = { peer_read_upto: 3, peer_delivered_upto: 5 };
    expect([3, 4, 5, 6].map((seq) => tickOf(seq, marks))).toEqual(["read", "delivered", "delivered", "sent"]);
    expect(tickOf(1, undefined)).toBe("sent");
    expect(tickOf(4, { peer_read_upto: 4, peer_delivered_upto: 0 })).toBe("read");
  });

  test("is said once for those that stand together, and for each that is different", () => {
    const middle = { day: false, first: false, last: false };
    expect(tickShown("read", "read", middle)).toBeUndefined();
    expect(tickShown("read", "delivered", middle)).toBe("read");
    expect(tickShown("failed", "failed", middle)).toBe("failed");
    expect(tickShown("pending", "pending", middle)).toBe("pending");
    expect(tickShown("read", undefined, { ...middle, last: true })).toBe("read");
  });
});

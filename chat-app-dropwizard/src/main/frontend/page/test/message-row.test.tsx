import { ChatProblem, type Message } from "@message-center/client";
import { cleanup, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { Item } from "../src/conversation/item.js";
import { MessageRow } from "../src/conversation/message-row.js";
import { en } from "../src/i18n/en.js";
import { timesOf } from "../src/i18n/times.js";
import { useSpeech } from "../src/i18n/language.js";
import { FakeChat } from "./support/session.js";

let fake: FakeChat;

beforeEach(async () => {
  fake = await FakeChat.connected("me", "bob");
});

const nothing = (): void => undefined;

function Row({
  item,
  mine = false,
  day = false,
}: {
  readonly item: Item;
  readonly mine?: boolean;
  readonly day?: boolean;
}) {
  return (
    <div role="feed" lang={useSpeech().locale}>
      <MessageRow
        {...{ item, mine, day, index: 0, count: 1, user: "bob", first: true, last: true, tick: undefined, hit: false }}
        {...{ stop: true, firstOfAll: false, firstUnread: false, behindGap: false }}
        actions={{ menu: nothing, jump: nothing, focused: nothing }}
      />
    </div>
  );
}

test("whoever goes from message to message hears by whom each is and when it was written, and then what it says", () => {
  const at = new Date(2026, 10, 27, 9, 5);
  const said = fake.service.send("bob", "me", "see www.example.org");
  const message: Message = { ...said, timestamp: at.toISOString() };
  const failed: Item = {
    clientId: "x",
    recipient: "bob",
    body: "too late",
    replyTo: undefined,
    written: at.getTime(),
    state: "failed",
    failure: new ChatProblem({ status: 403, code: "forbidden", detail: "Not you." }),
  };
  const expectHeard = (
    row: React.ReactNode,
    name: (time: string, day: string) => string,
    description: string,
  ): void => {
    fake.show(row);
    const times = timesOf(screen.getByRole("feed").lang, en);
    const heard = name(times.time(message.timestamp), times.day(message.timestamp));
    expect(screen.getByRole("article", { name: heard, description })).toBeDefined();
    cleanup();
  };
  expectHeard(<Row item={message} />, (time) => `bob, ${time}`, "see www.example.org");
  expectHeard(<Row item={message} day />, (time, day) => `bob, ${day} ${time}`, "see www.example.org");
  expectHeard(<Row item={{ ...message, deleted: true }} />, (time) => `bob, ${time}`, en.unsent);
  const reason = en.notSentReason(en.blockedYou);
  expectHeard(<Row item={failed} mine />, (time) => `You, ${time}`, `too late ${reason}`);
});

import { type Message, type Outgoing } from "@message-center/client";
import { type ReactNode, useEffect, useState } from "react";
import type { Texts } from "../i18n/en.js";
import { useTexts } from "../i18n/language.js";
import { useChat } from "../session/use-session.js";
import { whyNotSent } from "../ui/failure.js";

/** In which what arrives is gathered: a screen reader is to be told, not to be talked down. */
export const PAUSE = 1_500;

/**
 * Tells screen readers of messages as they arrive: one is read out, of many it is said how many there are. And of those
 * that fail: whoever wrote them is in an empty composer by then, as if they were sent.
 */
export function Announcer(): ReactNode {
  const chat = useChat();
  const texts = useTexts();
  const [said, setSaid] = useState({ text: "", time: 0 });
  useEffect(() => {
    let waiting: Message[] = [];
    let told: Message[] = [];
    let failures = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        const text = [...failures, summary(waiting, texts)].filter((one) => one !== "").join("\n");
        told = waiting;
        waiting = [];
        failures = new Set();
        setSaid(({ time }) => ({ text, time: time + 1 }));
      }, PAUSE);
    };
    const stop = chat.onArrival((message) => {
      waiting.push(message);
      tell();
    });
    const { live } = chat;
    const pending = new Set(live.outgoing.filter(({ state }) => state === "pending"));
    const stopSending = live.onOutgoing((outgoing) => {
      if (outgoing.state === "pending") {
        pending.add(outgoing);
      } else if (pending.delete(outgoing) && isKeptAsFailed(outgoing, live.outgoing)) {
        failures.add(texts.notSentTo(outgoing.recipient, whyNotSent(outgoing.failure, texts)));
        tell();
      }
    });
    const stopAltering = chat.onAlteration((altered) => {
      const isOther = ({ id }: Message): boolean => id !== altered.id;
      waiting = altered.deleted
        ? waiting.filter(isOther)
        : waiting.map((message) => (isOther(message) ? message : altered));
      if (!told.every(isOther)) {
        setSaid(({ time }) => ({ text: "", time })); // it is not said any more
      }
    });
    return () => {
      stop();
      stopSending();
      stopAltering();
      clearTimeout(timer);
    };
  }, [chat, texts]);
  return (
    <div className="unseen" aria-live="polite" aria-atomic="true">
      {/* Said anew each time, also where it is the same. */}
      <span key={said.time}>{said.text}</span>
    </div>
  );
}

/** What was discarded, here or elsewhere, has not failed for anybody. */
function isKeptAsFailed(outgoing: Outgoing, all: readonly Outgoing[]): boolean {
  return outgoing.state === "failed" && all.includes(outgoing);
}

export function summary(messages: readonly Message[], texts: Texts): string {
  const [first] = messages;
  if (first === undefined) {
    return "";
  }
  const users = new Set(messages.map(({ user }) => user));
  return messages.length === 1
    ? texts.saidBy(first.user, first.body)
    : users.size === 1
      ? texts.newFrom(messages.length, first.user)
      : texts.newIn(messages.length, users.size);
}

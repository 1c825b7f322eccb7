import { type Message } from "@message-center/client";
import { useCallback, useEffect, useRef } from "react";
import { isNewTo } from "../session/chat.js";
import { useChat, useOfChat } from "../session/use-session.js";
import { reachesNew } from "./item.js";

/**
 * Marks what was on the page as read. Whoever jumps to a place has not seen what is new before it, so nothing is marked until
 * they come to where that begins, or to the end, and want no more of it.
 *
 * @param at the place that was jumped to, if any
 * @param again goes up each time that somebody goes to a place
 * @param first where what is new begins, as far as that is known
 * @returns hears of the first and the last message on the page
 */
export function useSeen(
  user: string,
  at: number | undefined,
  again: number,
  first: number | undefined,
): (from: number, to: number) => void {
  const chat = useChat();
  const { model, user: me } = chat;
  const read = useOfChat((chat) => chat.conversation(user)?.read_upto ?? 0);
  const jumped = useRef(false);
  useEffect(() => {
    jumped.current ||= at !== undefined;
  }, [at, again]);
  return useCallback(
    (from, to) => {
      if (to <= read) {
        return;
      }
      const messages = chat.messages(user);
      const isAtEnd = !model.hasNewer(user) && to >= (messages.at(-1)?.seq ?? 0);
      if (jumped.current && !isAtEnd) {
        const marks = chat.conversation(user) ?? { read_upto: 0, unread: 0 };
        const isPassedOver = (message: Message): boolean => message.seq < from && isNewTo(me, read, message);
        if (!reachesNew(messages, model.hasOlder(user), marks, first, me) || messages.some(isPassedOver)) {
          return;
        }
      }
      jumped.current = false;
      chat.live.markRead(user, to);
    },
    [chat, model, user, me, read, first],
  );
}

import { sameUser } from "@message-center/client";
import { useEffect } from "react";
import { currentRoute, go } from "../route/use-route.js";
import type { Chat } from "../session/chat.js";

/** Keys that work everywhere. All of them have a modifier, so none of them is ever typed. */
export function useShortcuts(chat: Chat, help: (shown: boolean) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
      const command = isCommand && !event.shiftKey;
      const alt = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      const route = currentRoute();
      if (command && isKey(event, "K")) {
        go({ ...route, people: undefined, search: route.search ?? "", settings: undefined });
      } else if (isCommand && isSlash(event)) {
        help(true);
      } else if (alt && isKey(event, "N")) {
        go({ ...route, people: true, search: undefined, settings: undefined });
      } else if (alt && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        step(chat, event.key === "ArrowDown" ? 1 : -1);
      } else {
        return;
      }
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => {
      removeEventListener("keydown", press);
    };
  }, [chat, help]);
}

/** A letter's key: by what is on it, or by its place where no Latin letter is. */
function isKey({ key, code }: KeyboardEvent, letter: string): boolean {
  return /^[a-z]$/i.test(key) ? key.toUpperCase() === letter : code === `Key${letter}`;
}

/** Some keyboards have it above a digit; those of other scripts, something else in its place. */
function isSlash({ key, code }: KeyboardEvent): boolean {
  return key === "/" || (code === "Slash" && /[^\p{ASCII}]/u.test(key));
}

function step(chat: Chat, by: 1 | -1): void {
  const { with: open, ...route } = currentRoute();
  const at = open === undefined ? -1 : chat.conversations.findIndex(({ user }) => sameUser(user, open));
  const next = chat.conversations[at < 0 && by < 0 ? 0 : at + by];
  if (next !== undefined) {
    go({ ...route, settings: undefined, at: undefined, with: next.user });
  }
}

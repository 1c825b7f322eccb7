import { type Conversation, sameUser } from "@message-center/client";
import { useEffect, useRef } from "react";
import type { Route } from "../route/route.js";
import { currentRoute, go } from "../route/use-route.js";
import { isApple } from "./keys.js";

/** What is over the page until it is closed; the help is closed by what it has told of. */
const HELP = ".shortcuts";
const OVER = `[role=dialog]:not(${HELP}), [role=alertdialog], [role=menu]`;

/**
 * Keys that work everywhere, but where something is over the page. All of them have modifiers with which nothing is ever typed.
 *
 * @param listed the conversations, as they are listed
 */
export function useShortcuts(listed: readonly Conversation[], help: (shown: boolean) => void): void {
  const latest = useRef(listed);
  useEffect(() => {
    latest.current = listed;
  }, [listed]);
  useEffect(() => {
    const apple = isApple();
    const actionOf = (event: KeyboardEvent): (() => void) | undefined => {
      const { altKey, ctrlKey, metaKey, shiftKey } = event;
      const isCommand = metaKey === apple && ctrlKey !== apple && !altKey;
      const command = isCommand && !shiftKey;
      const alt = altKey && metaKey === apple && !ctrlKey && !shiftKey;
      if (command && isKey(event, "K", apple)) {
        return () => {
          find((route) => ({ ...route, people: undefined, search: route.search ?? "", settings: undefined }));
        };
      } else if (isCommand && isSlash(event)) {
        return () => {
          help(true);
        };
      } else if (alt && isKey(event, "N", apple)) {
        return () => {
          find((route) => ({ ...route, people: true, search: undefined, settings: undefined }));
        };
      } else if (alt && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        return () => {
          step(latest.current, event.key === "ArrowDown" ? 1 : -1);
        };
      }
      return undefined;
    };
    const press = (event: KeyboardEvent): void => {
      const action = document.querySelector(OVER) === null ? actionOf(event) : undefined; // what is below cannot be seen
      if (action === undefined) {
        return;
      }
      event.preventDefault();
      if (document.querySelector(HELP) === null) {
        action();
      } else {
        help(false);
        setTimeout(action); // once the focus has gone back to where it was before
      }
    };
    addEventListener("keydown", press);
    return () => {
      removeEventListener("keydown", press);
    };
  }, [help]);
}

/** A letter's key: by what is on it, or by its place where no Latin letter is, be it that Option has put something else there. */
function isKey({ key, code, altKey }: KeyboardEvent, letter: string, apple: boolean): boolean {
  return /^[a-z]$/i.test(key)
    ? key.toUpperCase() === letter
    : code === `Key${letter}` && ((apple && altKey) || /^(?!\p{Script=Latin})[\p{L}\p{M}]/u.test(key));
}

/** Some keyboards have it above a digit; those of other scripts, something else in its place. */
function isSlash({ key, code }: KeyboardEvent): boolean {
  return key === "/" || (code === "Slash" && /[^\p{ASCII}]/u.test(key));
}

/** Goes to where somebody searches, which has the focus there. */
function find(to: (route: Route) => Route): void {
  go(to(currentRoute()));
  document.querySelector<HTMLElement>(".side-search input")?.focus(); // if one is there already
}

function step(listed: readonly Conversation[], by: 1 | -1): void {
  const { with: open, ...route } = currentRoute();
  const at = open === undefined ? -1 : listed.findIndex(({ user }) => sameUser(user, open));
  const next = listed[at < 0 && by < 0 ? 0 : at + by];
  if (next !== undefined) {
    go({ ...route, settings: undefined, at: undefined, with: next.user });
  }
}

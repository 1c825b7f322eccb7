import { sameUser } from "@message-center/client";
import { type MouseEvent, useSyncExternalStore } from "react";
import { hrefOf, parseRoute, RESET, type Route } from "./route.js";

let known: { readonly hash: string; readonly words: string | undefined; readonly route: Route } | undefined;
/** Whose the page is: null before that is known, undefined after somebody has signed out. */
let owner: string | undefined | null = null;

export function currentRoute(): Route {
  const hash = isForeign() ? "" : location.hash;
  const words = wordsOf(hash);
  if (known?.hash !== hash || known.words !== words) {
    known = { hash, words, route: { ...parseRoute(hash), search: words } };
  }
  return known.route;
}

/** What an entry of the browser's history knows. */
interface Entry {
  /** Where one was before. */
  readonly from: string | undefined;
  /** Who was there. */
  readonly user?: string | undefined;
  /** What was looked for: an address would be kept by the browser, whoever uses it next. */
  readonly words?: string | undefined;
}

function here(): Entry | null {
  return (history.state as Entry | null | undefined) ?? null;
}

/** A link has no words: what it leads to goes on with those that there are. */
function wordsOf(hash: string): string | undefined {
  const { search } = parseRoute(hash);
  if (search === undefined) {
    return undefined;
  }
  const carriedOn = here() === null ? (known?.words ?? "") : "";
  return here()?.words ?? (search === "" ? carriedOn : search);
}

/** Whether somebody else was here. */
function isForeign(): boolean {
  const user = here()?.user;
  const isOther = user !== undefined && owner !== null && (owner === undefined || !sameUser(user, owner));
  return isOther && !new URLSearchParams(location.hash.slice(1)).has(RESET);
}

/** Makes an entry of what may be none yet, as a link leaves it, or somebody else's. */
function enter(from: string | undefined): void {
  const entry = here();
  if (isForeign()) {
    history.replaceState({ from: undefined, user: owner ?? undefined } satisfies Entry, "", "#");
  } else if (entry === null || (entry.user === undefined && typeof owner === "string")) {
    const words = wordsOf(location.hash);
    const made: Entry = { from: entry === null ? from : entry.from, user: owner ?? undefined, words };
    history.replaceState(made, "", words === undefined ? undefined : hrefOf(parseRoute(location.hash)));
  }
}

addEventListener("hashchange", ({ oldURL }) => {
  enter(new URL(oldURL).hash || "#");
});
enter(undefined);

/**
 * Says whose the page is from now on; undefined when somebody has signed out. Where somebody else was, whether here or on
 * the way back, there is nothing to be seen.
 */
export function belong(user: string | undefined): void {
  owner = user;
  const from = location.href;
  enter(undefined);
  if (location.href !== from) {
    dispatchEvent(new HashChangeEvent("hashchange", { oldURL: from, newURL: location.href }));
  }
}

function subscribe(tell: () => void): () => void {
  addEventListener("hashchange", tell);
  return () => {
    removeEventListener("hashchange", tell);
  };
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, currentRoute);
}

let agains = 0;
const listeners = new Set<() => void>();

/** Goes up each time that somebody goes to where the page is already, as to a message from which they have scrolled away. */
export function useAgain(): number {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => {
        listeners.delete(tell);
      };
    },
    () => agains,
  );
}

/** Goes to another place, or to this one again; with `replace` there is no way back to this one. */
export function go(route: Route, { replace = false } = {}): void {
  const href = hrefOf(route);
  const isHere = href === location.hash || (href === "#" && location.hash === "");
  if (isHere && currentRoute().search === route.search) {
    agains++;
    listeners.forEach((tell) => {
      tell();
    });
  } else {
    const from = location.href;
    const entry: Entry = { from: location.hash || "#", user: owner ?? undefined, words: route.search };
    if (replace || isHere) {
      history.replaceState({ ...entry, from: here()?.from }, "", href);
    } else {
      history.pushState(entry, "", href);
    }
    dispatchEvent(new HashChangeEvent("hashchange", { oldURL: from, newURL: location.href }));
  }
}

/**
 * Leaves a place for the one above it, as the arrow at its head does. Whoever came from there goes back to it, so that the
 * browser's own way back does not lead into what was left; whoever came from what was searched for sees that again.
 */
export function leave(to: Route): void {
  const from = here()?.from;
  const isToSearch = currentRoute().search === undefined && parseRoute(from ?? "").search !== undefined;
  if (from === hrefOf(to) || isToSearch) {
    history.back();
  } else {
    go(to, { replace: true });
  }
}

/** For a link to the place above: in another tab it is still a link. */
export function leaving(to: Route): (event: MouseEvent) => void {
  return (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      leave(to);
    }
  };
}

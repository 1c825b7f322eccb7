import { type MouseEvent, useSyncExternalStore } from "react";
import { hrefOf, parseRoute, type Route } from "./route.js";

let known: { readonly hash: string; readonly route: Route } | undefined;

export function currentRoute(): Route {
  const { hash } = location;
  if (known?.hash !== hash) {
    known = { hash, route: parseRoute(hash) };
  }
  return known.route;
}

/** What an entry of the browser's history knows: where one was before. */
interface Entry {
  readonly from: string | undefined;
}

function cameFrom(): string | undefined {
  return (history.state as Entry | null)?.from;
}

// A link makes an entry that knows nothing yet; one that was gone back to knows already.
addEventListener("hashchange", ({ oldURL }) => {
  if (history.state === null) {
    const entry: Entry = { from: new URL(oldURL).hash || "#" };
    history.replaceState(entry, "");
  }
});
if (history.state === null) {
  const entry: Entry = { from: undefined };
  history.replaceState(entry, "");
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
  if (href === location.hash || (href === "#" && location.hash === "")) {
    agains++;
    listeners.forEach((tell) => {
      tell();
    });
  } else {
    const from = location.href;
    if (replace) {
      history.replaceState(history.state, "", href);
    } else {
      const entry: Entry = { from: location.hash || "#" };
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
  const from = cameFrom();
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

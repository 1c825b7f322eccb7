import { useSyncExternalStore } from "react";
import { hrefOf, parseRoute, type Route } from "./route.js";

let known: { readonly hash: string; readonly route: Route } | undefined;

export function currentRoute(): Route {
  const { hash } = location;
  if (known?.hash !== hash) {
    known = { hash, route: parseRoute(hash) };
  }
  return known.route;
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

/** Goes to another place; with `replace` there is no way back to this one. */
export function go(route: Route, { replace = false } = {}): void {
  const href = hrefOf(route);
  if (href !== location.hash && !(href === "#" && location.hash === "")) {
    const from = location.href;
    history[replace ? "replaceState" : "pushState"](null, "", href);
    dispatchEvent(new HashChangeEvent("hashchange", { oldURL: from, newURL: location.href }));
  }
}

import type { KeyboardEvent } from "react";

/**
 * One stop of the Tab key for a whole list: arrows, Home and End go through what is marked by `data-rove`. Give all but
 * one of them the tab index -1.
 */
export function rove(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-rove]")];
  const at = items.findIndex((item) => item === document.activeElement);
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  const item = to === undefined ? undefined : items[to];
  if (to !== undefined) {
    event.preventDefault();
    item?.focus();
    item?.scrollIntoView({ block: "nearest" });
  }
}

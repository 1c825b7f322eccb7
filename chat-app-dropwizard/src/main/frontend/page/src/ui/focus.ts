import { type RefObject, useEffect, useRef } from "react";

/** Whether what had the focus is gone, so that the keyboard would begin again at the head of the page. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Gives a lost focus to what is at the side, or else to what is shown instead of it. */
export function findFocus(): void {
  for (const place of [".side [data-rove][tabindex='0']", ".side input", ".side h2", ".main h2"]) {
    if (isFocusLost()) {
      document.querySelector<HTMLElement>(place)?.focus();
    }
  }
}

/** The heading of what is open beside the conversations, whatever that is by then. */
export const mainHeading: RefObject<HTMLElement | null> = {
  get current() {
    return document.querySelector<HTMLElement>(".main h2");
  },
};

/** Whenever one of several things is no longer open, which the focus may have been in. */
export function useWhenClosed(then: () => void, ...open: readonly boolean[]): void {
  const before = useRef(open);
  useEffect(() => {
    if (before.current.some((wasOpen, i) => wasOpen && open[i] !== true)) {
      then();
    }
    before.current = open;
  });
}

/** Whenever something has changed, and what had the focus has gone with it, this has it. */
export function useFocusAfter(changed: unknown, target: RefObject<HTMLElement | null>): void {
  const before = useRef(changed);
  useEffect(() => {
    if (before.current !== changed) {
      before.current = changed;
      if (isFocusLost()) {
        target.current?.focus();
      }
    }
  }, [changed, target]);
}

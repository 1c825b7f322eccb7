import { isFocusLost } from "../ui/focus.js";

/** Within so many frames rows that are new on the page have been measured. */
export const FRAMES = 20;

/** The rows of which something can be seen, as they are on the page; of the last one more than its edge. */
export function rowsInView(scroller: HTMLElement): HTMLElement[] {
  const view = scroller.getBoundingClientRect();
  return [...scroller.querySelectorAll<HTMLElement>("[data-index]")].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > view.top && top < view.bottom - 8;
  });
}

/** The rows of which all can be seen. */
export function wholeRowsInView(scroller: HTMLElement): HTMLElement[] {
  const view = scroller.getBoundingClientRect();
  return rowsInView(scroller).filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= view.top - 1 && bottom <= view.bottom + 1 && isAtRest(row);
  });
}

/** A row that has not been measured cannot be seen, and is not where it will be. */
export function isAtRest(row: HTMLElement): boolean {
  return getComputedStyle(row).visibility === "visible";
}

/**
 * Gives a row the focus, as soon as it can have it: one that is new on the page cannot before it has been measured. Whoever
 * has gone elsewhere by then stays there.
 *
 * @param before what has the focus until then
 * @returns gives that up
 */
export function focusSoon(find: () => HTMLElement | null | undefined, before = document.activeElement): () => void {
  let [frame, frames] = [0, FRAMES];
  const focus = (): void => {
    if (document.activeElement !== before && !isFocusLost()) {
      return;
    }
    const row = find() ?? undefined;
    row?.focus({ preventScroll: true });
    if (document.activeElement !== row && frames-- > 0) {
      frame = requestAnimationFrame(focus);
    }
  };
  focus();
  return () => {
    cancelAnimationFrame(frame);
  };
}

/**
 * Keeps the focus in a list of which all is others: a row that is measured anew cannot be seen for a moment, in which it
 * loses the focus. Whoever has it elsewhere stays there.
 *
 * @param find the row that is to have it
 * @returns gives that up
 */
export function holdFocus(find: () => HTMLElement | null | undefined): () => void {
  let [frame, frames] = [0, FRAMES];
  const hold = (): void => {
    if (isFocusLost()) {
      find()?.focus({ preventScroll: true });
    }
    if (frames-- > 0) {
      frame = requestAnimationFrame(hold);
    }
  };
  hold();
  return () => {
    cancelAnimationFrame(frame);
  };
}

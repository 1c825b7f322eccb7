import { type RefObject, useEffect, useRef } from "react";

/** Whether some of what is in an element is selected. */
export function isSelected(element: HTMLElement | null): boolean {
  const selection = getSelection();
  return element !== null && selection?.isCollapsed === false && selection.containsNode(element, true);
}

/** Whenever nothing of an element is selected any more, unless what was is gone: of that browsers do not tell. */
export function useReleased(element: RefObject<HTMLElement | null>, then: () => void): void {
  const latest = useRef(then);
  useEffect(() => {
    latest.current = then;
  }, [then]);
  useEffect(() => {
    let was = false;
    const look = (): void => {
      const is = isSelected(element.current);
      if (was && !is) {
        latest.current();
      }
      was = is;
    };
    document.addEventListener("selectionchange", look);
    return () => {
      document.removeEventListener("selectionchange", look);
    };
  }, [element]);
}

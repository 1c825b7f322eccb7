import { type RefObject, useEffect, useRef } from "react";

/**
 * Where something was refused, the focus goes to the first field that it is about.
 *
 * @param rest selects what it goes to where it is about none
 * @returns what has the fields in it
 */
export function useFocusWrong<E extends HTMLElement>(failure: unknown, rest?: string): RefObject<E | null> {
  const within = useRef<E>(null);
  useEffect(() => {
    if (failure !== undefined) {
      const find = (selector: string): HTMLElement | null | undefined =>
        within.current?.querySelector<HTMLElement>(selector);
      (find("[aria-invalid='true']") ?? (rest === undefined ? undefined : find(rest)))?.focus();
    }
  }, [failure, rest]);
  return within;
}

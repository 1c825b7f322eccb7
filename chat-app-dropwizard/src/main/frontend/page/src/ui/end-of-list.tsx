import { type ReactNode, useEffect, useRef } from "react";
import { ErrorState } from "./state.js";

/**
 * Asks for more as soon as the end of a list comes near to be seen; not while it is on its way, and not by itself once
 * that has failed: then whoever wants more is asked.
 */
export function EndOfList({
  state,
  failure,
  onMore,
}: {
  readonly state: "loading" | "loaded" | "failed";
  /** Why, where that has failed. */
  readonly failure: unknown;
  readonly onMore: () => void;
}): ReactNode {
  const mark = useRef<HTMLLIElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    if (state !== "loaded" || mark.current === null || !("IntersectionObserver" in globalThis)) {
      return undefined;
    }
    // Anew each time that some were loaded: the end may still be near.
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) {
          latest.current();
        }
      },
      { rootMargin: "400px" },
    );
    observer.observe(mark.current);
    return () => {
      observer.disconnect();
    };
  }, [state]);
  return state === "failed" ? (
    <li>
      <ErrorState failure={failure} retry={onMore} />
    </li>
  ) : (
    <li ref={mark} aria-hidden="true" />
  );
}

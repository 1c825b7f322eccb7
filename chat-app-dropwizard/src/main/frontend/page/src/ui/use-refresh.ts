import { useEffect, useRef } from "react";

/** Milliseconds after which is asked again what no event tells. */
export const REFRESH = 5_000;

/** As {@link REFRESH}, of what hardly ever happens. */
export const RARE_REFRESH = 60_000;

/**
 * Does something again and again while the page can be seen, and at once when it is seen again.
 *
 * @param every how many milliseconds; undefined for not at all
 */
export function useRefresh(run: () => void, every: number | undefined): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (every === undefined) {
      return undefined;
    }
    const look = (): void => {
      if (document.visibilityState === "visible") {
        latest.current();
      }
    };
    const timer = setInterval(look, every);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [every]);
}

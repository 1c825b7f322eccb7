import { useEffect, useRef } from "react";

/** Milliseconds after which is asked again what no event tells. */
export const REFRESH = 5_000;

/** Does something again and again while the page can be seen, and at once when it is seen again. */
export function useRefresh(run: () => void, isWanted = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!isWanted) {
      return undefined;
    }
    const look = (): void => {
      if (document.visibilityState === "visible") {
        latest.current();
      }
    };
    const timer = setInterval(look, REFRESH);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [isWanted]);
}

import { useSyncExternalStore } from "react";

/** As in the style sheets: so narrow, the list and what is open are not seen side by side. */
const NARROW = "(max-width: 45rem)";

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (tell) => {
      const media = matchMedia(NARROW);
      media.addEventListener("change", tell);
      return () => {
        media.removeEventListener("change", tell);
      };
    },
    () => matchMedia(NARROW).matches,
  );
}

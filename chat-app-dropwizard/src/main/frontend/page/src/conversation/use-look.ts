import { type RefObject, useCallback, useEffect, useRef } from "react";
import { isMessage, type Item } from "./item.js";
import { isAtRest, rowsInView } from "./rows.js";

/**
 * Tells what is in the view.
 *
 * @param onShown hears of the first and the last message, and whether somebody looks at them: the page may be in the
 *   background, or another one in front of it
 * @returns looks, from the next frame on, at what is in the view, once that has come to rest
 */
export function useLook(
  scroller: RefObject<HTMLElement | null>,
  items: readonly Item[],
  onShown: (from: number, to: number, isLookedAt: boolean) => void,
): () => void {
  const latest = useRef({ items, onShown });
  useEffect(() => {
    latest.current = { items, onShown };
  }, [items, onShown]);
  const looking = useRef<number>(undefined);
  const look = useCallback(() => {
    const atRest = (): void => {
      looking.current = undefined;
      const rows = scroller.current === null ? [] : rowsInView(scroller.current);
      if (!rows.every(isAtRest)) {
        looking.current = requestAnimationFrame(atRest);
      } else {
        const { items, onShown } = latest.current;
        const [first, last] = [rows[0], rows.at(-1)].map((row) => Number(row?.dataset["index"] ?? -1));
        const to = items.slice(0, (last ?? -1) + 1).findLast(isMessage)?.seq;
        const from = items.slice(first).find(isMessage)?.seq ?? to; // behind it there may be what is on its way alone
        if (from !== undefined && to !== undefined) {
          onShown(from, to, document.visibilityState === "visible" && document.hasFocus());
        }
      }
    };
    looking.current ??= requestAnimationFrame(() => {
      looking.current = requestAnimationFrame(atRest);
    });
  }, [scroller]);
  useEffect(() => {
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
      cancelAnimationFrame(looking.current ?? 0);
      looking.current = undefined;
    };
  }, [look]);
  return look;
}

import { type RefObject, useCallback, useEffect, useRef } from "react";
import { isMessage, type Item } from "./item.js";
import { isAtRest, rowsInView } from "./rows.js";

/**
 * Tells what somebody looks at, if there is somebody: the page may be in the background, or another one in front of it.
 *
 * @param onSeen hears of the first and the last message in the view
 * @returns looks, from the next frame on, at what is in the view, once that has come to rest
 */
export function useLook(
  scroller: RefObject<HTMLElement | null>,
  items: readonly Item[],
  onSeen: (from: number, to: number) => void,
): () => void {
  const latest = useRef({ items, onSeen });
  useEffect(() => {
    latest.current = { items, onSeen };
  }, [items, onSeen]);
  const looking = useRef<number>(undefined);
  const look = useCallback(() => {
    const atRest = (): void => {
      looking.current = undefined;
      const rows = scroller.current === null ? [] : rowsInView(scroller.current);
      if (!rows.every(isAtRest)) {
        looking.current = requestAnimationFrame(atRest);
      } else if (document.visibilityState === "visible" && document.hasFocus()) {
        const { items, onSeen } = latest.current;
        const [first, last] = [rows[0], rows.at(-1)].map((row) => Number(row?.dataset["index"] ?? -1));
        const to = items.slice(0, (last ?? -1) + 1).findLast(isMessage)?.seq;
        const from = items.slice(first).find(isMessage)?.seq ?? to; // behind it there may be what is on its way alone
        if (from !== undefined && to !== undefined) {
          onSeen(from, to);
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

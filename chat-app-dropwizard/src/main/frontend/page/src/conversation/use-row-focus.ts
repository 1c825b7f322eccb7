import { type FocusEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { VirtualizerHandle } from "virtua";
import { isFocusLost } from "../ui/focus.js";
import { indexOfKey, isMessage, type Item, keyOf } from "./item.js";
import { focusSoon, holdFocus, isAtRest, rowsInView, wholeRowsInView } from "./rows.js";

/** While ever newer rows come in, none of which has been measured, so many frames are waited for the last one. */
const TRIES = 5;
/** A view that was scrolled by a page and has not moved for so many frames has come to rest; so many it takes at most. */
const RESTS = 3;
const PAGING = 60;

export interface RowFocus {
  /** Where the Tab key comes to: to the row that had the focus last, or else to one in view. */
  readonly stop: number;
  /** What is to be on the page wherever the view is: the row that had the focus last, and the hit; -1 where there is none. */
  readonly focusedIndex: number;
  readonly hitIndex: number;
  /** Which row a key leads to from the one that has the focus, if it leads to one. */
  readonly rowBy: (key: string) => number | undefined;
  /** The view is being scrolled by a page: once it has come to rest, the focus is in it. */
  readonly page: (key: "PageUp" | "PageDown") => void;
  readonly focusRow: (index: number) => void;
  /** Somebody goes to the end: from now on the focus belongs to the last row. */
  readonly toEnd: () => void;
  /** The last row has the focus as soon as it can have it. */
  readonly focusLast: () => void;
  /** What had the focus is gone: whoever tried again, or went to the end, has it where they wanted to be. */
  readonly recover: () => void;
  /** What has the focus now gives it to the hit that is on its way. */
  readonly awaitHit: () => void;
  /** Somebody has given a row the focus. */
  readonly focused: (item: Item) => void;
  readonly blurred: (event: FocusEvent<HTMLElement>) => void;
  /** What is in view; nothing, where the end is. */
  readonly seen: (items: readonly Item[]) => void;
}

/**
 * Where in a list of messages the focus is: it goes through rows that are not on the page, comes to a hit, and stays with its
 * message while others come in around it, or while all is loaded afresh.
 *
 * @param at the seq to go to, and to show
 * @param again another number, if it is the same place once more
 * @param isMeasured whether rows can be seen, and so can have the focus
 */
export function useRowFocus({
  scroller,
  view,
  items,
  me,
  at,
  again,
  isMeasured,
}: {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly view: RefObject<VirtualizerHandle | null>;
  readonly items: readonly Item[];
  readonly me: string;
  readonly at: number | undefined;
  readonly again: number;
  readonly isMeasured: boolean;
}): RowFocus {
  const [last, setLast] = useState<string>();
  /** Which message the Tab key comes to while none had the focus. */
  const [near, setNear] = useState<string>();
  /** Whether the focus is in a row, or was until that could not be seen any more. */
  const isHere = useRef(false);
  /** Whether somebody went to the end last. */
  const isAtEnd = useRef(false);
  /** What had the focus when somebody went to a place. */
  const before = useRef<Element>(null);

  const focusedIndex = indexOfKey(items, last, me);
  const nearIndex = focusedIndex < 0 ? indexOfKey(items, near, me) : -1;
  const end = items.length - 1;
  const stop = focusedIndex >= 0 ? focusedIndex : nearIndex >= 0 ? nearIndex : end;
  const latest = useRef({ stop, end });
  useEffect(() => {
    latest.current = { stop, end };
  }, [stop, end]);

  const rowAt = useCallback(
    (index: number) => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? undefined,
    [scroller],
  );
  const focusRow = useCallback(
    (index: number) => {
      const there = rowAt(index);
      if (there !== undefined) {
        there.focus({ preventScroll: true });
        there.scrollIntoView({ block: "nearest" });
      } else if (index >= 0 && index <= end) {
        view.current?.scrollToIndex(index, { align: "nearest" });
        focusSoon(() => rowAt(index));
      }
    },
    [view, rowAt, end],
  );
  const focusLast = useCallback(() => {
    let tries = 0;
    focusSoon(() => {
      const row = rowAt(latest.current.end);
      const isHidden = row === undefined || !isAtRest(row);
      return isHidden && tries++ >= TRIES && scroller.current !== null
        ? rowsInView(scroller.current).findLast(isAtRest)
        : row;
    });
  }, [scroller, rowAt]);

  const hitIndex = at === undefined ? -1 : items.findIndex((item) => isMessage(item) && item.seq === at);
  const isHitThere = hitIndex >= 0;
  useEffect(() => {
    before.current = document.activeElement;
    isAtEnd.current &&= at === undefined;
  }, [at, again]);
  useEffect(() => {
    if (!isHitThere || !isMeasured) {
      return undefined;
    }
    return focusSoon(() => scroller.current?.querySelector<HTMLElement>("[data-hit]"), before.current);
  }, [scroller, at, again, isHitThere, isMeasured]);

  // Where all was loaded afresh, the row that had the focus may be another one by now, or gone; a hit that comes has it.
  const [first] = items;
  const head = first === undefined ? undefined : keyOf(first, me);
  const hit = isHitThere ? `${at} ${again}` : undefined;
  const shown = useRef({ head, hit });
  useEffect(() => {
    const was = shown.current;
    shown.current = { head, hit };
    const isComing = hit !== undefined && hit !== was.hit;
    return head !== was.head && !isComing && isHere.current && !isAtEnd.current
      ? holdFocus(() => rowAt(latest.current.stop))
      : undefined;
  }, [rowAt, head, hit]);

  const paging = useRef(0);
  useEffect(
    () => () => {
      cancelAnimationFrame(paging.current);
    },
    [],
  );
  const page = (key: "PageUp" | "PageDown"): void => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    const { scrollTop: before, scrollHeight, clientHeight } = element;
    if (key === "PageUp" ? before <= 0 : scrollHeight - clientHeight - before <= 1) {
      focusRow(key === "PageUp" ? 0 : end);
      return;
    }
    const from = document.activeElement;
    let [at, rests, frames] = [before, 0, PAGING];
    const look = (): void => {
      rests = element.scrollTop !== before && element.scrollTop === at ? rests + 1 : 0;
      at = element.scrollTop;
      if (rests < RESTS && frames-- > 0) {
        paging.current = requestAnimationFrame(look);
      } else if (document.activeElement === from || isFocusLost()) {
        const rows = wholeRowsInView(element);
        (key === "PageUp" ? rows[0] : rows.at(-1))?.focus({ preventScroll: true }); // none within one higher than the view
      }
    };
    cancelAnimationFrame(paging.current);
    paging.current = requestAnimationFrame(look);
  };
  return {
    stop,
    focusedIndex,
    hitIndex,
    rowBy: (key) => ({ ArrowDown: stop + 1, ArrowUp: stop - 1, Home: 0, End: end })[key],
    page,
    focusRow,
    toEnd: useCallback(() => {
      isAtEnd.current = true;
    }, []),
    focusLast,
    recover: () => {
      if (isFocusLost() && (at === undefined || isAtEnd.current)) {
        focusLast();
      }
    },
    awaitHit: () => {
      before.current = document.activeElement;
    },
    focused: useCallback(
      (item: Item) => {
        isHere.current = true;
        isAtEnd.current = false;
        setLast(keyOf(item, me));
      },
      [me],
    ),
    blurred: ({ target, relatedTarget }) => {
      // A row that is measured anew loses the focus, too, and is given it back; whoever goes elsewhere is not.
      isHere.current &&= relatedTarget === null && !(document.hasFocus() && isAtRest(target));
    },
    seen: (items) => {
      const inView = items.map((item) => keyOf(item, me));
      setNear((near) => (near !== undefined && inView.includes(near) ? near : inView.at(-1)));
    },
  };
}

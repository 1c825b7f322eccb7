import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { VirtualizerHandle } from "virtua";
import { FRAMES, isAtRest, rowsInView } from "./rows.js";

/** So near to the end, somebody means to see what comes. */
export const NEAR_END = 40;

/** What is asked of the list that is in the view. */
type View = Pick<VirtualizerHandle, "findItemIndex" | "getItemOffset" | "getItemSize" | "scrollOffset">;

/** A message, and where in the view it is to be; a number is how far from its head, in pixels. */
export interface Place {
  readonly seq: number;
  readonly align: "start" | "center" | number;
}

/** Where a view is bound for. */
export interface Bound {
  /** Goes there: to the end, where it stays whatever comes, or to a place, which may be scrolled away once it is there. */
  readonly goTo: (to: "end" | Place) => void;
  /** Goes on to where it is bound for, after something has moved. */
  readonly follow: () => void;
  /** Somebody touches it, who is not to be drawn along. */
  readonly touch: () => void;
  /** It has been scrolled; @returns whether somebody scrolls back by hand, and not the list itself, as it does while rows are measured */
  readonly scrolled: (offset: number) => boolean;
  /**
   * Wherever it is now, there somebody wants it; unless it is under way, when it says to the end that it is where it was.
   *
   * @param isEnd whether the end of what is loaded is that of all
   */
  readonly settle: (isEnd: boolean) => void;
  readonly isGoing: () => boolean;
  readonly isToEnd: () => boolean;
  /** Whether it is bound for the end, or where somebody reads that is not among what is loaded now. */
  readonly isBeyond: () => boolean;
}

/**
 * Brings a view to where it is bound for, and keeps it on its way there while messages come in and rows are measured. A list
 * that scrolls to an index once does not: what is loaded in front meanwhile, or a row that is higher than it was thought to
 * be, would end it.
 *
 * @param indexOf where a message is, or the one behind it, or -1 if it is not there
 * @param seqAt which message is somewhere, if there is one
 * @param last the index of the last item
 * @param isShift whether items have come in front, around which the list itself keeps what is read in its place
 * @param held the index of what something is done with, which stays where it is in the view until that is over; else -1
 * @param isStill whether what is in the view stays there for now, though it is bound for the end
 * @param onArrived hears when it has arrived, or somebody has it go no further
 */
export function useBound({
  scroller,
  view,
  indexOf,
  seqAt,
  last,
  isShift,
  held,
  isStill,
  onArrived,
}: {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly view: RefObject<View | null>;
  readonly indexOf: (seq: number) => number;
  readonly seqAt: (index: number) => number | undefined;
  readonly last: number;
  readonly isShift: boolean;
  readonly held: number;
  readonly isStill: () => boolean;
  readonly onArrived: () => void;
}): Bound {
  const latest = useRef({ indexOf, seqAt, last, isShift, held, isStill, onArrived });
  useLayoutEffect(() => {
    latest.current = { indexOf, seqAt, last, isShift, held, isStill, onArrived };
  }, [indexOf, seqAt, last, isShift, held, isStill, onArrived]);
  /** How far from the head of the view that is which something is done with. */
  const heldAt = useRef(0);
  const isHeld = held >= 0;
  useLayoutEffect(() => {
    if (isHeld) {
      heldAt.current = (view.current?.getItemOffset(latest.current.held) ?? 0) - (scroller.current?.scrollTop ?? 0);
    }
  }, [scroller, view, isHeld]);
  const bound = useRef<"end" | "anywhere" | Place>("end");
  const frames = useRef(0);
  const frame = useRef(0);
  const aimed = useRef(-1);
  /** How far it was scrolled when it went to the end last. */
  const put = useRef(0);
  /** How high the view was when it was looked at last. */
  const height = useRef(0);
  /** What is at the head of the view where somebody reads. */
  const read = useRef<Place & { readonly index: number }>(undefined);
  const offsetBefore = useRef(0);
  /** Whether somebody has scrolled since it last went somewhere; and whether they are scrolling back. */
  const touched = useRef(false);
  const leaving = useRef(false);

  const arrive = useCallback(() => {
    frames.current = 0;
    cancelAnimationFrame(frame.current);
    if (typeof bound.current === "object") {
      bound.current = "anywhere";
    }
    latest.current.onArrived();
  }, []);
  const setOut = useCallback(() => {
    let rests = 0;
    const look = (): void => {
      rests = isThere(scroller.current, view.current, aimed.current, bound.current) ? rests + 1 : 0;
      frames.current--;
      if (rests > 1 || frames.current <= 0) {
        arrive();
      } else {
        frame.current = requestAnimationFrame(look);
      }
    };
    cancelAnimationFrame(frame.current);
    frames.current = FRAMES;
    frame.current = requestAnimationFrame(look);
  }, [scroller, view, arrive]);
  useEffect(() => {
    if (frames.current > 0) {
      setOut(); // effects may be run anew
    }
    return () => {
      cancelAnimationFrame(frame.current);
    };
  }, [setOut]);

  /** All may have been loaded afresh: then what is read is elsewhere in it. */
  const keep = useCallback(() => {
    if (read.current !== undefined && latest.current.seqAt(read.current.index) !== read.current.seq) {
      const index = latest.current.indexOf(read.current.seq);
      if (!latest.current.isShift) {
        bound.current = read.current;
        aimed.current = -1; // it may have been in the same place of other rows
      }
      read.current = index < 0 ? undefined : { ...read.current, index };
    }
  }, []);
  const follow = useCallback(() => {
    const element = scroller.current;
    height.current = element?.clientHeight ?? 0;
    if (bound.current === "anywhere" && latest.current.held < 0) {
      keep();
    }
    const to = bound.current;
    if (element === null || view.current === null) {
      return;
    }
    if (latest.current.held >= 0) {
      element.scrollTo({ top: view.current.getItemOffset(latest.current.held) - heldAt.current, behavior: "instant" });
      return;
    }
    if (to === "anywhere" || (to === "end" && frames.current === 0 && latest.current.isStill())) {
      return;
    }
    const index = to === "end" ? latest.current.last : latest.current.indexOf(to.seq);
    if (index < 0) {
      bound.current = "anywhere";
      return;
    }
    element.scrollTo({ top: offsetOf(element, view.current, index, to), behavior: "instant" });
    if (to === "end") {
      put.current = element.scrollTop;
    } else if (index !== aimed.current) {
      setOut(); // what was loaded in front of it has put it elsewhere
    }
    aimed.current = index;
  }, [scroller, view, keep, setOut]);
  const goTo = useCallback(
    (to: "end" | Place) => {
      bound.current = to;
      touched.current = leaving.current = false;
      setOut();
      follow();
    },
    [follow, setOut],
  );
  const touch = useCallback(() => {
    touched.current = true;
    if (frames.current > 0) {
      arrive();
    }
  }, [arrive]);
  return useMemo(() => {
    const left = (): number => {
      const { scrollHeight = 0, clientHeight = 0, scrollTop = 0 } = scroller.current ?? {};
      return scrollHeight - clientHeight - scrollTop;
    };
    /** What comes, and has yet to be followed, takes the end away from under it; somebody who leaves it scrolls back. */
    const isLeft = (): boolean => {
      const { scrollTop = 0 } = scroller.current ?? {};
      return bound.current !== "end" || Math.min(put.current, scrollTop + left()) - scrollTop > NEAR_END;
    };
    return {
      goTo,
      follow,
      touch,
      scrolled: (offset) => {
        const isResized = scroller.current?.clientHeight !== height.current;
        if (isResized) {
          follow(); // nobody scrolled: for a moment it was so high that it could not be scrolled as far
        }
        const isMoved = isResized || latest.current.held >= 0;
        leaving.current = touched.current && !isMoved && offset < offsetBefore.current && left() > 1;
        offsetBefore.current = offset;
        return leaving.current;
      },
      settle: (isEnd) => {
        if (frames.current === 0 && latest.current.held < 0) {
          const isNear = left() <= NEAR_END || !isLeft();
          bound.current = isEnd && isNear && !leaving.current ? "end" : "anywhere";
          read.current =
            bound.current === "end" || view.current === null ? undefined : headOf(view.current, latest.current);
        }
      },
      isGoing: () => frames.current > 0,
      isToEnd: () => bound.current === "end",
      isBeyond: () =>
        bound.current === "end" ||
        (bound.current === "anywhere" && read.current !== undefined && latest.current.indexOf(read.current.seq) < 0),
    };
  }, [scroller, view, goTo, follow, touch]);
}

/** How far a view is scrolled when a row is where it is to be, or as near to that as it can be. */
function offsetOf(scroller: HTMLElement, view: View, index: number, to: "end" | Place): number {
  const most = scroller.scrollHeight - scroller.clientHeight;
  if (to === "end") {
    return most;
  }
  const space =
    typeof to.align === "number"
      ? to.align
      : to.align === "center"
        ? Math.max(0, scroller.clientHeight - view.getItemSize(index)) / 2 // of what is higher than the view, its beginning
        : 0;
  return Math.max(0, Math.min(view.getItemOffset(index) - space, most));
}

/** The first message of which something is in the view. */
function headOf(
  view: View,
  { seqAt, last }: { readonly seqAt: (index: number) => number | undefined; readonly last: number },
): (Place & { readonly index: number }) | undefined {
  for (let index = view.findItemIndex(view.scrollOffset); index <= last; index++) {
    const seq = seqAt(index);
    if (seq !== undefined) {
      return { seq, align: view.getItemOffset(index) - view.scrollOffset, index };
    }
  }
  return undefined;
}

/** Whether a view is where it is bound for, and all that is in it has come to rest. */
function isThere(
  scroller: HTMLElement | null,
  view: View | null,
  index: number,
  to: "end" | "anywhere" | Place,
): boolean {
  if (scroller === null || view === null || to === "anywhere") {
    return true;
  }
  const rows = rowsInView(scroller);
  const isAt = (offset: number): boolean => Math.abs(scroller.scrollTop - offset) <= 1;
  return (
    isAt(view.scrollOffset) && isAt(offsetOf(scroller, view, index, to)) && rows.length > 0 && rows.every(isAtRest)
  );
}

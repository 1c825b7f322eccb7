import type { Message } from "@message-center/client";
import { ArrowDown } from "lucide-react";
import {
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useTexts } from "../i18n/language.js";
import { writtenShort } from "../i18n/numbers.js";
import { useOfChat } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { useWhenClosed } from "../ui/focus.js";
import { gapOf, indexOfKey, isMessage, isMine, type Item, keyOf, placeOf } from "./item.js";
import { type Marks, MessageRow, type RowActions, tickShown } from "./message-row.js";
import { type Tick, tickOf } from "./ticks.js";
import { NEAR_END, useBound } from "./use-bound.js";
import { type End, useFurther } from "./use-further.js";
import { useInSteps } from "./use-in-steps.js";
import { useLook } from "./use-look.js";
import { usePress } from "./use-press.js";
import { isSelected, useReleased } from "./use-released.js";
import { useRowFocus } from "./use-row-focus.js";
import { useTyped } from "./use-typed.js";
import "./message-list.css";

export interface MessageListHandle {
  readonly focusLast: () => void;
  /** Goes to the end, and stays there, once what comes is there. */
  readonly stick: () => void;
  /** Stays where it is bound for, after what is around the list has changed. */
  readonly follow: () => void;
}

/**
 * The messages, of which only those that can be seen are on the page. It stays at its end while it is there, and at its
 * place while older messages are loaded in front of it.
 */
export function MessageList({
  me,
  user,
  items: all,
  marks,
  unread,
  firstUnread,
  at,
  again,
  hasOlder,
  hasNewer,
  newestWished,
  newestFailed,
  placeFailed,
  held,
  onOlder,
  onNewer,
  onToNewest,
  onPlace,
  onElsewhere,
  onRead,
  onSeen,
  onMenu,
  onJump,
  handle,
}: {
  readonly me: string;
  readonly user: string;
  readonly items: readonly Item[];
  readonly marks: Marks;
  readonly unread: number;
  /** The seq of the first message that was new when the conversation was opened. */
  readonly firstUnread: number | undefined;
  /** The seq to go to, and to show. */
  readonly at: number | undefined;
  /** Another number, if it is the same place once more. */
  readonly again: number;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Whether somebody wishes to see the newest, which are not loaded yet. */
  readonly newestWished: boolean;
  /** Whether they could not be loaded so far. */
  readonly newestFailed: boolean;
  /** Whether the place that was asked for could not be loaded. */
  readonly placeFailed: boolean;
  /** What something is done with, and is to stay where it is meanwhile. */
  readonly held: Item | undefined;
  readonly onOlder: () => Promise<void>;
  readonly onNewer: () => Promise<void>;
  readonly onToNewest: () => void;
  /** Goes once more to where one could not go. */
  readonly onPlace: () => void;
  /** Somebody who wished to see the newest has scrolled back meanwhile. */
  readonly onElsewhere: () => void;
  /** Somebody reads from a place on, which is none at the end. */
  readonly onRead: (from: number | undefined) => void;
  /** Somebody looks at everything from a place to another one. */
  readonly onSeen: (from: number, to: number) => void;
  readonly onMenu: RowActions["menu"];
  readonly onJump: (message: Message) => void;
  readonly handle: RefObject<MessageListHandle | null>;
}): ReactNode {
  const texts = useTexts();
  const connected = useOfChat((chat) => chat.state.name === "connected");
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useRef<VirtualizerHandle>(null);
  const [isAway, setAway] = useState(false);
  const { load, loads, isLoading, failed, retry } = useFurther({
    view: virtualizer,
    connected,
    hasOlder,
    hasNewer,
    onOlder,
    onNewer,
  });

  // Until what is there has been measured, it moves; then it is shown.
  const [isMeasured, setMeasured] = useState(false);
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        setMeasured(true);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, []);

  const { shown: items, isShift } = useInSteps(
    all,
    me,
    useCallback(() => {
      scroller.current?.dispatchEvent(new Event("scroll"));
    }, []),
  );
  const typed = useTyped();
  const press = usePress();
  const focus = useRowFocus({ scroller, view: virtualizer, items, me, at, again, isMeasured });
  const { focusRow, focused, toEnd: focusAtEnd } = focus;

  const heldIndex = indexOfKey(items, held && keyOf(held, me), me);

  /** How much there is below the view; none as long as that has not been measured, or while something else is shown. */
  const below = (): number | undefined => {
    const view = virtualizer.current;
    return view === null || view.viewportSize === 0 || scroller.current?.clientHeight === 0
      ? undefined
      : view.scrollSize - view.viewportSize - view.scrollOffset;
  };
  const judge = (): void => {
    const left = below() ?? 0;
    setAway(
      (left > (virtualizer.current?.viewportSize ?? 0) / 2 && (isSelected(scroller.current) || !bound.isToEnd())) ||
        hasNewer,
    );
  };
  const moved = (): void => {
    const view = virtualizer.current;
    const left = below();
    if (view === null || left === undefined) {
      return; // it will be moved once it is
    }
    if (bound.isToEnd() && typed.current) {
      bound.follow(); // nobody scrolled
      return;
    }
    const [from = 0, to = 0] = [view.scrollOffset, view.scrollOffset + view.viewportSize - 8].map((at) =>
      view.findItemIndex(at),
    );
    bound.settle(!hasNewer);
    judge();
    focus.seen(left <= NEAR_END ? [] : items.slice(from, to + 1));
    loadNear();
    look();
  };
  const bound = useBound({
    scroller,
    view: virtualizer,
    indexOf: (seq) => indexOfSeq(items, hasOlder, seq),
    seqAt: (index) => {
      const item = items[index];
      return item !== undefined && isMessage(item) ? item.seq : undefined;
    },
    last: items.length - 1,
    isShift,
    held: heldIndex,
    isStill: () => isSelected(scroller.current),
    onArrived: () => {
      moved();
      loadNear();
    },
  });
  const look = useLook(scroller, items, (from, to, isLookedAt) => {
    onRead(bound.isToEnd() ? undefined : from);
    if (isLookedAt) {
      onSeen(from, to);
    }
  });
  const scrolled = (offset: number): void => {
    if (bound.scrolled(offset)) {
      onElsewhere();
    }
    moved();
  };
  const loadNear = (): void => {
    // Before it has arrived, it is near to what it leaves; and what is loaded is to go where the newest come instead.
    if (!bound.isGoing() && !newestWished) {
      void load();
    }
  };

  const latestMoved = useRef({ moved, judge, loadNear });
  useEffect(() => {
    latestMoved.current = { moved, judge, loadNear };
  });

  // First at the place that was asked for, else at what is new, else at the end; then wherever it is asked for, once that is
  // there, also where it is the same as before.
  const asked = useRef<{ readonly place: string; readonly isDue: boolean }>(undefined);
  useLayoutEffect(() => {
    const place = at === undefined ? "end" : `${at} ${again}`;
    const isFirst = asked.current === undefined;
    const isDue = asked.current?.place === place ? asked.current.isDue : isFirst || at !== undefined;
    const target = isDue ? (at ?? firstUnread) : undefined;
    const isThere = target !== undefined && indexOfSeq(items, hasOlder, target) >= 0;
    asked.current = { place, isDue: isDue && !isThere && at !== undefined };
    if (isThere) {
      bound.goTo({ seq: target, align: at === undefined ? "start" : "center" });
    } else if (isFirst) {
      bound.goTo("end");
    }
  }, [at, again, firstUnread, items, hasOlder, bound]);

  // All was loaded afresh around what had been read; whoever went on to the end meanwhile, or near it, is elsewhere now.
  const hadNewer = useRef(hasNewer);
  useLayoutEffect(() => {
    const isElsewhere = hasNewer && !hadNewer.current && at === undefined && bound.isBeyond();
    hadNewer.current = hasNewer;
    if (isElsewhere) {
      onToNewest();
    }
  }, [hasNewer, at, bound, onToNewest]);
  useLayoutEffect(() => {
    bound.follow();
  }, [items, marks, heldIndex, bound]);
  useReleased(scroller, bound.follow);

  useEffect(() => {
    latestMoved.current.judge(); // what comes below moves nothing
    latestMoved.current.loadNear(); // what is loaded may not fill the view
    look();
  }, [items, connected, loads, load, look]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || !("ResizeObserver" in globalThis)) {
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      bound.follow();
      latestMoved.current.moved();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [bound]);

  const toEnd = useCallback(() => {
    if (isSelected(scroller.current)) {
      getSelection()?.removeAllRanges(); // which would hold what comes then
    }
    focusAtEnd();
    bound.goTo("end");
  }, [focusAtEnd, bound]);
  useWhenClosed(focus.recover, newestFailed, isAway);
  useImperativeHandle(
    handle,
    () => ({
      focusLast: () => {
        focusRow(items.length - 1);
      },
      stick: toEnd,
      follow: bound.follow,
    }),
    [focusRow, items.length, toEnd, bound],
  );

  const actions = useMemo<RowActions>(
    () => ({
      menu: onMenu,
      jump: onJump,
      focused,
    }),
    [onMenu, onJump, focused],
  );
  const unreadIndex =
    firstUnread === undefined ? -1 : items.findIndex((item) => isMessage(item) && item.seq >= firstUnread);
  const gap = gapOf(items, hasNewer);
  const divided = (index: number): boolean => index === unreadIndex || index === gap;

  return (
    <div className="messages">
      {placeFailed ? (
        <Missing
          what="place"
          onRetry={() => {
            focus.awaitHit();
            onPlace();
          }}
        />
      ) : (
        failed === "older" && (
          <Missing
            what="older"
            onRetry={() => {
              focusRow(0); // from where one goes on
              retry();
            }}
          />
        )
      )}
      <div
        ref={scroller}
        className="messages-scroll scroll"
        role="feed"
        tabIndex={-1}
        aria-label={texts.messagesWith(user)}
        aria-busy={isLoading}
        data-measured={isMeasured || undefined}
        {...press}
        onWheel={bound.touch}
        onTouchMove={bound.touch}
        onPointerDown={bound.touch}
        onBlur={focus.blurred}
        onKeyDown={(event) => {
          bound.touch();
          const isRow = (event.target as HTMLElement).dataset["index"] !== undefined;
          const to = focus.rowBy(event.key);
          if (isRow && (event.key === "PageUp" || event.key === "PageDown")) {
            focus.page(event.key);
          }
          if (isRow && to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            if (event.key === "End" && !hasNewer) {
              toEnd(); // and stays there, whatever comes
              focus.focusLast();
            } else {
              focusRow(to);
            }
          }
        }}
      >
        <div className="messages-spring" />
        <Virtualizer
          ref={virtualizer}
          scrollRef={scroller}
          data={items}
          shift={isShift}
          itemSize={48}
          bufferSize={400}
          onScroll={scrolled}
          onScrollEnd={() => {
            scrolled(virtualizer.current?.scrollOffset ?? 0);
          }}
          onResize={bound.follow}
          keepMounted={[focus.focusedIndex, focus.hitIndex].filter((index) => index >= 0)}
        >
          {(item, index) => {
            const mine = isMine(item, me);
            const place = placeOf(items, index, me, divided);
            const next = items[index + 1];
            return (
              <MessageRow
                key={keyOf(item, me)}
                item={item}
                index={index}
                count={hasOlder || hasNewer ? -1 : items.length}
                user={user}
                mine={mine}
                day={place.day}
                first={place.first}
                last={place.last}
                tick={
                  mine
                    ? tickShown(
                        tickFor(item, marks),
                        next !== undefined && isMine(next, me) && !isUnsent(next) ? tickFor(next, marks) : undefined,
                        place,
                      )
                    : undefined
                }
                hit={index === focus.hitIndex}
                stop={index === focus.stop}
                firstOfAll={index === 0 && !hasOlder}
                firstUnread={index === unreadIndex}
                behindGap={index === gap}
                actions={actions}
              />
            );
          }}
        </Virtualizer>
      </div>
      {(failed === "newer" || newestFailed) && (
        <Missing
          what="newer"
          onRetry={() => {
            if (newestFailed) {
              onToNewest(); // the focus stays here until they are there
            } else {
              focusRow(items.length - 1);
              retry();
            }
          }}
        />
      )}
      {isAway && (
        <button
          type="button"
          className="to-newest"
          aria-label={unread > 0 ? texts.toNewestUnread(unread) : texts.toNewest}
          title={texts.toNewest}
          onClick={() => {
            toEnd();
            if (hasNewer || at !== undefined) {
              onToNewest();
            }
          }}
        >
          <ArrowDown size={20} />
          {unread > 0 && <span className="badge">{writtenShort(unread)}</span>}
        </button>
      )}
    </div>
  );
}

/** Where a message is, or the one behind it if it is not kept any more; -1 as long as those are not loaded. */
function indexOfSeq(items: readonly Item[], hasOlder: boolean, seq: number): number {
  const first = items.find(isMessage)?.seq ?? 0;
  return hasOlder && first > seq ? -1 : items.findIndex((item) => isMessage(item) && item.seq >= seq);
}

function isUnsent(item: Item): boolean {
  return isMessage(item) && item.deleted;
}

function tickFor(item: Item, marks: Marks): Tick {
  return isMessage(item) ? tickOf(item.seq, marks) : item.state;
}

/** Says that something could not be loaded. */
function Missing({ what, onRetry }: { readonly what: End | "place"; readonly onRetry: () => void }): ReactNode {
  const texts = useTexts();
  return (
    <p className="messages-failed" role="alert" data-end={what}>
      {{ older: texts.olderFailed, newer: texts.newerFailed, place: texts.placeFailed }[what]}
      <Button kind="plain" onClick={onRetry}>
        {texts.tryAgain}
      </Button>
    </p>
  );
}

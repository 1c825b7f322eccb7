import { ChatProblem, isPassing } from "@message-center/client";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { VirtualizerHandle } from "virtua";

/** So near to an end of what is loaded, more is loaded. */
const NEAR = 800;
/** So long after what was loaded has come it is on the page, in milliseconds. */
const AGAIN = 100;
/** So long after the first failure it is tried again, in milliseconds; then after twice as long. */
const RETRY = 2_000;
const LATEST_RETRY = 30_000;

/** An end of what is loaded. */
export type End = "older" | "newer";

/** Nothing is loaded before it is over. */
interface Hold {
  /** Whether the service has asked for it. */
  readonly asked: boolean;
  /** None where it would fail again. */
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** Loads what is behind the ends of what is loaded whenever one of them is near; where that has failed, again by itself. */
export function useFurther({
  view,
  connected,
  hasOlder,
  hasNewer,
  onOlder,
  onNewer,
}: {
  readonly view: RefObject<VirtualizerHandle | null>;
  readonly connected: boolean;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly onOlder: () => Promise<void>;
  readonly onNewer: () => Promise<void>;
}): {
  readonly load: () => Promise<void>;
  /** Goes up when it is time to look whether more is wanted. */
  readonly loads: number;
  readonly isLoading: boolean;
  /** At which end something is missing that could not be loaded, while that end is near. */
  readonly failed: End | undefined;
  /** Tries again now. */
  readonly retry: () => void;
} {
  const loading = useRef(false);
  const [isLoading, setLoading] = useState(false);
  const [loads, setLoads] = useState(0);
  const [failed, setFailed] = useState<End>();
  const hold = useRef<Hold>(undefined);
  const wait = useRef(RETRY);

  const retry = useCallback(() => {
    clearTimeout(hold.current?.timer);
    hold.current = undefined;
    setLoads((loads) => loads + 1);
  }, []);
  useEffect(
    () => () => {
      clearTimeout(hold.current?.timer);
    },
    [],
  );
  useEffect(() => {
    if (connected && hold.current?.asked === false) {
      retry(); // there was no connection, perhaps
    }
  }, [connected, retry]);

  const load = useCallback(async () => {
    const end = nearEnd(view.current, hasOlder, hasNewer);
    if (end === undefined || hold.current !== undefined) {
      setFailed(end);
      return;
    } else if (loading.current) {
      return;
    }
    loading.current = true;
    setLoading(true);
    try {
      await (end === "older" ? onOlder() : onNewer());
      wait.current = RETRY;
      setFailed(undefined);
      // Whoever scrolled on in the meantime may be near the end of this, too; and at the very end no scrolling tells.
      setTimeout(() => {
        setLoads((loads) => loads + 1);
      }, AGAIN);
    } catch (failure) {
      const retryAfter = failure instanceof ChatProblem ? failure.retryAfter : undefined;
      const millis = Math.max(wait.current, (retryAfter ?? 0) * 1_000);
      wait.current = Math.min(2 * wait.current, LATEST_RETRY);
      hold.current = {
        asked: retryAfter !== undefined,
        timer: isPassing(failure) ? setTimeout(retry, millis) : undefined,
      };
      setFailed(end);
    }
    loading.current = false;
    setLoading(false);
  }, [view, hasOlder, hasNewer, onOlder, onNewer, retry]);

  return { load, loads, isLoading, failed, retry };
}

function nearEnd(view: VirtualizerHandle | null, hasOlder: boolean, hasNewer: boolean): End | undefined {
  if (view === null) {
    return undefined;
  } else if (hasOlder && view.scrollOffset < NEAR) {
    return "older";
  }
  return hasNewer && view.scrollOffset + view.viewportSize > view.scrollSize - NEAR ? "newer" : undefined;
}

import { type RefObject, useCallback, useRef, useState } from "react";
import type { VirtualizerHandle } from "virtua";
import { useRetry } from "./use-retry.js";

/** So near to an end of what is loaded, more is loaded. */
const NEAR = 800;
/** So long after what was loaded has come it has been measured, in milliseconds. */
const AGAIN = 100;

/** An end of what is loaded. */
export type End = "older" | "newer";

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
  const retry = useRetry(
    connected,
    useCallback(() => {
      setLoads((loads) => loads + 1);
    }, []),
  );

  const load = useCallback(async () => {
    const end = nearEnd(view.current, hasOlder, hasNewer);
    if (end === undefined || retry.isHeld()) {
      setFailed(end);
      return;
    } else if (loading.current) {
      return;
    }
    loading.current = true;
    setLoading(true);
    try {
      await (end === "older" ? onOlder() : onNewer());
      retry.succeeded();
      setFailed(undefined);
      // Whoever scrolled on in the meantime may be near the end of this, too; and at the very end no scrolling tells.
      setTimeout(() => {
        setLoads((loads) => loads + 1);
      }, AGAIN);
    } catch (failure) {
      retry.failed(failure);
      setFailed(end);
    }
    loading.current = false;
    setLoading(false);
  }, [view, hasOlder, hasNewer, onOlder, onNewer, retry]);

  return { load, loads, isLoading, failed, retry: retry.now };
}

function nearEnd(view: VirtualizerHandle | null, hasOlder: boolean, hasNewer: boolean): End | undefined {
  if (view === null) {
    return undefined;
  } else if (hasOlder && view.scrollOffset < NEAR) {
    return "older";
  }
  return hasNewer && view.scrollOffset + view.viewportSize > view.scrollSize - NEAR ? "newer" : undefined;
}

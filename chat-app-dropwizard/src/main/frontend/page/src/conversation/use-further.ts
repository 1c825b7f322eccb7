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
  const again = useCallback(() => {
    setLoads((loads) => loads + 1);
  }, []);
  const [retryOlder, retryNewer] = [useRetry(connected, again), useRetry(connected, again)];

  const load = useCallback(async () => {
    const retries = { older: retryOlder, newer: retryNewer };
    const near = nearEnds(view.current, hasOlder, hasNewer);
    const held = near.find((end) => retries[end].isHeld());
    setFailed((failed) => near.find((end) => end === failed) ?? held); // until it is there
    const end = near.find((end) => !retries[end].isHeld());
    if (end === undefined || loading.current) {
      return;
    }
    loading.current = true;
    setLoading(true);
    try {
      await (end === "older" ? onOlder() : onNewer());
      retries[end].succeeded();
      setFailed((failed) => (failed === end ? undefined : failed));
    } catch (failure) {
      retries[end].failed(failure);
      setFailed((failed) => failed ?? end);
    }
    loading.current = false;
    setLoading(false);
    // Whoever scrolled on in the meantime may be near the end of this, or to the other one; and there no scrolling tells.
    setTimeout(again, AGAIN);
  }, [view, hasOlder, hasNewer, onOlder, onNewer, retryOlder, retryNewer, again]);

  return { load, loads, isLoading, failed, retry: failed === "newer" ? retryNewer.now : retryOlder.now };
}

/** Of two that are near, the older one first. */
function nearEnds(view: VirtualizerHandle | null, hasOlder: boolean, hasNewer: boolean): readonly End[] {
  if (view === null) {
    return [];
  }
  const near: End[] = [];
  if (hasOlder && view.scrollOffset < NEAR) {
    near.push("older");
  }
  if (hasNewer && view.scrollOffset + view.viewportSize > view.scrollSize - NEAR) {
    near.push("newer");
  }
  return near;
}

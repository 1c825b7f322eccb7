import { ChatProblem, type Page } from "@message-center/client";
import { useCallback, useEffect, useRef, useState } from "react";

/** A list that is loaded page by page. */
export interface Pages<T> {
  /** The key that the items belong to: an earlier one, while those of the present one are on their way. */
  readonly of: string | undefined;
  readonly items: readonly T[];
  readonly state: "loading" | "loaded" | "failed";
  /** Why they could not be loaded. */
  readonly failure: unknown;
  readonly hasMore: boolean;
  readonly more: () => void;
  /** Tries again what has failed, be it the next page or all. */
  readonly retry: () => void;
}

/** Asks again where too much was asked, once the service is ready to answer. */
async function patiently<T>(ask: () => Promise<T>, isOver: () => boolean): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (failure) {
      if (isOver() || !(failure instanceof ChatProblem) || failure.status !== 429) {
        throw failure;
      }
      const { retryAfter = 1 } = failure;
      await new Promise((resolve) => setTimeout(resolve, retryAfter * 1_000));
      if (isOver()) {
        throw failure;
      }
    }
  }
}

/**
 * Loads a list, and anew when its key changes; answers to an earlier key that come late are of no interest.
 * @param wait milliseconds in which the key may still change
 */
export function usePages<T>(key: string, first: () => Promise<Page<T>>, wait = 0): Pages<T> {
  const [{ of, items, state: stateOfThose, failure, next }, setPages] = useState<{
    of: string | undefined;
    items: readonly T[];
    state: Pages<T>["state"];
    failure?: unknown;
    next: Page<T>["next"];
  }>({ of: undefined, items: [], state: "loading", next: undefined });
  const state = of === key ? stateOfThose : "loading"; // what is known of another key says nothing of this one
  const [attempt, setAttempt] = useState(0);
  const turn = useRef(0);
  const latest = useRef(first);
  useEffect(() => {
    latest.current = first;
  });

  const load = useCallback(async (of: string, page: () => Promise<Page<T>>, before: readonly T[]) => {
    const mine = ++turn.current;
    const isOver = (): boolean => mine !== turn.current;
    setPages((now) => ({ ...now, state: "loading" }));
    try {
      let { items, next } = await patiently(page, isOver);
      // A page that has nothing does not say that there is nothing on the next one.
      while (items.length === 0 && next !== undefined && !isOver()) {
        ({ items, next } = await patiently(next, isOver));
      }
      if (mine === turn.current) {
        setPages({ of, items: [...before, ...items], state: "loaded", next });
      }
    } catch (failure) {
      if (mine === turn.current) {
        setPages((now) => ({ ...now, of, items: before, state: "failed", failure }));
      }
    }
  }, []);

  /** Nobody waits any more for what is on its way. */
  const stop = useCallback(() => {
    turn.current++;
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => void load(key, () => latest.current(), []), wait);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [key, attempt, wait, load, stop]);

  const more = useCallback(() => {
    if (next !== undefined && state !== "loading") {
      void load(key, next, items);
    }
  }, [key, next, state, items, load]);
  const retry = useCallback(() => {
    setAttempt((attempt) => attempt + 1);
  }, []);
  return {
    of,
    items,
    state,
    failure,
    hasMore: next !== undefined,
    more,
    retry: items.length > 0 && of === key ? more : retry,
  };
}

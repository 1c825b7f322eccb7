import { ChatProblem, isPassing } from "@message-center/client";
import { useCallback, useEffect, useMemo, useRef } from "react";

/** So long after the first failure it is tried again, in milliseconds; then after twice as long. */
const RETRY = 2_000;
const LATEST_RETRY = 30_000;

/** Nothing is tried before it is over. */
interface Hold {
  /** Whether the service has asked for it. */
  readonly asked: boolean;
  /** None where it would fail again. */
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** Whoever tries says how it went. */
export interface Retry {
  /** Whether it is yet to be tried again. */
  readonly isHeld: () => boolean;
  /** Or nobody wants it any more. */
  readonly succeeded: () => void;
  readonly failed: (failure: unknown) => void;
  /** Tries again now. */
  readonly now: () => void;
}

/** Tries again what has failed, later and later, and as soon as there is a connection; not by itself where it would fail again. */
export function useRetry(connected: boolean, attempt: () => void): Retry {
  const hold = useRef<Hold>(undefined);
  const wait = useRef(RETRY);
  const now = useCallback(() => {
    clearTimeout(hold.current?.timer);
    hold.current = undefined;
    attempt();
  }, [attempt]);
  useEffect(
    () => () => {
      clearTimeout(hold.current?.timer);
    },
    [],
  );
  useEffect(() => {
    if (connected && hold.current?.asked === false) {
      now(); // there was no connection, perhaps
    }
  }, [connected, now]);
  return useMemo(
    () => ({
      isHeld: () => hold.current !== undefined,
      succeeded: () => {
        clearTimeout(hold.current?.timer);
        hold.current = undefined;
        wait.current = RETRY;
      },
      failed: (failure) => {
        const retryAfter = failure instanceof ChatProblem ? failure.retryAfter : undefined;
        const millis = Math.max(wait.current, (retryAfter ?? 0) * 1_000);
        wait.current = Math.min(2 * wait.current, LATEST_RETRY);
        hold.current = {
          asked: retryAfter !== undefined,
          timer: isPassing(failure) ? setTimeout(now, millis) : undefined,
        };
      },
      now,
    }),
    [now],
  );
}

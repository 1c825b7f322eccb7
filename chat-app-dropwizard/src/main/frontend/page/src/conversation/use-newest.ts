import { useCallback, useEffect, useState } from "react";
import { useChat, useOfChat } from "../session/use-session.js";
import { useRetry } from "./use-retry.js";

/**
 * Loads the newest messages instead of what is loaded, when somebody wishes to see them; where that has failed, again by itself.
 *
 * @param at the place that is shown, while the newest are not asked for
 * @param onThere hears when they are there
 */
export function useNewest(
  user: string,
  at: number | undefined,
  onThere: () => void,
): {
  /** Also where it has failed: then it is tried again now. */
  readonly wish: () => void;
  /** Whoever looks elsewhere does not wish it any more. */
  readonly drop: () => void;
  readonly wished: boolean;
  /** Whether they are wished for, and could not be loaded so far. */
  readonly failed: boolean;
} {
  const chat = useChat();
  const connected = useOfChat((chat) => chat.state.name === "connected");
  const [wish, setWish] = useState<object>();
  const [failed, setFailed] = useState(false);
  const retry = useRetry(
    connected,
    useCallback(() => {
      setWish({});
    }, []),
  );
  const drop = useCallback(() => {
    retry.succeeded();
    setWish(undefined);
    setFailed(false);
  }, [retry]);
  if (at !== undefined && failed) {
    setWish(undefined);
    setFailed(false);
  }
  useEffect(() => {
    if (at !== undefined) {
      retry.succeeded();
    }
  }, [at, retry]);
  useEffect(() => {
    if (wish === undefined || at !== undefined) {
      return undefined;
    }
    const elsewhere = new AbortController();
    const { signal } = elsewhere;
    const { model } = chat;
    (model.hasNewer(user) ? model.open(user, signal) : Promise.resolve()).then(
      () => {
        if (!signal.aborted) {
          drop();
          onThere();
        }
      },
      (failure: unknown) => {
        if (!signal.aborted) {
          retry.failed(failure);
          setFailed(true);
        }
      },
    );
    return () => {
      elsewhere.abort();
    };
  }, [chat, user, at, wish, retry, drop, onThere]);
  const isUnderWay = wish !== undefined && !failed;
  const { now } = retry;
  const wishNow = useCallback(() => {
    if (!isUnderWay) {
      now();
    }
  }, [isUnderWay, now]);
  return {
    wish: wishNow,
    drop,
    wished: wish !== undefined && at === undefined,
    failed: failed && at === undefined,
  };
}

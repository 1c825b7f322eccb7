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
  useEffect(() => {
    if (wish === undefined || at !== undefined) {
      return undefined;
    }
    let current = true;
    const { model } = chat;
    (model.hasNewer(user) ? model.open(user) : Promise.resolve()).then(
      () => {
        if (current) {
          retry.succeeded();
          setFailed(false);
          setWish(undefined);
          onThere();
        }
      },
      (failure: unknown) => {
        if (current) {
          retry.failed(failure);
          setFailed(true);
        }
      },
    );
    return () => {
      current = false;
    };
  }, [chat, user, at, wish, retry, onThere]);
  return { wish: retry.now, failed: failed && at === undefined };
}

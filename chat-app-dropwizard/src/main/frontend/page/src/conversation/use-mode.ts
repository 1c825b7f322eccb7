import { useCallback, useEffect, useState } from "react";
import { type Begun, begun, begunKey, isKept } from "../session/traces.js";
import { useChat, useOfChat } from "../session/use-session.js";
import type { ComposerMode } from "./composer.js";

/**
 * What is being written to somebody besides a draft, kept wherever one looks meanwhile, and also over a reload. All tabs have
 * the same: what was saved or sent in one goes on in none.
 */
export function useMode(user: string): {
  /** None, too, while its message is not there yet. */
  readonly mode: ComposerMode;
  /** What an edit had come to when the conversation was left; another object each time that another tab changes it. */
  readonly begun: Begun | undefined;
  readonly setMode: (mode: ComposerMode) => void;
  readonly keepText: (text: string | undefined) => void;
} {
  const chat = useChat();
  const [state, setState] = useState(() => begun(chat.user, user));
  const put = useCallback(
    (now: Begun | undefined) => {
      chat.keepBegun(user, now);
    },
    [chat, user],
  );
  useEffect(() => {
    const hear = ({ key: name }: StorageEvent): void => {
      // What was written here and is not kept, the other tab has not seen.
      if (name === begunKey(chat.user, user) && isKept(name)) {
        setState(begun(chat.user, user));
      }
    };
    addEventListener("storage", hear);
    return () => {
      removeEventListener("storage", hear);
    };
  }, [chat, user]);
  const found = useOfChat((chat) => (state === undefined ? undefined : chat.quoted(user, state.id)));
  const [last, setLast] = useState(found);
  if (found !== undefined && found !== last) {
    setLast(found); // and stays until it is known to be another, as while all is loaded afresh
  }
  const message = found ?? (last?.id === state?.id ? last : undefined);
  // What an edit has come to stays, and says that its message was unsent; its composer ends it where it had come to nothing.
  const isGone = state !== undefined && (found === null || (state.type === "reply" && message?.deleted === true));
  useEffect(() => {
    if (isGone) {
      put(undefined);
    }
  }, [isGone, put]);
  const setMode = useCallback(
    (mode: ComposerMode) => {
      const now = mode && { type: mode.type, id: mode.message.id };
      put(now);
      setState(now);
      setLast(mode?.message);
    },
    [put],
  );
  const keepText = useCallback(
    (text: string | undefined) => {
      const now = begun(chat.user, user);
      if (now !== undefined) {
        put({ ...now, text });
      }
    },
    [chat, user, put],
  );
  return {
    mode: state === undefined || isGone || !message ? undefined : { type: state.type, message },
    begun: state,
    setMode,
    keepText,
  };
}

import { useCallback, useState } from "react";
import type { Chat } from "../session/chat.js";
import { useChat } from "../session/use-session.js";
import type { ComposerMode } from "./composer.js";

interface Begun {
  readonly mode: ComposerMode;
  /** What an edit has come to. */
  readonly text?: string;
}

const begun = new WeakMap<Chat, Map<string, Begun>>();

function begunIn(chat: Chat): Map<string, Begun> {
  const known = begun.get(chat) ?? new Map<string, Begun>();
  begun.set(chat, known);
  return known;
}

/** What is being written to somebody besides a draft, kept for as long as the page is there: wherever one looks meanwhile. */
export function useMode(user: string): {
  readonly mode: ComposerMode;
  /** What an edit had come to when the conversation was left. */
  readonly text: string | undefined;
  readonly setMode: (mode: ComposerMode) => void;
  readonly keepText: (text: string) => void;
} {
  const all = begunIn(useChat());
  const key = user.toLowerCase();
  const [{ mode, text }, setState] = useState<Begun>(() => all.get(key) ?? { mode: undefined });
  const setMode = useCallback(
    (mode: ComposerMode) => {
      if (mode === undefined) {
        all.delete(key);
      } else {
        all.set(key, { mode });
      }
      setState({ mode });
    },
    [all, key],
  );
  const keepText = useCallback(
    (text: string) => {
      const now = all.get(key);
      if (now !== undefined) {
        all.set(key, { ...now, text });
      }
    },
    [all, key],
  );
  return { mode, text, setMode, keepText };
}

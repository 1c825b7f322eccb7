import { createContext, useContext, useSyncExternalStore } from "react";
import type { Chat } from "./chat.js";
import type { Session, SessionState } from "./session.js";

export const SessionContext = createContext<Session | undefined>(undefined);
export const ChatContext = createContext<Chat | undefined>(undefined);

export function useSession(): Session {
  return given(useContext(SessionContext));
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** The chat of whoever is signed in. It does not say when it changes; see {@link useOfChat}. */
export function useChat(): Chat {
  return given(useContext(ChatContext));
}

/** Something of the chat, kept up. What it gives must be the same until it changes. */
export function useOfChat<T>(of: (chat: Chat) => T): T {
  const chat = useChat();
  return useSyncExternalStore(chat.subscribe, () => of(chat));
}

function given<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("This belongs inside of a session.");
  }
  return value;
}

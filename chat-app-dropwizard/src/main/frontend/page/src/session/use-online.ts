import { useSyncExternalStore } from "react";
import { useOfChat } from "./use-session.js";

function subscribe(tell: () => void): () => void {
  addEventListener("online", tell);
  addEventListener("offline", tell);
  return () => {
    removeEventListener("online", tell);
    removeEventListener("offline", tell);
  };
}

/** Whether the browser has a network at all. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

/** Whether it is known who is there. Where nobody tells any more, nobody is shown as there, nor as gone. */
export function useKnowsPresence(): boolean {
  const knows = useOfChat((chat) => chat.model.knowsPresence);
  return useOnline() && knows; // a browser without a network keeps its connection for a while
}

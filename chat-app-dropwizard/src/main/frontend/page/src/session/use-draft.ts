import { useSyncExternalStore } from "react";
import { draft, draftKey, setDraft } from "./traces.js";

const listeners = new Set<() => void>();

/** What I have begun to write to somebody, here or in another tab. */
export function useDraft(user: string, other: string): string {
  return useSyncExternalStore(
    (tell) => {
      const hear = ({ key }: StorageEvent): void => {
        if (key === draftKey(user, other)) {
          tell();
        }
      };
      listeners.add(tell);
      addEventListener("storage", hear);
      return () => {
        listeners.delete(tell);
        removeEventListener("storage", hear);
      };
    },
    () => draft(user, other),
  );
}

/** Keeps what is being written, and tells the rest of the page. */
export function keepDraft(user: string, other: string, text: string): void {
  setDraft(user, other, text);
  listeners.forEach((tell) => {
    tell();
  });
}

import { useMemo, useSyncExternalStore } from "react";
import { draft, drafted, draftKey, setDraft } from "./traces.js";

const listeners = new Set<() => void>();

/** Of all drafts whose entries begin so, those in other tabs, too. */
function subscribe(key: string, tell: () => void): () => void {
  const hear = ({ key: changed }: StorageEvent): void => {
    if (changed?.startsWith(key) === true) {
      tell();
    }
  };
  listeners.add(tell);
  addEventListener("storage", hear);
  return () => {
    listeners.delete(tell);
    removeEventListener("storage", hear);
  };
}

/** What I have begun to write to somebody, here or in another tab. */
export function useDraft(user: string, other: string): string {
  return useSyncExternalStore(
    (tell) => subscribe(draftKey(user, other), tell),
    () => draft(user, other),
  );
}

/** To whom I have begun to write, by name, in small letters. */
export function useDrafted(user: string): readonly string[] {
  const all = useSyncExternalStore(
    (tell) => subscribe(draftKey(user, ""), tell),
    () => JSON.stringify(drafted(user)), // the same as long as nothing changes
  );
  return useMemo(() => JSON.parse(all) as readonly string[], [all]);
}

/** Keeps what is being written, and tells the rest of the page. */
export function keepDraft(user: string, other: string, text: string): void {
  setDraft(user, other, text);
  listeners.forEach((tell) => {
    tell();
  });
}

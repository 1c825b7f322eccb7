import type { Chat } from "./chat.js";

/** Whoever would lose by leaving the page what they have written is asked first, by the browser; nobody else is. */
export function askBeforeLeaving(chat: Pick<Chat, "unkept" | "subscribe">): () => void {
  const ask = (event: Event): void => {
    if (chat.unkept) {
      event.preventDefault();
    }
  };
  const stop = (): void => {
    removeEventListener("beforeunload", ask);
  };
  const look = (): void => {
    if (chat.unkept) {
      addEventListener("beforeunload", ask); // and only then: a browser may keep no page for going back that listens
    } else {
      stop();
    }
  };
  look();
  const unsubscribe = chat.subscribe(look);
  return () => {
    unsubscribe();
    stop();
  };
}

import type { Chat } from "./chat.js";

/** Whoever would lose by leaving the page what they have written is asked first, by the browser; nobody else is. */
export function askBeforeLeaving(chat: Pick<Chat, "unkept" | "subscribe">): () => void {
  const ask = (event: Event): void => {
    if (chat.unkept) {
      event.preventDefault();
    }
  };
  let asks = false;
  const become = (now: boolean): void => {
    if (now !== asks) {
      asks = now;
      if (now) {
        addEventListener("beforeunload", ask); // and only then: a browser may keep no page for going back that listens
      } else {
        removeEventListener("beforeunload", ask);
      }
    }
  };
  const look = (): void => {
    become(chat.unkept);
  };
  look();
  const unsubscribe = chat.subscribe(look);
  return () => {
    unsubscribe();
    become(false);
  };
}

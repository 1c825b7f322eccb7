import type { KeyboardEvent } from "react";

/** Whether a key belongs to an input method that composes a text: it is not for the page then, whatever it is. */
export function isComposing({ nativeEvent }: KeyboardEvent): boolean {
  // Safari tells of the key that ends it only once it has ended; the code is what it has for each such key.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells
  return nativeEvent.isComposing || nativeEvent.keyCode === 229;
}

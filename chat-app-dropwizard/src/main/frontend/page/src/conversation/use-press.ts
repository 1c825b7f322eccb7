import { type KeyboardEvent, type MouseEvent, type PointerEvent, useMemo, useRef } from "react";

/** To be heard by what holds the messages, before what is in it hears of it. */
export interface Press {
  readonly onPointerDownCapture: (event: PointerEvent) => void;
  readonly onKeyDownCapture: (event: KeyboardEvent) => void;
  readonly onClickCapture: (event: MouseEvent) => void;
  readonly onContextMenuCapture: (event: MouseEvent) => void;
}

/**
 * Has a finger do nothing where what it was put on has moved away from under it: a browser looks again at what is there when
 * the finger is lifted, and that may be another message by then, or its link.
 */
export function usePress(): Press {
  const pressed = useRef<Element | null | "nothing">("nothing");
  return useMemo(() => {
    const messageOf = (event: { readonly target: EventTarget }): Element | null =>
      (event.target as Element).closest("article");
    const drop = (event: MouseEvent): void => {
      const isByHand = event.type !== "click" || event.detail > 0; // and not by a screen reader, which presses nothing
      if (isByHand && pressed.current !== "nothing" && pressed.current !== messageOf(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
      pressed.current = "nothing";
    };
    return {
      onPointerDownCapture: (event) => {
        pressed.current = messageOf(event);
      },
      onKeyDownCapture: () => {
        pressed.current = "nothing"; // a key may click, too
      },
      onClickCapture: drop,
      onContextMenuCapture: drop,
    };
  }, []);
}

import { type RefObject, useEffect, useRef } from "react";

/** Whether somebody has typed since the last frame: text that is replaced is gone for a moment, in which the end is further up. */
export function useTyped(): RefObject<boolean> {
  const typed = useRef(false);
  useEffect(() => {
    const type = (): void => {
      typed.current = true;
      requestAnimationFrame(() => {
        typed.current = false;
      });
    };
    addEventListener("input", type);
    return () => {
      removeEventListener("input", type);
    };
  }, []);
  return typed;
}

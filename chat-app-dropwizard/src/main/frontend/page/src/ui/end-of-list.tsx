import { type ReactNode, useEffect, useRef } from "react";

/** Asks for more as soon as the end of a list comes near to be seen. */
export function EndOfList({ onSeen }: { readonly onSeen: () => void }): ReactNode {
  const mark = useRef<HTMLLIElement>(null);
  const latest = useRef(onSeen);
  useEffect(() => {
    latest.current = onSeen;
  });
  useEffect(() => {
    if (mark.current === null || !("IntersectionObserver" in globalThis)) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) {
          latest.current();
        }
      },
      { rootMargin: "400px" },
    );
    observer.observe(mark.current);
    return () => {
      observer.disconnect();
    };
  });
  return <li ref={mark} role="presentation" />;
}

import { type ReactNode, useSyncExternalStore } from "react";

const LASTS = 4_000;

let shown: { readonly text: string; readonly key: number } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let keys = 0;
const listeners = new Set<() => void>();

function show(next: typeof shown): void {
  shown = next;
  listeners.forEach((tell) => {
    tell();
  });
}

/** Says briefly that something is done, or is not. */
export function toast(text: string): void {
  clearTimeout(timer);
  show({ text, key: ++keys });
  timer = setTimeout(() => {
    show(undefined);
  }, LASTS);
}

export function Toasts(): ReactNode {
  const toast = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => {
        listeners.delete(tell);
      };
    },
    () => shown,
  );
  return (
    <div className="toast-place" role="status">
      {toast !== undefined && (
        <p className="toast" key={toast.key}>
          {toast.text}
        </p>
      )}
    </div>
  );
}

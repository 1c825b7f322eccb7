import { useCallback, useEffect, useRef, useState } from "react";

/** Something that is asked for once it is shown. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly failed: boolean;
  readonly load: () => void;
  readonly set: (value: T) => void;
}

export function useLoaded<T>(ask: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ readonly value: T | undefined; readonly failed: boolean }>({
    value: undefined,
    failed: false,
  });
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const load = useCallback(() => {
    latest.current().then(
      (value) => {
        setState({ value, failed: false });
      },
      () => {
        setState(({ value }) => ({ value, failed: true }));
      },
    );
  }, []);
  useEffect(load, [load]);
  const set = useCallback((value: T) => {
    setState({ value, failed: false });
  }, []);
  return { ...state, load, set };
}

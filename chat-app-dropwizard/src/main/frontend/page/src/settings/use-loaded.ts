import type { ChatEvent } from "@message-center/client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useReconnected } from "../session/use-reconnected.js";
import { useChat } from "../session/use-session.js";

/** Something that is asked for once it is shown. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly failed: boolean;
  /** Why it has. */
  readonly failure?: unknown;
  readonly load: () => void;
  readonly set: (value: T) => void;
}

/** @param changes what happens to it elsewhere: then it is asked for again */
export function useLoaded<T>(ask: () => Promise<T>, ...changes: readonly ChatEvent["type"][]): Loaded<T> {
  const { live } = useChat();
  const [state, setState] = useState<{
    readonly value: T | undefined;
    readonly failed: boolean;
    readonly failure?: unknown;
  }>({
    value: undefined,
    failed: false,
  });
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const turn = useRef(0);
  const load = useCallback(() => {
    const mine = ++turn.current;
    latest.current().then(
      (value) => {
        if (mine === turn.current) {
          setState({ value, failed: false });
        }
      },
      (failure: unknown) => {
        if (mine === turn.current) {
          setState(({ value }) => ({ value, failed: true, failure }));
        }
      },
    );
  }, []);
  useEffect(load, [load]);
  useReconnected(state.failed, load);
  const changedBy = changes.join();
  useEffect(
    () =>
      changedBy === ""
        ? undefined
        : live.follow({
            load,
            event: ({ type }) => {
              if (changedBy.split(",").includes(type)) {
                load();
              }
            },
          }),
    [live, load, changedBy],
  );
  const set = useCallback((value: T) => {
    setState({ value, failed: false });
  }, []);
  return { ...state, load, set };
}

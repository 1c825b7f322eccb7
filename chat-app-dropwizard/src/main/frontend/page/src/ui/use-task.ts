import { type SubmitEventHandler, useCallback, useEffect, useRef, useState } from "react";

/** Something that is done when asked for, once at a time. */
export interface Task<Args extends readonly unknown[]> {
  readonly run: (...args: Args) => Promise<boolean>;
  readonly busy: boolean;
  readonly failure: unknown;
  readonly forget: () => void;
}

/** `run` says whether it went well, and never rejects; what went wrong is its `failure`. */
export function useTask<Args extends readonly unknown[]>(work: (...args: Args) => Promise<void>): Task<Args> {
  const [{ busy, failure }, setState] = useState<{ busy: boolean; failure: unknown }>({
    busy: false,
    failure: undefined,
  });
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  const run = useCallback(async (...args: Args) => {
    setState({ busy: true, failure: undefined });
    try {
      await latest.current(...args);
      setState({ busy: false, failure: undefined });
      return true;
    } catch (failure) {
      setState({ busy: false, failure });
      return false;
    }
  }, []);
  const forget = useCallback(() => {
    setState({ busy: false, failure: undefined });
  }, []);
  return { run, busy, failure, forget };
}

/** What a form does when it is sent: its task, unless that is being done. */
export function submitting(task: Task<[]>): SubmitEventHandler {
  return (event) => {
    event.preventDefault();
    if (!task.busy) {
      void task.run();
    }
  };
}

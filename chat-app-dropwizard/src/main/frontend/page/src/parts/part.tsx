import { type ComponentType, createElement, type ReactNode, useCallback, useEffect, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { ErrorState } from "../ui/state.js";
import { toast } from "../ui/toast.js";
import { Chunk, Outdated } from "./chunk.js";

interface Module<P> {
  readonly default: ComponentType<P>;
}

/** A part of a screen that comes in a chunk. Where that cannot be had it says so, and it can be tried again. */
export function pane<P extends object>(
  name: string,
  load: () => Promise<Module<P>>,
): ComponentType<P & { readonly fallback?: ReactNode }> {
  const chunk = new Chunk(name, load);
  return function Pane({ fallback, ...props }) {
    const { there, failure, retry } = useChunk(chunk);
    useEffect(() => {
      if (failure === undefined) {
        return undefined;
      }
      addEventListener("online", retry);
      return () => {
        removeEventListener("online", retry);
      };
    }, [failure, retry]);
    return there !== undefined ? (
      createElement(there.default, props as unknown as P)
    ) : failure !== undefined ? (
      <ErrorState retry={retry} outdated={failure instanceof Outdated} />
    ) : (
      fallback
    );
  };
}

/**
 * Something that opens over the page and comes in a chunk. Where that cannot be had it says so, and closes: what opens it
 * tries it again.
 */
export function popup<P extends { readonly open?: boolean; readonly onClose: () => void }>(
  name: string,
  load: () => Promise<Module<P>>,
): ComponentType<P> {
  const chunk = new Chunk(name, load);
  return function Popup(props) {
    const { open = true, onClose } = props;
    const texts = useTexts();
    const { there, failure, retry } = useChunk(chunk, open);
    useEffect(() => {
      if (failure !== undefined) {
        toast(`${texts.couldNotLoad} ${failure instanceof Outdated ? texts.crashedHint : texts.noAnswer}`);
        onClose();
        retry(); // the next time that it opens
      }
    }, [failure, texts, onClose, retry]);
    return there === undefined ? null : createElement(there.default, props);
  };
}

interface Loading<T> {
  readonly there: T | undefined;
  readonly failure: unknown;
  readonly retry: () => void;
}

function useChunk<T>(chunk: Chunk<T>, needed = true): Loading<T> {
  const [{ there, failure }, setState] = useState<Omit<Loading<T>, "retry">>(() => ({
    there: chunk.there,
    failure: undefined,
  }));
  const wanted = needed && there === undefined && failure === undefined;
  useEffect(() => {
    if (!wanted) {
      return undefined;
    }
    let current = true;
    const settle = (there: T | undefined, failure: unknown): void => {
      if (current) {
        setState({ there, failure });
      }
    };
    chunk.load().then(
      (there) => {
        settle(there, undefined);
      },
      (failure: unknown) => {
        settle(undefined, failure);
      },
    );
    return () => {
      current = false;
    };
  }, [chunk, wanted]);
  const retry = useCallback(() => {
    setState({ there: chunk.there, failure: undefined });
  }, [chunk]);
  return { there, failure, retry };
}

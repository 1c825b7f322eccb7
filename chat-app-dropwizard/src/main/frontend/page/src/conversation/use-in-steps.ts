import { useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";
import { countInFront, type Item } from "./item.js";

interface Step {
  /** What is shown in the end. */
  readonly items: readonly Item[];
  readonly shown: readonly Item[];
  /** Whether it is what was shown before with others in front, and nothing else. */
  readonly isShift: boolean;
}

/**
 * Shows at first what comes in front, then what else has changed, before any of it is painted: a list can keep what is read
 * in its place only if nothing else comes with what is in front of it.
 *
 * @param onShift has the list look where it is, once others are in front: it would be told in the next frame, and taken by
 *   whatever is drawn until then for being where it was
 */
export function useInSteps(items: readonly Item[], me: string, onShift: () => void): Pick<Step, "shown" | "isShift"> {
  const [step, setStep] = useState<Step>({ items, shown: items, isShift: false });
  if (step.items !== items) {
    const front = countInFront(step.shown, items, me);
    setStep({
      items,
      shown: front === 0 ? items : [...items.slice(0, front), ...step.shown],
      isShift: front > 0,
    });
  }
  useLayoutEffect(() => {
    let isOver = false;
    if (step.isShift) {
      queueMicrotask(() => {
        if (!isOver) {
          onShift();
          flushSync(() => {
            setStep((step) => ({ ...step, shown: step.items, isShift: false }));
          });
        }
      });
    }
    return () => {
      isOver = true;
    };
  }, [step, onShift]);
  return step;
}

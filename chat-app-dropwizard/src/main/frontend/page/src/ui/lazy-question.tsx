import { type ComponentProps, lazy, type ReactNode, Suspense, useState } from "react";
import type { Question } from "./question.js";

const Loaded = lazy(async () => ({ default: (await import("./question.js")).Question }));

/** A {@link Question} that is loaded when it is first asked, and may close in peace. */
export function LazyQuestion(props: ComponentProps<typeof Question>): ReactNode {
  const [asked, setAsked] = useState(false);
  if (props.open && !asked) {
    setAsked(true);
  }
  return asked ? (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  ) : null;
}

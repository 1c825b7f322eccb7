import { type ComponentProps, type ReactNode, useState } from "react";
import { popup } from "../parts/part.js";
import type { Question } from "./question.js";

const Loaded = popup("ui/question", async () => ({ default: (await import("./question.js")).Question }));

/** A {@link Question} that is loaded when it is first asked, and may close in peace. */
export function LazyQuestion(props: ComponentProps<typeof Question>): ReactNode {
  const [asked, setAsked] = useState(false);
  if (props.open && !asked) {
    setAsked(true);
  }
  return asked ? <Loaded {...props} /> : null;
}

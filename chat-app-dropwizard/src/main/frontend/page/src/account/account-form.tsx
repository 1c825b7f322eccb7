import type { ReactNode } from "react";
import { useFocusWrong } from "../ui/use-focus-wrong.js";
import { submitting, type Task } from "../ui/use-task.js";

/** A form that does one task. What is wrong is said aloud, and the focus goes to the first field that it is about. */
export function AccountForm({
  task,
  text,
  children,
}: {
  readonly task: Task<[]>;
  readonly text: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const form = useFocusWrong<HTMLFormElement>(task.failure, "input");
  return (
    <form ref={form} className="door-form" onSubmit={submitting(task)}>
      <div role="alert">{text !== undefined && <p className="notice wrong">{text}</p>}</div>
      {children}
    </form>
  );
}

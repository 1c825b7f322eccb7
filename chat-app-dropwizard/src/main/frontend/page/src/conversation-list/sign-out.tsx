import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { go } from "../route/use-route.js";
import { useChat, useSession } from "../session/use-session.js";
import { explained } from "../ui/failure.js";
import { LazyQuestion } from "../ui/lazy-question.js";
import { toast } from "../ui/toast.js";
import { useTask } from "../ui/use-task.js";

/** Signs out; asks first where something that was written would be lost by that. */
export function SignOut({ onStay }: { readonly onStay: () => void }): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const chat = useChat();
  const [unfinished] = useState(chat.unfinished); // as it is when somebody wants to go
  const begun = useRef(false);
  const task = useTask(async () => {
    await session.signOut();
    go({}, { replace: true });
  });
  const { run, failure, busy } = task;
  useEffect(() => {
    if (unfinished === 0 && !begun.current) {
      begun.current = true;
      void run();
    }
  }, [unfinished, run]);
  useEffect(() => {
    if (failure !== undefined) {
      toast(explained(failure, texts));
      onStay();
    }
  }, [failure, texts, onStay]);
  return (
    <LazyQuestion
      open={unfinished > 0}
      title={texts.signOutTitle(unfinished)}
      hint={texts.signOutHint}
      answer={texts.signOutAnyway}
      busy={busy}
      onAnswer={() => void run()}
      onClose={onStay}
    />
  );
}

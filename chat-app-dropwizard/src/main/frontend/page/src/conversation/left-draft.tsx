import { Copy, Trash } from "lucide-react";
import { type ReactNode, type RefObject, useId } from "react";
import { useTexts } from "../i18n/language.js";
import { useDraft } from "../session/use-draft.js";
import { useChat } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { copy } from "./copy.js";

/** What was begun, and cannot be sent to anybody any more: it can be read, copied and discarded. Nothing if nothing was. */
export function LeftDraft({
  user,
  rest,
}: {
  readonly user: string;
  /** What has the focus once it is discarded. */
  readonly rest: RefObject<HTMLElement | null>;
}): ReactNode {
  const texts = useTexts();
  const chat = useChat();
  const draft = useDraft(chat.user, user);
  const title = useId();
  if (draft === "") {
    return null;
  }
  return (
    <section className="left-draft" aria-labelledby={title}>
      <h3 id={title}>{texts.draft}</h3>
      {/* A long one is scrolled by keys. */}
      <p dir="auto" tabIndex={0}>
        {draft}
      </p>
      <div className="buttons">
        <Button
          kind="quiet"
          onClick={() => {
            copy(draft, texts);
          }}
        >
          <Copy size={18} />
          {texts.copy}
        </Button>
        <Button
          kind="danger-quiet"
          onClick={() => {
            chat.keepDraft(user, "");
            rest.current?.focus();
          }}
        >
          <Trash size={18} />
          {texts.discard}
        </Button>
      </div>
    </section>
  );
}

import { Ban } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTexts } from "../i18n/language.js";
import { useChat } from "../session/use-session.js";
import { Avatar } from "../ui/avatar.js";
import { Button } from "../ui/button.js";
import { explained } from "../ui/failure.js";
import { useFocusAfter } from "../ui/focus.js";
import { ErrorState, State } from "../ui/state.js";
import { toast } from "../ui/toast.js";
import { useTask } from "../ui/use-task.js";
import { useLoaded } from "./use-loaded.js";

/** From whom I do not want to hear. */
export function BlockedSettings(): ReactNode {
  const texts = useTexts();
  const { client } = useChat();
  const blocked = useLoaded(() => client.people.blocked(), "user.blocked", "user.unblocked");
  const task = useTask(async (username: string) => {
    await client.people.unblock(username);
    toast(texts.unblocked(username));
    blocked.load();
  });
  const { value } = blocked;
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusAfter(value, heading); // the button that was pressed is gone
  if (value === undefined) {
    return blocked.failed ? (
      <ErrorState failure={blocked.failure} retry={blocked.load} />
    ) : (
      <div className="skeleton settings-skeleton" role="status" aria-label={texts.loading} />
    );
  }
  return (
    <section className="settings-part">
      <h3 ref={heading} tabIndex={-1}>
        {texts.blockedPeople}
      </h3>
      {value.length === 0 ? (
        <State icon={Ban} title={texts.noBlocked}>
          <p>{texts.noBlockedHint}</p>
        </State>
      ) : (
        <>
          <p className="settings-hint">{texts.blockedHint}</p>
          <div role="alert">
            {task.failure !== undefined && <p className="notice wrong">{explained(task.failure, texts)}</p>}
          </div>
          <ul className="settings-list">
            {value.map(({ username }) => (
              <li key={username}>
                <Avatar user={username} size="small" />
                <p className="name settings-strong">{username}</p>
                <Button
                  kind="quiet"
                  aria-label={texts.unblock(username)}
                  onClick={() => {
                    if (!task.busy) {
                      void task.run(username);
                    }
                  }}
                >
                  {texts.unblockShort}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

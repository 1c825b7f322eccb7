import { type Conversation, sameUser } from "@message-center/client";
import { memo, type ReactNode } from "react";
import { Ticks, tickOf } from "../conversation/ticks.js";
import { useTexts } from "../i18n/language.js";
import { writtenShort } from "../i18n/numbers.js";
import { useTimes } from "../i18n/times.js";
import { hrefOf } from "../route/route.js";
import { useDraft } from "../session/use-draft.js";
import { useOfChat } from "../session/use-session.js";
import { Avatar } from "../ui/avatar.js";

/** One line of the list: who, what was said last and when, and how much of it is unread. */
export const ConversationItem = memo(function ConversationItem({
  me,
  conversation,
  knowsPresence,
  current,
  stop,
}: {
  readonly me: string;
  readonly conversation: Conversation;
  /** Whether it is known who is there. */
  readonly knowsPresence: boolean;
  readonly current: boolean;
  /** Whether the Tab key stops here. */
  readonly stop: boolean;
}): ReactNode {
  const { user, last_message: last, unread } = conversation;
  const online = conversation.online && knowsPresence;
  const texts = useTexts();
  const times = useTimes();
  const typing = useOfChat((chat) => chat.model.isTyping(user));
  const sending = useOfChat((chat) => chat.newest(user));
  const failed = useOfChat((chat) => chat.sending(user).some(({ state }) => state === "failed"));
  const draft = useDraft(me, user);
  const isMine = last !== null && sameUser(last.user, me);

  let preview: ReactNode = texts.noMessagesYet;
  let isFailureShown = false;
  if (typing) {
    preview = <span className="item-typing">{texts.typingShort}</span>;
  } else if (draft !== "" && !current) {
    preview = (
      <>
        <span className="item-draft">{texts.draft} </span>
        <bdi className="name">{draft}</bdi>
      </>
    );
  } else if (sending !== undefined) {
    isFailureShown = sending.state === "failed";
    preview = (
      <>
        <Ticks tick={sending.state} />
        <bdi className="name">{sending.body}</bdi>
      </>
    );
  } else if (last !== null) {
    preview = (
      <>
        {isMine && !last.deleted && <Ticks tick={tickOf(last.seq, conversation)} />}
        {last.deleted ? <em>{texts.unsent}</em> : <bdi className="name">{last.body}</bdi>}
      </>
    );
  }
  return (
    <li>
      <a
        className="conversation-item"
        href={hrefOf({ with: user })}
        aria-current={current ? "page" : undefined}
        data-rove={user}
        data-unread={unread > 0 || undefined}
        tabIndex={stop ? 0 : -1}
      >
        <Avatar user={user} online={online} />
        <span className="item-name name">
          {sameUser(user, me) ? texts.yourself(user) : user}
          {online && <span className="unseen">, {texts.online}</span>}
        </span>
        {last !== null && (
          <time className="item-time" dateTime={last.timestamp}>
            {times.short(last.timestamp)}
          </time>
        )}
        <span className="item-preview">
          {preview}
          {failed && !isFailureShown && (
            <span className="item-failed">
              <Ticks tick="failed" />
            </span>
          )}
        </span>
        {unread > 0 && (
          <span className="badge">
            <span aria-hidden="true">{writtenShort(unread)}</span>
            <span className="unseen">{texts.unread(unread)}</span>
          </span>
        )}
      </a>
    </li>
  );
});

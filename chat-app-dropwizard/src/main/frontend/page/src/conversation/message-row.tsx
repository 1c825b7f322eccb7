import type { Conversation, Message } from "@message-center/client";
import { Ellipsis, Reply } from "lucide-react";
import { memo, type ReactNode, useId } from "react";
import { useSpeech, useTexts } from "../i18n/language.js";
import { useTimes } from "../i18n/times.js";
import { useOfChat } from "../session/use-session.js";
import { whyNotSent } from "../ui/failure.js";
import { isMessage, type Item, type Place, timeOf } from "./item.js";
import { isLargeEmoji, RichText } from "./rich-text.js";
import { type Tick, Ticks } from "./ticks.js";

export interface RowActions {
  readonly menu: (item: Item, anchor: HTMLElement) => void;
  readonly jump: (message: Message) => void;
  readonly focused: (item: Item) => void;
}

/** One message, with what stands above it. Drawn again only if something of it changes, and not because others move. */
export const MessageRow = memo(function MessageRow({
  item,
  index,
  count,
  user,
  mine,
  day,
  first,
  last,
  tick,
  hit,
  stop,
  firstOfAll,
  firstUnread,
  behindGap,
  actions,
}: {
  readonly item: Item;
  readonly index: number;
  /** How many there are; -1 where that is not known. */
  readonly count: number;
  /** With whom the conversation is. */
  readonly user: string;
  readonly mine: boolean;
  readonly day: boolean;
  readonly first: boolean;
  readonly last: boolean;
  /** How far it has come, if that is worth saying. */
  readonly tick: Tick | undefined;
  readonly hit: boolean;
  /** Whether the Tab key stops here. */
  readonly stop: boolean;
  readonly firstOfAll: boolean;
  readonly firstUnread: boolean;
  /** Whether there are messages before it that are not loaded. */
  readonly behindGap: boolean;
  readonly actions: RowActions;
}): ReactNode {
  const { texts, direction } = useSpeech();
  const times = useTimes();
  const id = useId();
  const at = timeOf(item);
  // Whoever goes from one message to the next does not hear what stands between them.
  const when = day ? `${times.day(at)} ${times.time(at)}` : times.time(at);
  const message = isMessage(item) ? item : undefined;
  const failure = isMessage(item) ? undefined : item.failure;
  const replyTo = isMessage(item) ? item.reply_to : item.replyTo;
  const deleted = message?.deleted === true;
  const large = !deleted && isLargeEmoji(item.body);
  return (
    <div className="row" data-first={first || undefined} data-mine={mine || undefined}>
      {firstOfAll && <p className="row-beginning">{texts.beginning(user)}</p>}
      {behindGap && (
        <div className="row-day" data-gap>
          <span aria-hidden="true">⋯</span>
        </div>
      )}
      {day && (
        <div className="row-day">
          <time dateTime={new Date(at).toISOString()}>{times.day(at)}</time>
        </div>
      )}
      {firstUnread && <p className="row-unread">{texts.newMessages}</p>}
      <article
        className="message"
        data-last={last || undefined}
        data-hit={hit || undefined}
        data-index={index}
        aria-label={texts.messageOf(mine ? texts.you : user, when)}
        aria-describedby={failure === undefined ? `${id}-text` : `${id}-text ${id}-failure`}
        aria-posinset={index + 1}
        aria-setsize={count}
        tabIndex={stop ? 0 : -1}
        onFocus={() => {
          actions.focused(item);
        }}
        onKeyDown={(event) => {
          const isHere = event.target === event.currentTarget;
          if (isHere && !deleted && (event.key === "Enter" || event.key === " ")) {
            event.preventDefault();
            actions.menu(item, event.currentTarget);
          }
        }}
        onContextMenu={(event) => {
          const isText = getSelection()?.isCollapsed === false || (event.target as Element).closest("a") !== null;
          if (!deleted && !isText) {
            event.preventDefault();
            actions.menu(item, event.currentTarget);
          }
        }}
      >
        <div
          className="bubble"
          data-large={large || undefined}
          data-deleted={deleted || undefined}
          onClick={(event) => {
            const isOther = (event.target as Element).closest("a, button") !== null;
            if (!deleted && !isOther && matchMedia("(hover: none)").matches) {
              actions.menu(item, event.currentTarget);
            }
          }}
        >
          <span className="unseen">{mine ? texts.you : user}: </span>
          {typeof replyTo === "number" && !deleted && <Quote user={user} id={replyTo} onJump={actions.jump} />}
          <div className="bubble-text" dir="auto">
            <span id={`${id}-text`}>{deleted ? texts.unsent : <RichText text={item.body} />}</span>
            {(last || tick !== undefined || typeof message?.edited === "string") && (
              <div className="bubble-end">
                <div className="bubble-meta" dir={direction}>
                  {!deleted && typeof message?.edited === "string" && (
                    <span title={texts.editedAt(times.full(message.edited))}>{texts.edited}</span>
                  )}
                  <time dateTime={new Date(at).toISOString()} title={times.full(at)}>
                    {times.time(at)}
                  </time>
                  {tick !== undefined && !deleted && <Ticks tick={tick} />}
                </div>
              </div>
            )}
          </div>
        </div>
        {!deleted && (
          <button
            type="button"
            className="message-more"
            tabIndex={-1}
            aria-label={texts.actions}
            title={texts.actions}
            onClick={(event) => {
              actions.menu(item, event.currentTarget);
            }}
          >
            <Ellipsis size={18} />
          </button>
        )}
      </article>
      {failure !== undefined && (
        <p id={`${id}-failure`} className="row-failure">
          {texts.notSentReason(whyNotSent(failure, texts))}
        </p>
      )}
    </div>
  );
});

/** What a message answers. */
function Quote({
  user,
  id,
  onJump,
}: {
  readonly user: string;
  readonly id: number;
  readonly onJump: (message: Message) => void;
}): ReactNode {
  const texts = useTexts();
  const message = useOfChat((chat) => chat.quoted(user, id));
  if (message === undefined || message === null) {
    return <span className="quote">{message === null ? texts.notThere : "…"}</span>;
  }
  return (
    <button
      type="button"
      className="quote"
      tabIndex={-1}
      onClick={() => {
        onJump(message);
      }}
    >
      <span className="quote-who">
        <Reply size={14} aria-hidden="true" />
        <span className="unseen">{texts.replyTo("")}</span>
        <bdi>{message.user}</bdi>
      </span>
      <span className="quote-body" dir="auto">
        {message.deleted ? texts.unsent : message.body}
      </span>
    </button>
  );
}

/** What is to be said of how far it has come: not under each of those that stand together, where it is the same for all. */
export function tickShown(own: Tick, next: Tick | undefined, place: Place): Tick | undefined {
  return place.last || own === "failed" || own === "pending" || own !== next ? own : undefined;
}

export type Marks = Pick<Conversation, "peer_read_upto" | "peer_delivered_upto"> | undefined;

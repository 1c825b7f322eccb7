import { ChatProblem, type Conversation as Known, type Profile, type Message, sameUser } from "@message-center/client";
import { ArrowLeft, Ban, CircleCheck, EllipsisVertical, MessageCircleHeart, Search, UserRoundX, X } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { useTimes } from "../i18n/times.js";
import { popup } from "../parts/part.js";
import { hrefOf } from "../route/route.js";
import { go, leaving, useAgain, useRoute } from "../route/use-route.js";
import type { Chat } from "../session/chat.js";
import { useKnowsPresence } from "../session/use-online.js";
import { useChat, useOfChat } from "../session/use-session.js";
import { Avatar } from "../ui/avatar.js";
import { Button, IconLink } from "../ui/button.js";
import { isComposing } from "../ui/composing.js";
import { explained } from "../ui/failure.js";
import { MenuButton } from "../ui/menu-button.js";
import { isFocusLost } from "../ui/focus.js";
import { LazyQuestion } from "../ui/lazy-question.js";
import { ErrorState, State } from "../ui/state.js";
import { toast } from "../ui/toast.js";
import { RARE_REFRESH, REFRESH, useRefresh } from "../ui/use-refresh.js";
import { EditComposer, WriteComposer } from "./composer.js";
import { LeftDraft } from "./left-draft.js";
import { firstNew, isMessage, type Item, keyOf } from "./item.js";
import { MessageList, type MessageListHandle } from "./message-list.js";
import { useMode } from "./use-mode.js";
import { useNewest } from "./use-newest.js";
import { useRetry } from "./use-retry.js";
import { useSeen } from "./use-seen.js";
import "./conversation.css";

const MessageMenu = popup("conversation/message-menu", () => import("./message-menu.js"));

/** How many loaded messages are kept when a conversation is left. */
const KEPT = 300;

/** What is said with somebody, and the place to answer. */
export function Conversation({ user, at }: { readonly user: string; readonly at: number | undefined }): ReactNode {
  const texts = useTexts();
  const times = useTimes();
  const chat = useChat();
  const route = useRoute();
  const me = chat.user;
  const conversation = useOfChat((chat) => chat.conversation(user));
  const messages = useOfChat((chat) => chat.messages(user));
  const sending = useOfChat((chat) => chat.sending(user));
  const isOpen = useOfChat((chat) => chat.model.isOpen(user));
  const hasOlder = useOfChat((chat) => chat.model.hasOlder(user));
  const hasNewer = useOfChat((chat) => chat.model.hasNewer(user));
  const typing = useOfChat((chat) => chat.model.isTyping(user));
  const again = useAgain();
  const { failure, retry } = useOpened(user, at, again);
  const knowsPresence = useKnowsPresence();
  const toldOnline = useOfChat((chat) => chat.model.isOnline(user));
  const refused = sending.some(({ failure }) => isNotFound(failure));
  const contact = useContact(user, conversation, knowsPresence, toldOnline, refused);
  const name = conversation?.user ?? contact.name ?? user;
  const blocked = useOfChat((chat) => chat.model.isBlocked(user));
  const isGone = contact.gone || refused;
  /** Why nothing can be written here, if it cannot. */
  const shut = isGone ? "gone" : blocked ? "blocked" : undefined;

  const items = useMemo<readonly Item[]>(
    () => (sending.length === 0 ? messages : [...messages, ...sending]),
    [messages, sending],
  );
  const firstUnread = useFirstUnread(user, isOpen);

  const { mode, begun, setMode, keepText } = useMode(user);
  const [menu, setMenu] = useState<{ readonly item: Item; readonly anchor: HTMLElement }>();
  const [unsending, setUnsending] = useState<Message>();
  const [blocking, setBlocking] = useState(false);
  const composer = useRef<HTMLTextAreaElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const unblock = useRef<HTMLButtonElement>(null);
  /** What has the focus after the question whether to unsend a message: that message, unless it is unsent. */
  const afterUnsending = useRef<HTMLElement>(null);
  const list = useRef<MessageListHandle>(null);
  /** What has the focus where there is nothing else to have it. */
  const rest = shut === undefined ? composer : shut === "blocked" ? unblock : heading;

  const finePointer = useMemo(() => matchMedia("(pointer: fine)").matches, []);
  const hasHit = at !== undefined;
  useEffect(() => {
    // Whoever goes from there to the newest has the focus where they read.
    const isReading = document.activeElement?.closest(".messages") != null;
    if (!hasHit && !isReading) {
      (finePointer ? (composer.current ?? heading.current) : heading.current)?.focus();
    }
  }, [finePointer, hasHit]);

  const chosen = menu && (items.find((item) => keyOf(item, me) === keyOf(menu.item, me)) ?? menu.item);
  const isUnsent = chosen !== undefined && isMessage(chosen) && chosen.deleted;
  if (isUnsent) {
    setMenu(undefined); // there is nothing left to do with it
  }

  const jump = useCallback(
    ({ seq }: Message) => {
      go({ ...route, at: seq }, { replace: true });
    },
    [route],
  );
  const onMenu = useCallback((item: Item, anchor: HTMLElement) => {
    setMenu({ item, anchor: anchor.closest(".message")?.querySelector<HTMLElement>(".bubble") ?? anchor });
  }, []);
  const onOlder = useCallback(() => chat.older(user), [chat, user]);
  const onNewer = useCallback(() => chat.newer(user), [chat, user]);
  const onRead = useCallback(
    (from: number | undefined) => {
      chat.model.reads(user, from);
    },
    [chat, user],
  );
  const onSeen = useSeen(user, at, again, firstUnread);

  const {
    wish,
    drop,
    wished: newestWished,
    failed: newestFailed,
  } = useNewest(
    user,
    at,
    useCallback(() => {
      list.current?.stick();
    }, []),
  );
  const toNewest = (): void => {
    list.current?.stick();
    go({ ...route, at: undefined }, { replace: true });
    if (hasNewer) {
      wish();
    }
  };
  const endMode = useCallback(() => {
    setMode(undefined);
  }, [setMode]);
  const wasMode = useRef(mode);
  useEffect(() => {
    const isHere = isFocusLost() || document.activeElement?.closest(".conversation") !== null;
    if (wasMode.current !== undefined && mode === undefined && isHere) {
      rest.current?.focus();
    }
    wasMode.current = mode;
  }, [mode, rest]);
  const tried = (work: Promise<unknown>): void => {
    work.catch((failure: unknown) => {
      toast(explained(failure, texts));
    });
  };

  useLayoutEffect(() => {
    list.current?.follow(); // another composer may be higher, and for a moment have been lower
  }, [mode, shut]);

  const wasShut = useRef(shut);
  useEffect(() => {
    if (wasShut.current !== shut && isFocusLost()) {
      // One stands in the place of the other.
      (shut === undefined && !finePointer ? heading.current : rest.current)?.focus();
    }
    wasShut.current = shut;
  }, [shut, rest, finePointer]);
  const lastTold = useOfChat((chat) => chat.model.lastSeen(user));
  const isKnown = knowsPresence && !isGone;
  const online = isKnown && (toldOnline ?? contact.presence?.online) === true;
  // Whoever blocks me was never seen; of those who are not there the connection does not tell that.
  const found = contact.presence?.online === false ? contact.presence.last_seen : lastTold;
  const lastSeen = isKnown ? (found ?? undefined) : undefined;
  const status = typing
    ? texts.typing
    : online
      ? texts.online
      : lastSeen !== undefined
        ? texts.lastSeen(times.short(lastSeen))
        : "";
  const closed = { ...route, with: undefined, at: undefined };
  const editLast = (): boolean => {
    if (hasNewer) {
      toNewest(); // the last one is there; once it can be seen, it can be edited
      return true;
    }
    const last = messages.findLast((message) => sameUser(message.user, me) && !message.deleted);
    if (last !== undefined) {
      setMode({ type: "edit", message: last });
    }
    return last !== undefined;
  };

  return (
    <section
      className="conversation"
      aria-labelledby="conversation-name"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented && !isComposing(event)) {
          if (mode?.type === "edit" || (mode !== undefined && shut === undefined)) {
            endMode();
          } else if (event.target instanceof HTMLElement && event.target.dataset["index"] !== undefined) {
            composer.current?.focus();
          } else {
            go(closed);
          }
        }
      }}
    >
      <header className="bar conversation-bar">
        <IconLink
          className="icon-button back conversation-back"
          label={texts.back}
          href={hrefOf(closed)}
          onClick={leaving(closed)}
        >
          <ArrowLeft size={20} />
        </IconLink>
        <Avatar user={name} online={online} size="small" />
        <div className="conversation-who">
          <h2 id="conversation-name" className="name" ref={heading} tabIndex={-1}>
            {sameUser(user, me) ? texts.yourself(name) : name}
          </h2>
          <p className="conversation-status" data-typing={typing || undefined}>
            {status}
          </p>
        </div>
        <IconLink label={texts.searchHere} href={hrefOf({ ...route, people: undefined, search: "", searchIn: name })}>
          <Search size={20} />
        </IconLink>
        <MenuButton
          label={texts.more}
          icon={<EllipsisVertical size={20} />}
          choices={[
            ...(sameUser(user, me) || isGone
              ? []
              : [
                  blocked
                    ? {
                        label: texts.unblock(name),
                        icon: <CircleCheck size={18} />,
                        choose: () => {
                          tried(chat.client.people.unblock(name));
                        },
                      }
                    : {
                        label: texts.block(name),
                        icon: <Ban size={18} />,
                        danger: true,
                        choose: () => {
                          setBlocking(true);
                        },
                      },
                ]),
            {
              label: texts.closeConversation,
              icon: <X size={18} />,
              choose: () => {
                go(closed);
              },
            },
          ]}
        />
      </header>

      {contact.nobody ? (
        <div className="conversation-empty">
          <State icon={UserRoundX} title={texts.nobody(user)}>
            <a className="button" data-kind="quiet" href={hrefOf({ people: true })}>
              {texts.findPeople}
            </a>
            <LeftDraft user={user} rest={heading} />
          </State>
        </div>
      ) : isOpen && items.length > 0 ? (
        <MessageList
          me={me}
          user={name}
          items={items}
          marks={conversation}
          unread={conversation?.unread ?? 0}
          firstUnread={firstUnread}
          at={at}
          again={again}
          hasOlder={hasOlder}
          hasNewer={hasNewer}
          newestWished={newestWished}
          newestFailed={newestFailed && hasNewer}
          placeFailed={failure !== undefined}
          held={menu?.item}
          onOlder={onOlder}
          onNewer={onNewer}
          onToNewest={toNewest}
          onPlace={retry}
          onElsewhere={drop}
          onRead={onRead}
          onSeen={onSeen}
          onMenu={onMenu}
          onJump={jump}
          handle={list}
        />
      ) : isOpen ? (
        <div className="conversation-empty">
          {shut === undefined && (
            <State icon={MessageCircleHeart} title={texts.sayHello(name)}>
              <p>{texts.sayHelloHint}</p>
            </State>
          )}
        </div>
      ) : failure !== undefined ? (
        <div className="conversation-empty">
          <ErrorState failure={failure} retry={retry} />
        </div>
      ) : (
        <MessagesSkeleton />
      )}

      {!contact.nobody &&
        (mode?.type === "edit" ? (
          <EditComposer
            key={mode.message.id}
            input={composer}
            message={mode.message}
            begun={begun}
            onText={keepText}
            onEnd={endMode}
          />
        ) : shut === "gone" ? (
          <div className="conversation-shut">
            <p role="status">{texts.isGone(name)}</p>
            <LeftDraft user={user} rest={heading} />
          </div>
        ) : shut === "blocked" ? (
          <div className="conversation-shut">
            <p role="status">{texts.isBlocked(name)}</p>
            <Button
              ref={unblock}
              kind="quiet"
              onClick={() => {
                tried(chat.client.people.unblock(name));
              }}
            >
              {texts.unblockShort}
            </Button>
          </div>
        ) : (
          <WriteComposer
            input={composer}
            user={name}
            replying={mode?.message}
            onEnd={endMode}
            onEditLast={editLast}
            onLeaveUp={() => {
              list.current?.focusLast();
            }}
            onSent={() => {
              if (at !== undefined || hasNewer) {
                toNewest(); // whoever writes wants to see it
              } else {
                list.current?.stick();
              }
            }}
          />
        ))}

      {menu !== undefined && (
        <MessageMenu
          me={me}
          item={menu.item}
          anchor={menu.anchor}
          canWrite={shut === undefined}
          composer={composer}
          rest={rest}
          onClose={() => {
            setMenu(undefined);
          }}
          onJump={jump}
          onMode={setMode}
          onUnsend={(message) => {
            afterUnsending.current = menu.anchor.closest("article");
            setUnsending(message);
          }}
        />
      )}
      <LazyQuestion
        open={unsending !== undefined}
        title={texts.unsendTitle}
        hint={texts.unsendHint}
        answer={texts.unsend}
        finalFocus={afterUnsending}
        onAnswer={() => {
          afterUnsending.current = rest.current;
          if (unsending !== undefined) {
            tried(chat.unsend(unsending));
          }
          setUnsending(undefined);
        }}
        onClose={() => {
          setUnsending(undefined);
        }}
      />
      <LazyQuestion
        open={blocking}
        title={texts.blockTitle(name)}
        hint={texts.blockHint}
        answer={texts.blockShort}
        onAnswer={() => {
          setBlocking(false);
          tried(chat.client.people.block(name));
        }}
        onClose={() => {
          setBlocking(false);
        }}
      />
    </section>
  );
}

/** Has the conversation loaded, at the place that was asked for; where that has failed, again by itself. */
function useOpened(
  user: string,
  at: number | undefined,
  again: number,
): { readonly failure: unknown; readonly retry: () => void } {
  const chat = useChat();
  const [failed, setFailed] = useState<{ readonly at: number | undefined; readonly failure: unknown }>();
  const [attempt, setAttempt] = useState(0);
  const ready = useOfChat((chat) => chat.loaded);
  const connected = useOfChat((chat) => chat.state.name === "connected");
  const retry = useRetry(
    connected,
    useCallback(() => {
      setAttempt((attempt) => attempt + 1);
    }, []),
  );
  useEffect(() => retry.succeeded, [user, at, retry]); // whoever goes elsewhere does not want it any more
  useEffect(() => {
    if (!ready || (at === undefined ? chat.model.isOpen(user) : isLoaded(chat, user, at))) {
      return undefined;
    }
    const elsewhere = new AbortController();
    const { signal } = elsewhere;
    (at === undefined ? chat.open(user, signal) : chat.openAt(user, at, signal)).then(
      () => {
        if (!signal.aborted) {
          retry.succeeded();
          setFailed(undefined);
        }
      },
      (failure: unknown) => {
        if (!signal.aborted) {
          retry.failed(failure);
          setFailed({ at, failure });
        }
      },
    );
    return () => {
      elsewhere.abort();
    };
  }, [chat, user, at, attempt, ready, again, retry]);
  useEffect(
    () => () => {
      chat.model.reads(user, undefined);
      if (chat.model.hasNewer(user) || chat.messages(user).length > KEPT) {
        chat.model.close(user);
      }
    },
    [chat, user],
  );
  const isThere = useOfChat((chat) => at !== undefined && failed?.at === at && isLoaded(chat, user, at));
  return {
    failure: failed?.at === at && !isThere ? failed?.failure : undefined,
    retry: useCallback(() => {
      if (!chat.model.isOpen(user)) {
        setFailed(undefined); // it is loading again, for all to see
      }
      retry.now();
    }, [chat, user, retry]),
  };
}

function isLoaded(chat: Chat, user: string, at: number): boolean {
  return chat.messages(user).some(({ seq }) => seq === at);
}

interface Found {
  /** How they write themselves. */
  readonly name: string | undefined;
  /** How it stood with them when they were last asked for, unless it is not known any more. */
  readonly presence: Profile | undefined;
  readonly isThere: boolean;
}

interface Contact extends Pick<Found, "name" | "presence"> {
  /** Whether there is nobody of that name, and nothing was ever said to them. */
  readonly nobody: boolean;
  /** Whether there is no such account any more. */
  readonly gone: boolean;
}

/**
 * Who somebody is, whether or not there is a conversation with them. That is asked again and again, unless the connection
 * tells that they are online: then it tells when they go, be it for good.
 *
 * @param refused whether a message to them was, as there is no such account
 */
function useContact(
  user: string,
  conversation: Known | undefined,
  knowsPresence: boolean,
  toldOnline: boolean | undefined,
  refused: boolean,
): Contact {
  const { client } = useChat();
  const loaded = useOfChat((chat) => chat.loaded);
  const watched = useOfChat((chat) => chat.model.watches(user));
  const [found, setFound] = useState<Found>({ name: undefined, presence: undefined, isThere: true });
  const [attempt, setAttempt] = useState(0);
  const known = conversation !== undefined;
  const gone = known && !found.isThere; // nobody is ever called so again
  if (!knowsPresence && found.presence !== undefined) {
    setFound({ ...found, presence: undefined }); // it may be long ago when it is known again
  }
  // Where the connection tells of them, it does not tell of one thing: that somebody who is not there was erased.
  const often = watched ? RARE_REFRESH : REFRESH;
  useRefresh(
    () => {
      setAttempt((attempt) => attempt + 1);
    },
    loaded && toldOnline !== true && !gone ? often : undefined,
  );
  useEffect(() => {
    let current = true;
    if (loaded) {
      client.people.find(user).then(
        (presence) => {
          if (current) {
            setFound({ name: presence.username, presence, isThere: true });
          }
        },
        (failure: unknown) => {
          if (current && isNobody(failure)) {
            setFound({ name: undefined, presence: undefined, isThere: false });
          }
        },
      );
    }
    return () => {
      current = false;
    };
  }, [client, user, loaded, attempt, knowsPresence, toldOnline, refused]);
  return { name: found.name, presence: found.presence, nobody: !found.isThere && !known, gone };
}

/** Whether nobody has that name, or can have it. */
function isNobody(failure: unknown): boolean {
  return isNotFound(failure) || (failure instanceof ChatProblem && failure.status === 400);
}

function isNotFound(failure: unknown): boolean {
  return failure instanceof ChatProblem && failure.status === 404;
}

/** Where what was new when the conversation was opened begins, as soon as that is loaded. */
function useFirstUnread(user: string, isOpen: boolean): number | undefined {
  const conversation = useOfChat((chat) => chat.conversation(user));
  const messages = useOfChat((chat) => chat.messages(user));
  const hasOlder = useOfChat((chat) => chat.model.hasOlder(user));
  const chat = useChat();
  const { user: me } = chat;
  const [opened, setOpened] = useState<{ readonly read: number | undefined; readonly found: number | undefined }>();
  if (opened === undefined && isOpen) {
    const { unread, read_upto: read } = conversation ?? { unread: 0, read_upto: 0 };
    const found = chat.beginning(user);
    setOpened({
      read: unread > 0 ? read : undefined,
      found: unread > 0 && found !== undefined && found > read ? found : undefined,
    });
  }
  const { read, found } = opened ?? {};
  return useMemo(
    () => (read === undefined ? undefined : (firstNew(messages, hasOlder, read, me) ?? found)),
    [messages, hasOlder, read, found, me],
  );
}

function MessagesSkeleton(): ReactNode {
  const texts = useTexts();
  return (
    <div className="messages-skeleton" role="status" aria-label={texts.loading}>
      {[52, 38, 64, 30, 46, 58].map((width, i) => (
        <span key={width} className="skeleton" data-width={width} data-mine={i % 3 === 2 || undefined} />
      ))}
    </div>
  );
}

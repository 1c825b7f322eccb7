import { sameUser } from "@message-center/client";
import { LogOut, Menu as MenuIcon, MessageCirclePlus, Search, Settings, UserRound } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { hrefOf } from "../route/route.js";
import { go, useRoute } from "../route/use-route.js";
import { useListed } from "../session/use-listed.js";
import { useKnowsPresence } from "../session/use-online.js";
import { useReconnected } from "../session/use-reconnected.js";
import { useChat, useOfChat } from "../session/use-session.js";
import { isApple } from "../shell/keys.js";
import { ListSkeleton } from "../shell/shell-skeleton.js";
import { IconLink } from "../ui/button.js";
import { EndOfList } from "../ui/end-of-list.js";
import { mainHeading } from "../ui/focus.js";
import { MenuButton } from "../ui/menu-button.js";
import { rove } from "../ui/roving.js";
import { State } from "../ui/state.js";
import { useTask } from "../ui/use-task.js";
import { ConversationItem } from "./conversation-item.js";
import { SignOut } from "./sign-out.js";
import "./conversation-list.css";

/** All conversations, and what leads to others. */
export function ConversationList(): ReactNode {
  const texts = useTexts();
  const chat = useChat();
  const route = useRoute();
  const conversations = useListed();
  const loaded = useOfChat((chat) => chat.loaded);
  const hasMore = useOfChat((chat) => chat.model.hasMore);
  const knowsPresence = useKnowsPresence();
  const further = useTask(() => chat.more());
  const [leaving, setLeaving] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const open = route.with;
  const current = conversations.findIndex(({ user }) => open !== undefined && sameUser(user, open));
  useFocusBack(list, open);
  useEffect(() => {
    if (loaded && open !== undefined) {
      list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }); // keys go beyond what is in view
    }
  }, [open, loaded]);
  useReconnected(further.failure !== undefined, () => void further.run());
  return (
    <>
      <div className="bar">
        <h2 tabIndex={-1}>{texts.conversations}</h2>
        <IconLink
          label={texts.searchMessages}
          href={hrefOf({ ...route, search: "" })}
          aria-keyshortcuts={isApple() ? "Meta+K" : "Control+K"}
        >
          <Search size={20} />
        </IconLink>
        <IconLink
          label={texts.newConversation}
          href={hrefOf({ ...route, people: true })}
          aria-keyshortcuts={isApple() ? "Alt+Meta+N" : "Alt+N"}
        >
          <MessageCirclePlus size={20} />
        </IconLink>
        <MenuButton
          label={texts.menu}
          icon={<MenuIcon size={20} />}
          head={
            <p className="menu-head">
              <UserRound size={18} aria-hidden="true" />
              <span className="name">{chat.user}</span>
            </p>
          }
          choices={[
            {
              label: texts.settings,
              icon: <Settings size={18} />,
              focus: mainHeading, // also where they are open already
              choose: () => {
                go({ settings: "account" });
              },
            },
            {
              label: texts.signOut,
              icon: <LogOut size={18} />,
              choose: () => {
                setLeaving(true);
              },
            },
          ]}
        />
      </div>
      {leaving && (
        <SignOut
          onStay={() => {
            setLeaving(false);
          }}
        />
      )}
      <nav className="scroll" aria-label={texts.conversations}>
        {!loaded ? (
          <ListSkeleton />
        ) : conversations.length === 0 ? (
          <State icon={MessageCirclePlus} title={texts.noConversations}>
            <p>{texts.noConversationsHint}</p>
            <a className="button" data-kind="main" href={hrefOf({ people: true })}>
              {texts.findPeople}
            </a>
          </State>
        ) : (
          <ul ref={list} className="conversations" onKeyDown={rove}>
            {conversations.map((conversation, i) => (
              <ConversationItem
                key={conversation.user}
                me={chat.user}
                conversation={conversation}
                knowsPresence={knowsPresence}
                current={i === current}
                stop={i === Math.max(0, current)}
              />
            ))}
            {hasMore && (
              <EndOfList
                state={further.busy ? "loading" : further.failure === undefined ? "loaded" : "failed"}
                failure={further.failure}
                onMore={() => void further.run()}
              />
            )}
          </ul>
        )}
      </nav>
    </>
  );
}

/** Where a conversation was closed, the focus goes back to it. */
function useFocusBack(list: React.RefObject<HTMLUListElement | null>, open: string | undefined): void {
  const before = useRef(open);
  useEffect(() => {
    const closed = before.current;
    before.current = open;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (closed !== undefined && open === undefined && lost) {
      const items = [...(list.current?.querySelectorAll<HTMLElement>("[data-rove]") ?? [])];
      items.find(({ dataset }) => sameUser(dataset["rove"] ?? "", closed))?.focus();
    }
  }, [list, open]);
}

import { MessagesSquare } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Conversation } from "../conversation/conversation.js";
import { ConversationList } from "../conversation-list/conversation-list.js";
import { useTexts } from "../i18n/language.js";
import { loadAllWhenIdle } from "../parts/chunk.js";
import { pane, popup } from "../parts/part.js";
import { hrefOf, type Route } from "../route/route.js";
import { currentRoute, go, useRoute } from "../route/use-route.js";
import { useOfChat } from "../session/use-session.js";
import { useListed } from "../session/use-listed.js";
import { showThatVisible } from "../session/tabs.js";
import { findFocus, useWhenClosed } from "../ui/focus.js";
import { State } from "../ui/state.js";
import { Announcer } from "./announcer.js";
import { Banner } from "./banner.js";
import { useNotifications } from "./notifications.js";
import { ListSkeleton } from "./shell-skeleton.js";
import { useTitle } from "./title.js";
import { useShortcuts } from "./use-shortcuts.js";
import "./shell.css";

const People = pane("people/people", () => import("../people/people.js"));
const Search = pane("search/search", () => import("../search/search.js"));
const Settings = pane("settings/settings", () => import("../settings/settings.js"));
const Shortcuts = popup("shell/shortcuts", () => import("./shortcuts.js"));

/** What somebody who is signed in sees: a list at the side, and what is open. On a phone, one of them. */
export function Shell(): ReactNode {
  const texts = useTexts();
  const route = useRoute();
  /** Where the help was asked for: whoever goes elsewhere does not need it any more. */
  const [helpedAt, setHelpedAt] = useState<Route>();
  const unread = useOfChat((chat) => chat.unread);
  const unkept = useOfChat((chat) => chat.unkept);
  useTitle(
    unread,
    useOfChat((chat) => chat.unreadFurther),
  );
  useNotifications();
  useEffect(showThatVisible, []);
  const ready = useOfChat((chat) => chat.loaded && chat.state.name === "connected");
  useEffect(() => (ready ? loadAllWhenIdle() : undefined), [ready]);
  useEffect(() => {
    if (route.door !== undefined) {
      go({}, { replace: true }); // whoever is in has no use for the door
    }
  }, [route.door]);

  const isSide = route.people === true || route.search !== undefined;
  useWhenClosed(findFocus, isSide, route.settings !== undefined, route.with !== undefined);
  const isMain = !isSide && (route.with !== undefined || route.settings !== undefined);
  return (
    <div className="shell" data-front={isMain ? "main" : "side"}>
      <a className="skip button" href="#main" onClick={skip}>
        {texts.skipToConversation}
      </a>
      <header className="unseen">
        <h1>{texts.appName}</h1>
      </header>
      <Banner />
      <main className="panes">
        <section className="side" aria-label={texts.conversations}>
          {route.people === true ? (
            <People fallback={<ListSkeleton />} />
          ) : route.search !== undefined ? (
            <Search fallback={<ListSkeleton />} />
          ) : (
            <ConversationList />
          )}
        </section>
        <div className="main" id="main" tabIndex={-1}>
          {route.settings !== undefined ? (
            <Settings
              section={route.settings}
              onHelp={() => {
                setHelpedAt(currentRoute());
              }}
              fallback={<ListSkeleton rows={4} />}
            />
          ) : route.with !== undefined ? (
            <Conversation key={route.with.toLowerCase()} user={route.with} at={route.at} />
          ) : (
            <div className="nothing-open">
              <State icon={MessagesSquare} title={texts.nothingOpen}>
                <p>
                  {texts.nothingOpenHint} {!unkept && texts.kept}
                </p>
                <a className="button" data-kind="quiet" href={hrefOf({ people: true })}>
                  {texts.newConversation}
                </a>
              </State>
            </div>
          )}
        </div>
      </main>
      <Announcer />
      <Keys
        onHelp={(shown) => {
          setHelpedAt(shown ? currentRoute() : undefined);
        }}
      />
      {helpedAt === route && (
        <Shortcuts
          onClose={() => {
            setHelpedAt(undefined);
          }}
        />
      )}
    </div>
  );
}

/** A part of its own, as it looks at each change of the list. */
function Keys({ onHelp }: { readonly onHelp: (shown: boolean) => void }): ReactNode {
  const listed = useListed();
  useShortcuts(listed, onHelp);
  return null;
}

function skip(event: React.MouseEvent): void {
  event.preventDefault();
  const main = document.getElementById("main");
  (main?.querySelector<HTMLElement>("textarea") ?? main)?.focus();
}

import { MessagesSquare } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Conversation } from "../conversation/conversation.js";
import { ConversationList } from "../conversation-list/conversation-list.js";
import { useTexts } from "../i18n/language.js";
import { hrefOf } from "../route/route.js";
import { go, useRoute } from "../route/use-route.js";
import { useChat, useOfChat } from "../session/use-session.js";
import { showThatVisible } from "../session/tabs.js";
import { State } from "../ui/state.js";
import { Announcer } from "./announcer.js";
import { Banner } from "./banner.js";
import { useNotifications } from "./notifications.js";
import { ListSkeleton } from "./shell-skeleton.js";
import { useTitle } from "./title.js";
import { useShortcuts } from "./use-shortcuts.js";
import "./shell.css";

const People = lazy(() => import("../people/people.js"));
const Search = lazy(() => import("../search/search.js"));
const Settings = lazy(() => import("../settings/settings.js"));
const Shortcuts = lazy(() => import("./shortcuts.js"));

const SOON = 1_500;

/** What somebody who is signed in sees: a list at the side, and what is open. On a phone, one of them. */
export function Shell(): ReactNode {
  const texts = useTexts();
  const route = useRoute();
  const chat = useChat();
  const [helping, setHelping] = useState(false);
  const unread = useOfChat((chat) => chat.unread);
  useTitle(unread);
  useNotifications();
  useEffect(showThatVisible, []);
  useEffect(() => {
    // Once there is time, what keys lead to is loaded, so that it is there for the first letter that is typed.
    const timer = setTimeout(() => {
      void Promise.allSettled([import("../people/people.js"), import("../search/search.js")]);
    }, SOON);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  useShortcuts(chat, setHelping);
  useEffect(() => {
    if (route.door !== undefined) {
      go({}, { replace: true }); // whoever is in has no use for the door
    }
  }, [route.door]);

  const isSide = route.people === true || route.search !== undefined;
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
          <Suspense fallback={<ListSkeleton />}>
            {route.people === true ? <People /> : route.search !== undefined ? <Search /> : <ConversationList />}
          </Suspense>
        </section>
        <div className="main" id="main" tabIndex={-1}>
          {route.settings !== undefined ? (
            <Suspense fallback={<ListSkeleton rows={4} />}>
              <Settings
                section={route.settings}
                onHelp={() => {
                  setHelping(true);
                }}
              />
            </Suspense>
          ) : route.with !== undefined ? (
            <Conversation key={route.with.toLowerCase()} user={route.with} at={route.at} />
          ) : (
            <div className="nothing-open">
              <State icon={MessagesSquare} title={texts.nothingOpen}>
                <p>{texts.nothingOpenHint}</p>
                <a className="button" data-kind="quiet" href={hrefOf({ people: true })}>
                  {texts.newConversation}
                </a>
              </State>
            </div>
          )}
        </div>
      </main>
      <Announcer />
      {helping && (
        <Suspense>
          <Shortcuts
            onClose={() => {
              setHelping(false);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function skip(event: React.MouseEvent): void {
  event.preventDefault();
  const main = document.getElementById("main");
  (main?.querySelector<HTMLElement>("textarea") ?? main)?.focus();
}

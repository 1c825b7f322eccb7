import { ArrowLeft, SearchX } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { hrefOf } from "../route/route.js";
import { go, leaving, useRoute } from "../route/use-route.js";
import { useChat } from "../session/use-session.js";
import { ListSkeleton } from "../shell/shell-skeleton.js";
import { Avatar } from "../ui/avatar.js";
import { IconLink } from "../ui/button.js";
import { EndOfList } from "../ui/end-of-list.js";
import { rove } from "../ui/roving.js";
import { ErrorState, State } from "../ui/state.js";
import { usePages } from "../ui/use-pages.js";
import "./people.css";

const PAGE = 50;
const WAIT = 150;

/** Finds somebody to write to. The service looks, so it makes no difference how many there are. */
export default function People(): ReactNode {
  const texts = useTexts();
  const { client } = useChat();
  const route = useRoute();
  const [name, setName] = useState("");
  const q = name.trim();
  const people = usePages(q, () => client.people.list({ limit: PAGE, ...(q !== "" && { q }) }), q === "" ? 0 : WAIT);
  const { items, state, hasMore } = people;
  // Enter takes the first of those that what was typed finds, also if they are still on their way.
  const [entered, setEntered] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  const first = entered !== undefined && people.of === entered && state === "loaded" ? items[0]?.username : undefined;
  useEffect(() => {
    if (first !== undefined) {
      go({ with: first });
    }
  }, [first]);
  const back = { ...route, people: undefined };
  return (
    <div
      className="side-pane"
      role="search"
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          go(back);
        }
      }}
    >
      <div className="bar">
        <IconLink className="icon-button back" label={texts.back} href={hrefOf(back)} onClick={leaving(back)}>
          <ArrowLeft size={20} />
        </IconLink>
        <h2>{texts.newConversation}</h2>
      </div>
      <div className="side-search">
        <input
          ref={input}
          className="input"
          type="search"
          dir={name === "" ? undefined : "auto"}
          aria-label={texts.searchPeople}
          placeholder={texts.searchPeople}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={({ target }) => {
            setName(target.value);
            setEntered(undefined);
          }}
          onKeyDown={(event) => {
            const first = list.current?.querySelector<HTMLElement>("[data-rove]");
            if (event.key === "ArrowDown") {
              event.preventDefault();
              first?.focus();
            } else if (event.key === "Enter") {
              setEntered(q);
            }
          }}
        />
      </div>
      <p className="unseen" role="status">
        {state === "loaded" && (items.length === 0 ? texts.noPeople(q) : texts.peopleFound(items.length, hasMore))}
      </p>
      <div className="scroll" aria-busy={state === "loading"}>
        {state === "failed" && items.length === 0 ? (
          <ErrorState retry={people.retry} />
        ) : items.length > 0 ? (
          <ul ref={list} className="people" aria-label={texts.findPeople} onKeyDown={rove}>
            {items.map(({ username, online }, i) => (
              <li key={username}>
                <a
                  className="person"
                  href={hrefOf({ with: username })}
                  data-rove={username}
                  tabIndex={i === 0 ? 0 : -1}
                >
                  <Avatar user={username} online={online} size="small" />
                  <span className="name">{username}</span>
                  {online && <span className="person-online">{texts.online}</span>}
                </a>
              </li>
            ))}
            {hasMore && <EndOfList state={state} onMore={people.more} />}
          </ul>
        ) : state === "loading" ? (
          <ListSkeleton />
        ) : (
          <State icon={SearchX} title={texts.noPeople(q)} />
        )}
      </div>
    </div>
  );
}

import { SearchX } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { hrefOf } from "../route/route.js";
import { go, useRoute } from "../route/use-route.js";
import { useKnowsPresence } from "../session/use-online.js";
import { useReconnected } from "../session/use-reconnected.js";
import { useChat, useOfChat } from "../session/use-session.js";
import { ListSkeleton } from "../shell/shell-skeleton.js";
import { SidePane, SideSearch } from "../shell/side-pane.js";
import { Avatar } from "../ui/avatar.js";
import { EndOfList } from "../ui/end-of-list.js";
import { rove } from "../ui/roving.js";
import { ErrorState, State } from "../ui/state.js";
import { usePages } from "../ui/use-pages.js";
import { REFRESH, useRefresh } from "../ui/use-refresh.js";
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
  useReconnected(state === "failed", people.retry);
  const lately = useOnlineLately(q);
  // Enter takes the first of those that what was typed finds, also if they are still on their way.
  const [entered, setEntered] = useState<string>();
  const list = useRef<HTMLUListElement>(null);
  const first = entered !== undefined && people.of === entered && state === "loaded" ? items[0]?.username : undefined;
  useEffect(() => {
    if (first !== undefined) {
      go({ with: first });
    }
  }, [first]);
  return (
    <SidePane title={texts.newConversation} back={{ ...route, people: undefined }}>
      <SideSearch
        label={texts.searchPeople}
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        list={list}
        onValue={(name) => {
          setName(name);
          setEntered(undefined);
        }}
        onEnter={() => {
          setEntered(q);
        }}
      />
      <p className="unseen" role="status">
        {state === "loaded" && (items.length === 0 ? texts.noPeople(q) : texts.peopleFound(items.length, hasMore))}
      </p>
      <div className="scroll" aria-busy={state === "loading"}>
        {state === "failed" && items.length === 0 ? (
          <ErrorState failure={people.failure} retry={people.retry} />
        ) : items.length > 0 ? (
          <ul ref={list} className="people" aria-label={texts.findPeople} onKeyDown={rove}>
            {items.map(({ username, online }, i) => (
              <Person key={username} username={username} online={lately.get(username) ?? online} stop={i === 0} />
            ))}
            {hasMore && <EndOfList state={state} failure={people.failure} onMore={people.more} />}
          </ul>
        ) : state === "loading" ? (
          <ListSkeleton />
        ) : (
          <State icon={SearchX} title={texts.noPeople(q)} />
        )}
      </div>
    </SidePane>
  );
}

function Person({
  username,
  online: wasOnline,
  stop,
}: {
  readonly username: string;
  /** Whether they were there when that was asked. */
  readonly online: boolean;
  /** Whether the Tab key stops here. */
  readonly stop: boolean;
}): ReactNode {
  const texts = useTexts();
  const told = useOfChat((chat) => chat.model.isOnline(username));
  const online = useKnowsPresence() && (told ?? wasOnline);
  return (
    <li>
      <a className="person" href={hrefOf({ with: username })} data-rove={username} tabIndex={stop ? 0 : -1}>
        <Avatar user={username} online={online} size="small" />
        <span className="name">{username}</span>
        {online && <span className="person-online">{texts.online}</span>}
      </a>
    </li>
  );
}

/** Who of the first ones is there now; the connection does not tell of people without a conversation. */
function useOnlineLately(q: string): ReadonlyMap<string, boolean> {
  const { client } = useChat();
  const [lately, setLately] = useState<ReadonlyMap<string, boolean>>(new Map());
  useRefresh(() => {
    client.people.list({ limit: PAGE, ...(q !== "" && { q }) }).then(
      ({ items }) => {
        setLately(
          (lately) => new Map([...lately, ...items.map(({ username, online }) => [username, online] as const)]),
        );
      },
      () => undefined, // asked again
    );
  }, REFRESH);
  return lately;
}

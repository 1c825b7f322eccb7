import { ChatProblem, type Message, newerOf, sameUser } from "@message-center/client";
import { SearchX, TextSearch } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { useTimes } from "../i18n/times.js";
import { hrefOf } from "../route/route.js";
import { go, useRoute } from "../route/use-route.js";
import { useReconnected } from "../session/use-reconnected.js";
import { useChat } from "../session/use-session.js";
import { ListSkeleton } from "../shell/shell-skeleton.js";
import { SidePane, SideSearch } from "../shell/side-pane.js";
import { useNarrow } from "../shell/use-narrow.js";
import { Avatar } from "../ui/avatar.js";
import { EndOfList } from "../ui/end-of-list.js";
import { explained } from "../ui/failure.js";
import { rove } from "../ui/roving.js";
import { ErrorState, State } from "../ui/state.js";
import { usePages } from "../ui/use-pages.js";
import { Excerpt } from "./excerpt.js";
import "../people/people.css";
import "./search.css";

const PAGE = 30;
const WAIT = 250;

/** Finds words in what was said; a hit leads to its place in the conversation. */
export default function Search(): ReactNode {
  const texts = useTexts();
  const times = useTimes();
  const { client, user: me } = useChat();
  const route = useRoute();
  const words = route.search ?? "";
  const q = words.trim();
  const target = route.searchIn;
  const hits = usePages(
    `${target ?? ""} ${q}`,
    () =>
      q === ""
        ? Promise.resolve({ items: [], next: undefined })
        : client.messages.search(q, { limit: PAGE, ...(target !== undefined && { target }) }),
    q === "" ? 0 : WAIT,
  );
  const list = useRef<HTMLUListElement>(null);
  const back = { ...route, search: undefined, searchIn: undefined };
  // Where the hits would cover what they lead to, the way back leads to them again.
  const kept = useNarrow() ? back : route;
  const { state, failure, hasMore } = hits;
  useReconnected(state === "failed", hits.retry);
  // What cannot be looked for at all; asked once more, it is the same.
  const refused =
    state === "failed" && failure instanceof ChatProblem && failure.fieldErrors["q"] !== undefined
      ? explained(failure, texts)
      : undefined;
  const altered = useAltered();
  const items = hits.items.map((hit) => newerOf(altered.get(hit.id) ?? hit, hit)).filter(({ deleted }) => !deleted);
  return (
    <SidePane title={texts.search} back={back}>
      <SideSearch
        label={texts.searchMessages}
        value={words}
        list={list}
        onValue={(search) => {
          go({ ...route, search }, { replace: true });
        }}
      >
        {target !== undefined && (
          <p className="search-where">
            <span>{texts.searchIn(target)}</span>
            <a href={hrefOf({ ...route, searchIn: undefined })}>{texts.searchEverywhere}</a>
          </p>
        )}
      </SideSearch>
      <p className="unseen" role="status">
        {refused ??
          (q !== "" &&
            state === "loaded" &&
            (items.length === 0 && !hasMore ? texts.noHits(q) : texts.hits(items.length, hasMore)))}
      </p>
      <div className="scroll" aria-busy={state === "loading"}>
        {q === "" ? (
          <State icon={TextSearch} title={texts.searchMessages}>
            <p>{texts.searchHint}</p>
          </State>
        ) : refused !== undefined ? (
          <State icon={SearchX} title={refused} />
        ) : state === "failed" && items.length === 0 ? (
          <ErrorState failure={failure} retry={hits.retry} />
        ) : items.length > 0 || hasMore ? (
          <ul ref={list} className="people" onKeyDown={rove} aria-label={texts.search}>
            {items.map(({ id, user, recipient, body, seq, timestamp }, i) => {
              const other = sameUser(user, me) ? recipient : user;
              const current = route.with !== undefined && sameUser(route.with, other) && route.at === seq;
              return (
                <li key={id}>
                  <a
                    className="hit"
                    href={hrefOf({ ...kept, settings: undefined, with: other, at: seq })}
                    aria-current={current ? "true" : undefined}
                    onClick={(event) => {
                      if (current && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
                        event.preventDefault();
                        go({ ...route, settings: undefined }); // a link to the same place leads nowhere
                      }
                    }}
                    data-rove={id}
                    tabIndex={i === 0 ? 0 : -1}
                  >
                    <Avatar user={other} size="small" />
                    <span className="item-name name">{other}</span>
                    <time className="item-time" dateTime={timestamp}>
                      {times.short(timestamp)}
                    </time>
                    <span className="hit-body">
                      {sameUser(user, me) && <span>{texts.you}: </span>}
                      <bdi>
                        <Excerpt body={body} words={q} />
                      </bdi>
                    </span>
                  </a>
                </li>
              );
            })}
            {hasMore && <EndOfList state={state} failure={failure} onMore={hits.more} />}
          </ul>
        ) : state === "loading" ? (
          <ListSkeleton />
        ) : (
          <State icon={SearchX} title={texts.noHits(q)} />
        )}
      </div>
    </SidePane>
  );
}

/** What was edited or unsent since, by id. */
function useAltered(): ReadonlyMap<number, Message> {
  const chat = useChat();
  const [altered, setAltered] = useState<ReadonlyMap<number, Message>>(new Map());
  useEffect(
    () =>
      chat.onAlteration((message) => {
        setAltered((altered) => {
          const known = altered.get(message.id) ?? message;
          return new Map(altered).set(message.id, newerOf(known, message));
        });
      }),
    [chat],
  );
  return altered;
}

import { type Conversation, type Message, sameUser } from "@message-center/client";
import { isNewTo, type Sending } from "../session/chat.js";
import { isOtherDay } from "../i18n/times.js";

/** What a conversation shows: messages, and behind them what is still on its way. */
export type Item = Message | Sending;

/** Messages of one writer within so many milliseconds stand together. */
const GROUP = 5 * 60_000;

export function isMessage(item: Item): item is Message {
  return "seq" in item;
}

/** The same for a message as it was for what was on its way, so that it stays in its place. */
export function keyOf(item: Item, me: string): string {
  return isMessage(item)
    ? item.client_id !== null && sameUser(item.user, me)
      ? item.client_id
      : String(item.id)
    : item.clientId;
}

/** Where the item is that has a key; -1 if there is none, or no key. */
export function indexOfKey(items: readonly Item[], key: string | undefined, me: string): number {
  return key === undefined ? -1 : items.findLastIndex((item) => keyOf(item, me) === key);
}

export function isMine(item: Item, me: string): boolean {
  return !isMessage(item) || sameUser(item.user, me);
}

export function timeOf(item: Item): string | number {
  return isMessage(item) ? item.timestamp : item.written;
}

/** How an item stands to those around it. */
export interface Place {
  /** Whether a day begins with it. */
  readonly day: boolean;
  /** Whether it is the first, or the last, of those that stand together. */
  readonly first: boolean;
  readonly last: boolean;
}

/** @param divided whether something else stands between this one and the one before */
export function placeOf(
  items: readonly Item[],
  index: number,
  me: string,
  divided: (index: number) => boolean = () => false,
): Place {
  const starts = (i: number): boolean => {
    const [before, item] = [items[i - 1], items[i]];
    return before === undefined || item === undefined || !together(before, item, me) || divided(i);
  };
  const [before, item] = [items[index - 1], items[index]];
  const day = item !== undefined && (before === undefined || isOtherDay(timeOf(before), timeOf(item)));
  return { day, first: starts(index), last: starts(index + 1) };
}

function together(before: Item, item: Item, me: string): boolean {
  const [one, other] = [timeOf(before), timeOf(item)];
  return (
    isMine(before, me) === isMine(item, me) &&
    new Date(other).getTime() - new Date(one).getTime() < GROUP &&
    !isOtherDay(one, other)
  );
}

/** Where what is on its way begins, if messages before it are not loaded; else -1. */
export function gapOf(items: readonly Item[], hasNewer: boolean): number {
  return hasNewer ? items.findIndex((item) => !isMessage(item)) : -1;
}

/** The seq of the first message that is new to me above what I have read, if the messages reach down to that. */
export function firstNew(
  messages: readonly Message[],
  hasOlder: boolean,
  read: number,
  me: string,
): number | undefined {
  const reaches = !hasOlder || (messages[0]?.seq ?? 0) <= read + 1;
  return reaches ? messages.find((message) => isNewTo(me, read, message))?.seq : undefined;
}

/**
 * Whether the messages reach down to all that is new to me, so that whoever has seen one of them has seen all before it.
 *
 * @param first where what is new begins, as far as that is known
 */
export function reachesNew(
  messages: readonly Message[],
  hasOlder: boolean,
  { read_upto: read, unread }: Pick<Conversation, "read_upto" | "unread">,
  first: number | undefined,
  me: string,
): boolean {
  const from = messages[0]?.seq ?? 0;
  return (
    !hasOlder ||
    from <= Math.max(read + 1, first ?? 0) ||
    messages.filter((message) => isNewTo(me, read, message)).length >= unread
  );
}

/** How many items have come in front of the first one of those before, as far as that is still there. */
export function countInFront(earlier: readonly Item[], later: readonly Item[], me: string): number {
  const first = earlier[0];
  const key = first === undefined ? undefined : keyOf(first, me);
  return Math.max(
    0,
    later.findIndex((item) => keyOf(item, me) === key),
  );
}

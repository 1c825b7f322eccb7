import { useSyncExternalStore } from "react";
import type { Texts } from "./en.js";
import { useSpeech } from "./language.js";

const DAY = 86_400_000;

/** Times as the reader writes them. */
export interface Times {
  /** The hour and minute. */
  time(at: string | number): string;
  /** Short, for a list: the hour today, the weekday in the last week, else the date. */
  short(at: string): string;
  /** A day, as a heading. */
  day(at: string | number): string;
  /** In full. */
  full(at: string | number): string;
  /** A day, within a sentence. */
  date(at: string): string;
}

export function timesOf(
  locale: string,
  texts: Pick<Texts, "today" | "yesterday">,
  now = (): number => Date.now(),
): Times {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat(locale, options);
  const time = format({ timeStyle: "short" });
  const weekday = format({ weekday: "short" });
  const thisYear = format({ weekday: "long", month: "long", day: "numeric" });
  const anyYear = format({ year: "numeric", month: "long", day: "numeric" });
  const short = format({ day: "numeric", month: "short" });
  const shortYear = format({ day: "numeric", month: "numeric", year: "2-digit" });
  const full = format({ dateStyle: "full", timeStyle: "short" });
  const isThisYear = (date: Date): boolean => date.getFullYear() === new Date(now()).getFullYear();
  return {
    time: (at) => time.format(new Date(at)),
    short(at) {
      const date = new Date(at);
      const days = daysBetween(date, now());
      return days <= 0
        ? time.format(date)
        : days < 7
          ? weekday.format(date)
          : (isThisYear(date) ? short : shortYear).format(date);
    },
    day(at) {
      const date = new Date(at);
      const days = daysBetween(date, now());
      return days <= 0
        ? texts.today
        : days === 1
          ? texts.yesterday
          : (isThisYear(date) ? thisYear : anyYear).format(date);
    },
    full: (at) => full.format(new Date(at)),
    date: (at) => anyYear.format(new Date(at)),
  };
}

/** Whether two moments are on different days, where the reader is. */
export function isOtherDay(one: string | number, other: string | number): boolean {
  return new Date(one).toDateString() !== new Date(other).toDateString();
}

export function useTimes(): Times {
  const { locale, texts } = useSpeech();
  return useSyncExternalStore(atMidnight, () => timesToday(locale, texts));
}

let known: { locale: string; texts: Texts; day: string; times: Times } | undefined;

/**
 * The same for all that show times: a formatter costs as much as many times that it writes. Another day is another object,
 * so that what shows one is drawn anew.
 */
function timesToday(locale: string, texts: Texts): Times {
  const day = new Date().toDateString();
  if (known?.locale !== locale || known.texts !== texts || known.day !== day) {
    known = { locale, texts, day, times: timesOf(locale, texts) };
  }
  return known.times;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells when a day ends while the page is open. */
function atMidnight(tell: () => void): () => void {
  if (listeners.size === 0) {
    waitForMidnight();
  }
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) {
      clearTimeout(timer);
    }
  };
}

function waitForMidnight(): void {
  const midnight = new Date();
  midnight.setHours(24, 0, 1, 0);
  timer = setTimeout(() => {
    waitForMidnight();
    for (const tell of [...listeners]) {
      tell();
    }
  }, midnight.getTime() - Date.now());
}

function daysBetween(date: Date, now: number): number {
  const start = (of: Date): number => Date.UTC(of.getFullYear(), of.getMonth(), of.getDate());
  return Math.round((start(new Date(now)) - start(date)) / DAY);
}

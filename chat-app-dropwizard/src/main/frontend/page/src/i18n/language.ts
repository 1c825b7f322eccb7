import { useSyncExternalStore } from "react";
import { Chunk } from "../parts/chunk.js";
import { deviceSetting, setDeviceSetting } from "../session/traces.js";
import { en, type Texts } from "./en.js";
import { writeNumbersAs } from "./numbers.js";

/** The languages by the names that they give themselves. */
export const LANGUAGES = { en: "English", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

export const isLanguage = (name: string | undefined): name is Language => name !== undefined && name in LANGUAGES;

interface Speech {
  readonly language: Language;
  readonly direction: "ltr" | "rtl";
  readonly texts: Texts;
  /** For times and numbers: the language as it is spoken where the reader is, with the hours as they are counted there. */
  readonly locale: string;
}

const arabic = new Chunk("i18n/ar", () => import("./ar.js"));
const loaders: Record<Language, () => Promise<Texts>> = {
  en: () => {
    void arabicLetters(); // others may write in them
    return Promise.resolve(en);
  },
  ar: async () => (await Promise.all([arabic.load(), arabicLetters()]))[0].ar,
};

/** So long the letters of a language are waited for, in milliseconds. */
const LETTERS = 3_000;

/** Whatever was written before they are there would move when they come. Where they cannot be had, the system's do. */
async function arabicLetters(): Promise<void> {
  if ("fonts" in document) {
    await Promise.race([
      document.fonts.load('1em "Readex Pro"', "ا").catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, LETTERS)),
    ]);
  }
}

let speech: Speech = { language: "en", direction: "ltr", texts: en, locale: localeOf("en") };
writeNumbersAs(speech.locale);
const listeners = new Set<() => void>();

/** What was chosen on this device; undefined leaves it to the browser. */
export function chosenLanguage(): Language | undefined {
  const chosen = deviceSetting("language");
  return isLanguage(chosen) ? chosen : undefined;
}

function wanted(): Language {
  return chosenLanguage() ?? navigator.languages.map(languageOf).find(isLanguage) ?? "en";
}

/**
 * Speaks as was chosen, or else as the browser likes it best. Rejects where that language cannot be had; then the page goes
 * on as it spoke before, in English at first.
 */
export async function applyLanguage(): Promise<void> {
  const language = wanted();
  const texts = await loaders[language]();
  if (language !== wanted()) {
    return; // another was chosen while this one was on its way
  }
  const direction = language === "ar" ? "rtl" : "ltr";
  speech = { language, direction, texts, locale: localeOf(language) };
  writeNumbersAs(speech.locale);
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
  document.title = texts.appName;
  listeners.forEach((tell) => {
    tell();
  });
}

export async function chooseLanguage(language: Language | undefined): Promise<void> {
  setDeviceSetting("language", language ?? "");
  await applyLanguage();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
  };
}

export function useSpeech(): Speech {
  return useSyncExternalStore(subscribe, () => speech);
}

/** What was chosen on this device, in this tab or another. */
export function useChosenLanguage(): Language | undefined {
  return useSyncExternalStore(subscribe, chosenLanguage);
}

export function useTexts(): Texts {
  return useSpeech().texts;
}

/**
 * Browsers pass on what the system calls its languages, which may be none that can be used for times and numbers. Whoever
 * reads another language than their first one counts hours as they always do.
 */
function localeOf(language: Language): string {
  const spoken = navigator.languages.filter(isLocale);
  const locale = spoken.find((tag) => languageOf(tag) === language) ?? language;
  const hourCycle = hourCycleOf(spoken[0] ?? locale);
  return hourCycle === undefined || hourCycle === hourCycleOf(locale)
    ? locale
    : new Intl.Locale(locale, { hourCycle }).toString();
}

function hourCycleOf(locale: string): Intl.LocaleHourCycleKey | undefined {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short" }).resolvedOptions().hourCycle;
}

function languageOf(tag: string): string {
  return tag.split(/[^a-z]/i, 1)[0]?.toLowerCase() ?? "";
}

function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

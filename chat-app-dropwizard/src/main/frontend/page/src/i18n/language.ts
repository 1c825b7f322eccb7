import { useSyncExternalStore } from "react";
import { deviceSetting, setDeviceSetting } from "../session/traces.js";
import { en, type Texts } from "./en.js";

/** The languages by the names that they give themselves. */
export const LANGUAGES = { en: "English", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

export const isLanguage = (name: string | undefined): name is Language => name !== undefined && name in LANGUAGES;

interface Speech {
  readonly language: Language;
  readonly direction: "ltr" | "rtl";
  readonly texts: Texts;
  /** For times and numbers: the language as it is spoken where the reader is. */
  readonly locale: string;
}

const loaders: Record<Language, () => Promise<Texts>> = {
  en: () => Promise.resolve(en),
  ar: async () => (await import("./ar.js")).ar,
};

let speech: Speech = { language: "en", direction: "ltr", texts: en, locale: localeOf("en") };
const listeners = new Set<() => void>();

/** What was chosen on this device; undefined leaves it to the browser. */
export function chosenLanguage(): Language | undefined {
  const chosen = deviceSetting("language");
  return isLanguage(chosen) ? chosen : undefined;
}

/** Speaks as was chosen, or else as the browser likes it best. */
export async function applyLanguage(): Promise<void> {
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]).find(isLanguage);
  const language = chosenLanguage() ?? wanted ?? "en";
  const texts = await loaders[language]();
  const direction = language === "ar" ? "rtl" : "ltr";
  speech = { language, direction, texts, locale: localeOf(language) };
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
  listeners.forEach((tell) => {
    tell();
  });
}

export async function chooseLanguage(language: Language | undefined): Promise<void> {
  setDeviceSetting("language", language ?? "");
  await applyLanguage();
}

export function useSpeech(): Speech {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => {
        listeners.delete(tell);
      };
    },
    () => speech,
  );
}

export function useTexts(): Texts {
  return useSpeech().texts;
}

function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}

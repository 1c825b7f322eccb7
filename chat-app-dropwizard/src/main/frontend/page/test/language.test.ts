import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { applyLanguage, chooseLanguage, useChosenLanguage, useSpeech } from "../src/i18n/language.js";
import { written } from "../src/i18n/numbers.js";
import { onDeviceSetting } from "../src/session/traces.js";
import { applyTheme, useTheme } from "../src/theme/theme.js";

/** What the system says that it speaks. */
let languages: readonly string[];
/** Whether there is a network. */
const answers = vi.fn<() => Promise<Response>>();

beforeEach(() => {
  Object.defineProperty(navigator, "languages", { configurable: true, get: () => languages });
  Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false });
  vi.stubGlobal("fetch", answers);
  const meta = document.createElement("meta");
  meta.name = "chunks";
  meta.content = JSON.stringify({ "i18n/ar": ["assets/ar.js"] });
  document.head.replaceChildren(meta);
});
afterEach(() => {
  Reflect.deleteProperty(navigator, "languages");
  Reflect.deleteProperty(navigator, "onLine");
  vi.unstubAllGlobals();
  document.head.replaceChildren();
});

const speech = (): ReturnType<typeof useSpeech> => renderHook(() => useSpeech()).result.current;

test("whose language cannot be had reads English, until it can", async () => {
  languages = ["ar-EG"];
  answers.mockRejectedValue(new TypeError("no network"));
  await expect(applyLanguage()).rejects.toThrow();
  expect(speech()).toMatchObject({ language: "en", direction: "ltr" });
  await expect(chooseLanguage("ar")).rejects.toThrow();
  expect(speech().language).toBe("en");
  answers.mockResolvedValue(new Response());
  await applyLanguage();
  expect(speech()).toMatchObject({ language: "ar", direction: "rtl", locale: "ar-EG" });
  expect(written(12)).toBe("١٢");
  expect(document.title).toBe(speech().texts.appName);
  expect(document.title).not.toBe("Message Center");
});

test.each([
  [["en-GB"], "en-GB"],
  [["de", "en-US"], "en-US-u-hc-h23"],
  [["de-DE", "de"], "en-u-hc-h23"],
  [["fr", "en-GB"], "en-GB"],
  [["en-US@posix"], "en"],
  [["en-US@posix", "en-AU"], "en-AU"],
  [["en_US.UTF-8"], "en"],
  [["", "C"], "en"],
])("times are written as can be where the browser speaks %j", async (spoken, expected) => {
  languages = spoken;
  await applyLanguage();
  expect(speech().locale).toBe(expected);
  expect(() => new Intl.DateTimeFormat(speech().locale)).not.toThrow();
});

test("what is chosen in another tab counts here", () => {
  languages = ["en"];
  const { result } = renderHook(() => ({ theme: useTheme(), language: useChosenLanguage() }));
  const heard: string[] = [];
  const stop = onDeviceSetting((name) => {
    heard.push(name);
    applyTheme();
    void applyLanguage();
  });
  for (const [name, value] of [
    ["theme", "dark"],
    ["language", "en"],
  ] as const) {
    localStorage.setItem(`message-center:device:${name}`, value);
    act(() => {
      dispatchEvent(new StorageEvent("storage", { key: `message-center:device:${name}`, newValue: value }));
    });
  }
  dispatchEvent(new StorageEvent("storage", { key: "message-center:draft:me:bob" }));
  stop();
  expect(heard).toEqual(["theme", "language"]);
  expect(result.current.theme).toBe("dark");
  expect(document.documentElement.dataset["theme"]).toBe("dark");
});

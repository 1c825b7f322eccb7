import { useSyncExternalStore } from "react";
import { deviceSetting, setDeviceSetting } from "../session/traces.js";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const listeners = new Set<() => void>();

export function theme(): Theme {
  const chosen = deviceSetting("theme");
  return THEMES.find((one) => one === chosen) ?? "system";
}

/** Puts it on the page, where the style sheets look for it. */
export function applyTheme(): void {
  const chosen = theme();
  document.documentElement.dataset["theme"] = chosen;
  listeners.forEach((tell) => {
    tell();
  });
}

export function setTheme(chosen: Theme): void {
  setDeviceSetting("theme", chosen);
  applyTheme();
}

export function useTheme(): Theme {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => {
      listeners.delete(tell);
    };
  }, theme);
}

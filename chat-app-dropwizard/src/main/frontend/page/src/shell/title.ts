import { useEffect } from "react";
import icon from "../assets/icon.svg";
import iconUnread from "../assets/icon-unread.svg";
import { useTexts } from "../i18n/language.js";

/** The tab shows how much is unread. */
export function useTitle(unread: number, orMore: boolean): void {
  const texts = useTexts();
  useEffect(() => {
    document.title = unread > 0 ? texts.titleUnread(unread, orMore) : texts.appName;
    document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.setAttribute("href", unread > 0 ? iconUnread : icon);
  }, [unread, orMore, texts]);
  useEffect(
    () => () => {
      document.title = texts.appName;
      document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.setAttribute("href", icon);
    },
    [texts],
  );
}

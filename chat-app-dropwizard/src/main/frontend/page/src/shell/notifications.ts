import type { Message } from "@message-center/client";
import { useEffect } from "react";
import { go } from "../route/use-route.js";
import { anyVisible, whenNotifier } from "../session/tabs.js";
import { userSetting } from "../session/traces.js";
import { useChat } from "../session/use-session.js";

const LONGEST = 200;

export function notificationsAreThere(): boolean {
  return "Notification" in globalThis;
}

/**
 * Tells the desktop of messages, if its user has asked for that: by one tab, and while none of them can be seen. A later
 * message of the same person takes the place of an earlier one.
 */
export function useNotifications(): void {
  const chat = useChat();
  useEffect(() => {
    let stop = (): void => undefined;
    const notify = async ({ user, body, deleted }: Message): Promise<void> => {
      const wanted = notificationsAreThere() && userSetting(chat.user, "notify") === "yes";
      if (!wanted || Notification.permission !== "granted" || deleted || (await anyVisible())) {
        return;
      }
      const notification = new Notification(user, {
        body: body.length > LONGEST ? `${body.slice(0, LONGEST)}…` : body,
        tag: `message-center:${chat.user}:${user}`,
      });
      notification.onclick = () => {
        window.focus();
        go({ with: user });
        notification.close();
      };
    };
    const cancel = whenNotifier(() => {
      stop = chat.onArrival((message) => void notify(message));
    });
    return () => {
      stop();
      cancel();
    };
  }, [chat]);
}

import type { Message } from "@message-center/client";
import { useEffect } from "react";
import { go } from "../route/use-route.js";
import { anyVisible, whenNotifier } from "../session/tabs.js";
import { setUserSetting, userSetting } from "../session/traces.js";
import { useChat } from "../session/use-session.js";

const LONGEST = 200;

export function notificationsAreThere(): boolean {
  return "Notification" in globalThis;
}

/**
 * Whether the page itself may make them, which some browsers on phones do not let it do, but only say when it tries. Where
 * that is allowed already, one would be seen.
 */
export function notificationsWork(): boolean {
  if (Notification.permission === "granted") {
    return true; // or it says so with the first that there is
  }
  try {
    new Notification("").close();
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells the desktop of messages, if its user has asked for that: by one tab, and while none of them can be seen. A later
 * message of the same person takes the place of an earlier one, and what was read elsewhere or unsent is told no more.
 */
export function useNotifications(): void {
  const chat = useChat();
  useEffect(() => {
    let stop = (): void => undefined;
    /** The last one of each person. */
    const shown = new Map<string, { readonly message: Message; readonly notification: Notification }>();
    const isRead = ({ user, seq }: Message): boolean => seq <= (chat.conversation(user)?.read_upto ?? 0);
    const notify = async (message: Message): Promise<void> => {
      const { user, body, deleted } = message;
      const wanted = notificationsAreThere() && userSetting(chat.user, "notify") === "yes";
      if (!wanted || Notification.permission !== "granted" || deleted || (await anyVisible()) || isRead(message)) {
        return;
      }
      let notification: Notification;
      try {
        notification = new Notification(user, {
          body: body.length > LONGEST ? `${body.slice(0, LONGEST)}…` : body,
          tag: `message-center:${chat.user}:${user}`,
        });
      } catch {
        setUserSetting(chat.user, "notify", "no"); // this browser lets no page do so
        return;
      }
      const key = user.toLowerCase();
      shown.set(key, { message, notification });
      notification.onclose = () => {
        if (shown.get(key)?.notification === notification) {
          shown.delete(key);
        }
      };
      notification.onclick = () => {
        window.focus();
        go({ with: user });
        notification.close();
      };
    };
    const cancel = whenNotifier(() => {
      stop = chat.onNews((message) => void notify(message));
    });
    const close = (isMeant: (message: Message) => boolean): void => {
      for (const { message, notification } of [...shown.values()]) {
        if (isMeant(message)) {
          notification.close();
        }
      }
    };
    const stopAltering = chat.onAlteration(({ id, deleted }) => {
      close((message) => deleted && message.id === id);
    });
    const stopReading = chat.subscribe(() => {
      close(isRead);
    });
    return () => {
      stop();
      stopAltering();
      stopReading();
      cancel();
    };
  }, [chat]);
}

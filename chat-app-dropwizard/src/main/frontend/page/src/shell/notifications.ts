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

/** Whether the page itself may make them, which some browsers on phones do not let it do, but only say when it tries. */
export function notificationsWork(): boolean {
  try {
    new Notification("").close(); // nothing to be seen, as nobody has allowed it yet, or not for long
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells the desktop of messages, if its user has asked for that: by one tab, and while none of them can be seen. A later
 * message of the same person takes the place of an earlier one.
 */
export function useNotifications(): void {
  const chat = useChat();
  useEffect(() => {
    let stop = (): void => undefined;
    const shown = new Map<number, Notification>();
    const notify = async ({ id, user, body, deleted }: Message): Promise<void> => {
      const wanted = notificationsAreThere() && userSetting(chat.user, "notify") === "yes";
      if (!wanted || Notification.permission !== "granted" || deleted || (await anyVisible())) {
        return;
      }
      let notification: Notification;
      try {
        notification = new Notification(user, {
          body: body.length > LONGEST ? `${body.slice(0, LONGEST)}…` : body,
          tag: `message-center:${chat.user}:${user}`,
        });
      } catch {
        return; // this browser lets no page do so
      }
      shown.set(id, notification);
      notification.onclose = () => {
        shown.delete(id);
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
    const stopAltering = chat.onAlteration(({ id, deleted }) => {
      if (deleted) {
        shown.get(id)?.close();
      }
    });
    return () => {
      stop();
      stopAltering();
      cancel();
    };
  }, [chat]);
}

import { type Message, sameUser } from "@message-center/client";
import { Copy, CornerLeftUp, Pencil, Reply, RotateCw, Trash, Undo } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { useTexts } from "../i18n/language.js";
import type { Chat, Sending } from "../session/chat.js";
import { draft } from "../session/traces.js";
import { useChat, useOfChat } from "../session/use-session.js";
import Menu, { type Choice } from "../ui/menu.js";
import type { ComposerMode } from "./composer.js";
import { copy } from "./copy.js";
import { isMessage, type Item } from "./item.js";

/** What can be done with a message. There is one menu for all of them. */
export default function MessageMenu({
  me,
  item,
  anchor,
  canWrite,
  composer,
  rest,
  onClose,
  onJump,
  onMode,
  onUnsend,
}: {
  readonly me: string;
  readonly item: Item;
  readonly anchor: HTMLElement;
  /** Whether there is where to write to them. */
  readonly canWrite: boolean;
  readonly composer: RefObject<HTMLTextAreaElement | null>;
  /** What has the focus where there is nothing to go back to. */
  readonly rest: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly onJump: (message: Message) => void;
  readonly onMode: (mode: ComposerMode) => void;
  readonly onUnsend: (message: Message) => void;
}): ReactNode {
  const texts = useTexts();
  const chat = useChat();
  const answered = isMessage(item) ? item.reply_to : null;
  const quoted = useOfChat((chat) =>
    isMessage(item) && typeof answered === "number"
      ? chat.quoted(sameUser(item.user, me) ? item.recipient : item.user, answered)
      : undefined,
  );
  const copying: Choice = {
    label: texts.copy,
    icon: <Copy size={18} />,
    choose: () => {
      copy(item.body, texts);
    },
  };
  const choices: Choice[] = [];
  if (isMessage(item)) {
    if (canWrite) {
      choices.push({
        label: texts.reply,
        icon: <Reply size={18} />,
        choose: () => {
          onMode({ type: "reply", message: item });
        },
        focus: composer,
      });
    }
    choices.push(copying);
    if (quoted !== undefined && quoted !== null) {
      choices.push({
        label: texts.toQuoted,
        icon: <CornerLeftUp size={18} />,
        choose: () => {
          onJump(quoted);
        },
        focus: null, // it goes to that message, once it is there
      });
    }
    if (sameUser(item.user, me)) {
      choices.push(
        {
          label: texts.edit,
          icon: <Pencil size={18} />,
          choose: () => {
            onMode({ type: "edit", message: item });
          },
          focus: composer,
        },
        {
          label: texts.unsend,
          icon: <Undo size={18} />,
          danger: true,
          choose: () => {
            onUnsend(item);
          },
        },
      );
    }
  } else {
    const { clientId, state } = item;
    if (state === "failed") {
      choices.push({
        label: texts.tryAgain,
        icon: <RotateCw size={18} />,
        choose: () => {
          chat.retry(clientId);
        },
      });
    }
    choices.push(copying);
    if (state === "failed" && canWrite) {
      choices.push({
        label: texts.edit,
        icon: <Pencil size={18} />,
        choose: () => {
          takeBack(chat, item, onMode);
        },
        focus: composer,
      });
    }
    if (state !== "sent") {
      choices.push({
        label: texts.discard,
        icon: <Trash size={18} />,
        danger: true,
        choose: () => {
          chat.discard(clientId);
        },
        focus: rest, // there will be nothing to go back to
      });
    }
  }
  return (
    <Menu
      anchor={anchor}
      choices={choices}
      align={!isMessage(item) || sameUser(item.user, me) ? "end" : "start"}
      finalFocus={() => anchor.closest<HTMLElement>("article")}
      onClose={onClose}
    />
  );
}

/** What could not be sent is written again, before what has been written since. */
function takeBack(
  chat: Chat,
  { clientId, recipient, body, replyTo }: Sending,
  onMode: (mode: ComposerMode) => void,
): void {
  const since = draft(chat.user, recipient);
  const answered = replyTo === undefined ? undefined : chat.quoted(recipient, replyTo);
  if (answered !== undefined && answered !== null) {
    onMode({ type: "reply", message: answered });
  }
  chat.discard(clientId);
  chat.keepDraft(recipient, since === "" ? body : `${body}\n${since}`);
}

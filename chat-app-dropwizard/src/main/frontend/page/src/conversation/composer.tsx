import { ConnectionFailed, type Message, sameUser } from "@message-center/client";
import { Check, Pencil, Reply, SendHorizontal, Smile, X } from "lucide-react";
import {
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTexts } from "../i18n/language.js";
import { popup } from "../parts/part.js";
import { useChat, useOfChat } from "../session/use-session.js";
import { useDraft } from "../session/use-draft.js";
import { IconButton } from "../ui/button.js";
import { isComposing } from "../ui/composing.js";
import { explained } from "../ui/failure.js";
import { useTask } from "../ui/use-task.js";
import { excess } from "./length.js";
import "./composer.css";

const EmojiPicker = popup("conversation/emoji-picker", () => import("./emoji-picker.js"));

/** What is written besides a message of its own: an answer to one, or another text for one. */
export type ComposerMode = { readonly type: "reply" | "edit"; readonly message: Message } | undefined;

const PAUSE = 300;

/** Where a message is written. What is written is kept, also over a reload. */
export const WriteComposer = memo(function WriteComposer({
  input,
  user,
  replying,
  onEnd,
  onEditLast,
  onLeaveUp,
  onSent,
}: {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly user: string;
  readonly replying: Message | undefined;
  readonly onEnd: () => void;
  /** Edits the last message of mine, if there is one. */
  readonly onEditLast: () => boolean;
  /** Goes to the messages. */
  readonly onLeaveUp: () => void;
  readonly onSent: () => void;
}): ReactNode {
  const texts = useTexts();
  const chat = useChat();
  const longest = useOfChat((chat) => chat.longest);
  const kept = useDraft(chat.user, user);
  const [text, setText] = useState(kept);
  const written = useRef(kept);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const keep = useCallback(
    (text: string) => {
      clearTimeout(timer.current);
      timer.current = undefined;
      written.current = text;
      chat.keepDraft(user, text);
    },
    [chat, user],
  );
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  }, [text]);
  useEffect(() => {
    const flush = (): void => {
      if (timer.current !== undefined) {
        keep(latest.current);
      }
    };
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, [keep]);
  useEffect(() => {
    // Another tab has written, or sent, what was written here: that counts, unless something is written here right now.
    if (kept !== written.current && timer.current === undefined) {
      written.current = kept;
      setText(kept);
    }
  }, [kept]);
  const answered = replying?.id;
  useEffect(() => {
    if (answered !== undefined) {
      input.current?.focus();
    }
  }, [answered, input]);

  const write = (text: string): void => {
    setText(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      keep(text);
    }, PAUSE);
    if (text.trim() !== "") {
      chat.live.typing(user);
    }
  };
  return (
    <ComposerBox
      input={input}
      label={texts.write(user)}
      value={text}
      longest={longest}
      onChange={write}
      onSubmit={() => {
        if (text.trim() !== "" && excess(text, longest) === 0) {
          chat.send(user, text, replying?.id);
          setText("");
          keep("");
          if (replying !== undefined) {
            onEnd();
          }
          onSent();
        }
      }}
      onUp={() => {
        if (!onEditLast()) {
          onLeaveUp();
        }
      }}
      submit={{ label: texts.send, icon: <SendHorizontal size={20} className="to-the-end" /> }}
      aside={
        replying !== undefined && (
          <Aside
            icon={<Reply size={18} />}
            title={sameUser(replying.user, chat.user) ? texts.replyingToYourself : texts.replyingTo(replying.user)}
            onEnd={onEnd}
          >
            {replying.deleted ? texts.unsent : replying.body}
          </Aside>
        )
      }
    />
  );
});

/** Where a message that was sent gets another text. */
export function EditComposer({
  input,
  message,
  begun,
  onText,
  onEnd,
}: {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly message: Message;
  /** What it had come to when it was left, and each time that it comes to something else in another tab. */
  readonly begun?: { readonly text?: string | undefined } | undefined;
  /** Hears what it has come to; nothing, as long as that is what the message says. */
  readonly onText: (text: string | undefined) => void;
  readonly onEnd: () => void;
}): ReactNode {
  const texts = useTexts();
  const chat = useChat();
  const longest = useOfChat((chat) => chat.longest);
  const [text, setText] = useState(begun?.text ?? message.body);
  const [known, setKnown] = useState(begun);
  if (begun !== known) {
    setKnown(begun);
    setText(begun?.text ?? message.body);
  }
  const { body, deleted } = message;
  const [base, setBase] = useState(body);
  if (body !== base) {
    setBase(body);
    if (text === base) {
      setText(body); // edited elsewhere, and not yet here
    }
  }
  useEffect(() => {
    if (deleted && text === "") {
      onEnd();
    }
  }, [deleted, text, onEnd]);
  const task = useTask(async () => {
    if (text !== message.body) {
      await chat.edit(message, text);
    }
  });
  const wrong =
    task.failure instanceof ConnectionFailed
      ? texts.editNoAnswer
      : task.failure !== undefined
        ? explained(task.failure, texts)
        : deleted && text !== ""
          ? texts.editUnsent
          : undefined;
  useLayoutEffect(() => {
    input.current?.focus();
  }, [input]);
  return (
    <ComposerBox
      input={input}
      label={texts.editing}
      value={text}
      longest={longest}
      onChange={(text) => {
        setText(text);
        onText(text === body ? undefined : text);
      }}
      onSubmit={() => {
        if (text.trim() !== "" && excess(text, longest) === 0 && !task.busy) {
          void task.run().then((done) => {
            if (done) {
              onEnd();
            }
          });
        }
      }}
      submit={{ label: texts.save, icon: <Check size={20} /> }}
      aside={
        <Aside icon={<Pencil size={18} />} title={texts.editing} onEnd={onEnd}>
          {wrong === undefined ? body : <span role="alert">{wrong}</span>}
        </Aside>
      }
    />
  );
}

/** What is above the text: which message it is about. */
function Aside({
  icon,
  title,
  children,
  onEnd,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly onEnd: () => void;
}): ReactNode {
  const texts = useTexts();
  return (
    <div className="composer-aside">
      {icon}
      <div>
        <p className="composer-aside-title">{title}</p>
        <p className="composer-aside-body" dir="auto">
          {children}
        </p>
      </div>
      <IconButton label={texts.cancel} onClick={onEnd}>
        <X size={18} />
      </IconButton>
    </div>
  );
}

function ComposerBox({
  input,
  label,
  value,
  longest,
  onChange,
  onSubmit,
  onUp,
  submit,
  aside,
}: {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly label: string;
  readonly value: string;
  /** How many code points it may have. */
  readonly longest: number;
  readonly onChange: (text: string) => void;
  readonly onSubmit: () => void;
  /** The arrow up was pressed where nothing is written. */
  readonly onUp?: () => void;
  readonly submit: { readonly label: string; readonly icon: ReactNode };
  readonly aside: ReactNode;
}): ReactNode {
  const texts = useTexts();
  const [picking, setPicking] = useState(false);
  const smile = useRef<HTMLButtonElement>(null);
  /** Where one goes on behind an emoji, while the text is that: browsers differ about one that is changed without the focus. */
  const picked = useRef<{ readonly text: string; readonly at: number }>(undefined);
  const hint = useId();
  const over = excess(value, longest);
  useGrowing(input, value);
  useLayoutEffect(() => {
    const area = input.current;
    area?.setSelectionRange(area.value.length, area.value.length); // whoever goes on writing does so behind what is there
  }, [input]);

  const insert = (emoji: string): void => {
    const area = input.current;
    const at = picked.current?.text === value ? picked.current.at : undefined;
    const [start, end] = [at ?? area?.selectionStart ?? value.length, at ?? area?.selectionEnd ?? value.length];
    const text = value.slice(0, start) + emoji + value.slice(end);
    onChange(text);
    picked.current = { text, at: start + emoji.length };
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
        input.current?.focus();
      }}
    >
      {aside}
      <div className="composer-line" data-wrong={over > 0 || undefined}>
        <IconButton
          ref={smile}
          label={texts.emoji}
          aria-haspopup="dialog"
          aria-expanded={picking}
          onClick={() => {
            setPicking(!picking);
          }}
        >
          <Smile size={22} />
        </IconButton>
        <textarea
          ref={input}
          className="composer-input"
          rows={1}
          dir={value === "" ? undefined : "auto"} // what is to be written stands as the page does
          aria-label={label}
          aria-invalid={over > 0}
          aria-describedby={over > 0 ? hint : undefined}
          placeholder={texts.placeholder}
          enterKeyHint="enter"
          value={value}
          onFocus={({ target }) => {
            if (picked.current?.text === value) {
              target.setSelectionRange(picked.current.at, picked.current.at);
            }
            picked.current = undefined;
          }}
          onChange={({ target }) => {
            onChange(target.value);
          }}
          onKeyDown={(event) => {
            if (isComposing(event)) {
              return;
            } else if (event.key === "Enter" && !event.shiftKey && !event.altKey && sendsByEnter()) {
              event.preventDefault();
              onSubmit();
            } else if (
              event.key === "ArrowUp" &&
              value === "" &&
              !event.altKey &&
              !event.shiftKey &&
              onUp !== undefined
            ) {
              event.preventDefault();
              onUp();
            }
          }}
        />
        <button
          type="submit"
          className="composer-send"
          aria-label={submit.label}
          title={submit.label}
          aria-disabled={value.trim() === "" || over > 0 || undefined}
        >
          {submit.icon}
        </button>
      </div>
      <p className="composer-over" id={hint} role="status">
        {over > 0 && texts.tooLongBy(over)}
      </p>
      {picking && (
        <EmojiPicker
          anchor={smile}
          input={input}
          onPick={insert}
          onClose={() => {
            setPicking(false);
          }}
        />
      )}
    </form>
  );
}

/** Where there are no keys but those on the screen, Enter begins a line. */
function sendsByEnter(): boolean {
  return !matchMedia("(pointer: coarse) and (hover: none)").matches;
}

/** Where style sheets cannot make it grow with its text. */
function useGrowing(input: RefObject<HTMLTextAreaElement | null>, value: string): void {
  useLayoutEffect(() => {
    const area = input.current;
    if (area !== null && !(typeof CSS !== "undefined" && CSS.supports("field-sizing", "content"))) {
      area.style.setProperty("block-size", "auto");
      area.style.setProperty("block-size", `${area.scrollHeight}px`);
    }
  }, [input, value]);
}

import { Popover } from "@base-ui/react/popover";
import { type ReactNode, type RefObject, useRef } from "react";
import { useTexts } from "../i18n/language.js";

/** In the order of the groups' names in the texts. Screen readers know what each is called. */
const GROUPS: readonly string[] = [
  "😀 😄 😁 😆 😅 😂 🤣 😊 🙂 😉 😍 🥰 😘 😋 😜 🤪 🤗 🤔 🤨 😐 😏 🙄 😬 😌 😴 🤒 🥳 😎 🤓 😕 😟 😮 😲 🥺 😢 😭 😱 😤 😡 🤯 🫠 🤭",
  "👍 👎 👌 🤌 ✌️ 🤞 🫶 👏 🙌 🙏 💪 👋 🤝 ☝️ 👆 👇 👈 👉 ✋ 🤙 🤷 🤦 💁 🙋 👀 🧠",
  "❤️ 🧡 💛 💚 💙 💜 🖤 🤍 🤎 💔 💕 💞 💖 💘 💯 ✨ 🔥 🎉",
  "🌞 🌝 ⭐ 🌈 ☁️ 🌧️ ❄️ ⚡ 🌊 🌱 🌳 🌸 🌻 🍂 🐶 🐱 🦊 🐻 🐼 🐸 🐦 🐢 🐝 🦋",
  "☕ 🍵 🍺 🍷 🥂 🍕 🍔 🌮 🍣 🍜 🥗 🍞 🧀 🍎 🍌 🍓 🍉 🍫 🍰 🍪",
  "📷 💡 📌 📎 📅 ⏰ 📦 🎁 🎵 🎧 🎮 ⚽ 🏀 🚲 🚗 ✈️ 🏠 🏖️ 💻 📱 ✅ ❌ ❓ ❗",
];

export default function EmojiPicker({
  anchor,
  input,
  onPick,
  onClose,
}: {
  readonly anchor: RefObject<HTMLElement | null>;
  /** What is written into, which goes on after some have been picked. */
  readonly input: RefObject<HTMLElement | null>;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const texts = useTexts();
  const picked = useRef(false);
  return (
    <Popover.Root
      open
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          className="menu-place"
          anchor={anchor}
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={8}
        >
          <Popover.Popup
            className="emoji"
            aria-label={texts.emoji}
            finalFocus={() => (picked.current ? input : anchor).current}
            onKeyDown={move}
          >
            <div className="emoji-groups">
              {GROUPS.map((group, i) => (
                <section key={group} aria-label={texts.emojiGroups[i]}>
                  <h3>{texts.emojiGroups[i]}</h3>
                  <div className="emoji-grid">
                    {group.split(" ").map((emoji) => (
                      <button
                        key={emoji}
                        type="button"
                        onClick={() => {
                          picked.current = true;
                          onPick(emoji);
                        }}
                      >
                        {emoji}
                      </button>
                    ))}
                  </div>
                </section>
              ))}
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The arrow keys go from emoji to emoji, along the lines and across. */
function move(event: React.KeyboardEvent<HTMLElement>): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(".emoji-grid button")];
  const at = all.findIndex((one) => one === document.activeElement);
  const here = all[at];
  if (here === undefined) {
    return;
  }
  const forward = getComputedStyle(here).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const sideways = event.key === forward ? 1 : event.key.startsWith("Arrow") && !/Up|Down/.test(event.key) ? -1 : 0;
  const place = here.getBoundingClientRect();
  const below = (other: HTMLElement): boolean => other.getBoundingClientRect().left === place.left;
  const to =
    sideways !== 0
      ? all[at + sideways]
      : event.key === "ArrowDown"
        ? all.slice(at + 1).find(below)
        : event.key === "ArrowUp"
          ? all.slice(0, at).findLast(below)
          : undefined;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    to?.focus();
  }
}

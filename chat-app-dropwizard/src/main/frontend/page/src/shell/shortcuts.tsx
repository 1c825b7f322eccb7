import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "../i18n/language.js";
import { IconButton } from "../ui/button.js";
import { isApple } from "./keys.js";
import "./shortcuts.css";

/** What the keyboard can do. */
export default function Shortcuts({ onClose }: { readonly onClose: () => void }): ReactNode {
  const texts = useTexts();
  const { enter, shift, escape } = texts.keys;
  const [ctrl, alt] = isApple() ? [["⌘"], ["⌥", "⌘"]] : [[texts.keys.ctrl], [texts.keys.alt]];
  const all: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    [texts.shortcutSearch, [[...ctrl, "K"]]],
    [texts.shortcutNew, [[...alt, "N"]]],
    [
      texts.shortcutNext,
      [
        [...alt, "↓"],
        [...alt, "↑"],
      ],
    ],
    [texts.shortcutList, [["↓"], ["↑"]]],
    [texts.shortcutActions, [[enter]]],
    [texts.shortcutSend, [[enter]]],
    [texts.shortcutLine, [[shift, enter]]],
    [texts.shortcutEdit, [["↑"]]],
    [texts.shortcutEscape, [[escape]]],
    [texts.shortcutHelp, [[...ctrl, "/"]]],
  ];
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="shade" />
        <Dialog.Popup className="dialog shortcuts">
          <div className="shortcuts-head">
            <Dialog.Title>{texts.shortcuts}</Dialog.Title>
            <Dialog.Close
              render={
                <IconButton label={texts.close}>
                  <X size={20} />
                </IconButton>
              }
            />
          </div>
          <dl>
            {all.map(([what, keys]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  {keys.map((combination) => (
                    <span key={combination.join("+")} className="combination" dir="ltr">
                      {combination.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

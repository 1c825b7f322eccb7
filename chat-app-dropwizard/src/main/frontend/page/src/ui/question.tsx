import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode, RefObject } from "react";
import { useTexts } from "../i18n/language.js";
import { Button } from "./button.js";

/** Asks before something is done that cannot be undone. */
export function Question({
  open,
  title,
  hint,
  answer,
  busy = false,
  finalFocus,
  onAnswer,
  onClose,
  children,
}: {
  readonly open: boolean;
  readonly title: string;
  readonly hint: string;
  /** What the button says that does it. */
  readonly answer: string;
  readonly busy?: boolean;
  /** Where the focus goes afterwards; by default where it came from. */
  readonly finalFocus?: RefObject<HTMLElement | null> | undefined;
  readonly onAnswer: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const texts = useTexts();
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="shade" />
        <AlertDialog.Popup className="dialog" {...(finalFocus !== undefined && { finalFocus })}>
          <form
            className="dialog-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (!busy) {
                onAnswer();
              }
            }}
          >
            <AlertDialog.Title>{title}</AlertDialog.Title>
            <AlertDialog.Description>{hint}</AlertDialog.Description>
            {children}
            <div className="buttons">
              <Button kind="quiet" onClick={onClose}>
                {texts.cancel}
              </Button>
              <Button kind="danger" type="submit" busy={busy}>
                {answer}
              </Button>
            </div>
          </form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

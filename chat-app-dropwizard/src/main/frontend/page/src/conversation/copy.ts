import type { Texts } from "../i18n/en.js";
import { toast } from "../ui/toast.js";

/** Copies a text, and says whether that went well. The clipboard is there on secure pages alone. */
export function copy(text: string, texts: Texts): void {
  const copying =
    "clipboard" in navigator
      ? navigator.clipboard.writeText(text)
      : Promise.reject(new Error("There is no clipboard."));
  copying.then(
    () => {
      toast(texts.copied);
    },
    () => {
      toast(texts.failed);
    },
  );
}

import { find } from "linkifyjs";
import { memo, type ReactNode } from "react";

/** No more than so many emoji alone are shown large. */
const LARGE = 3;

/** What turns letters around, or says which way they go. */
const BIDI_CONTROL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** What files end in as well as names of hosts: by itself it is the file. */
const FILE = /^[^/?#]+\.(?:cc|md|mov|ps|py|rs|sh|so|zip)$/i;

/**
 * A message's text as text, except that addresses can be followed. Nothing in it is ever taken for HTML. An address reads from
 * left to right whatever stands around it, so that it is seen where it leads.
 */
export const RichText = memo(function RichText({ text }: { readonly text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const { type, href, value, start, end } of find(text, { defaultProtocol: "https" })) {
    if (isSafe(href) && !BIDI_CONTROL.test(value) && (type === "email" || !isFile(value))) {
      parts.push(
        text.slice(from, start),
        <a key={start} dir="ltr" href={href} target="_blank" rel="noopener noreferrer nofollow">
          {text.slice(start, end)}
        </a>,
      );
      from = end;
    }
  }
  parts.push(text.slice(from));
  return parts;
});

/** Whatever else may be taken for an address one day. */
function isSafe(href: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(href);
}

function isFile(address: string): boolean {
  return FILE.test(address) && !/^www\./i.test(address);
}

export function isLargeEmoji(text: string): boolean {
  if (text.length > 40 || !/^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s)+$/u.test(text)) {
    return false;
  }
  const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment.trim()).filter(Boolean);
  return (
    letters.length <= LARGE &&
    letters.every((letter) => /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(letter))
  );
}

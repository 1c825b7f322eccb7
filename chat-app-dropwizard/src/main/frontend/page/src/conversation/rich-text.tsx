import { find } from "linkifyjs";
import { memo, type ReactNode } from "react";

/** No more than so many emoji alone are shown large. */
const LARGE = 3;

/** A message's text as text, except that addresses can be followed. Nothing in it is ever taken for HTML. */
export const RichText = memo(function RichText({ text }: { readonly text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const { href, start, end } of find(text, { defaultProtocol: "https" })) {
    if (isSafe(href)) {
      parts.push(
        text.slice(from, start),
        <a key={start} href={href} target="_blank" rel="noopener noreferrer nofollow">
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

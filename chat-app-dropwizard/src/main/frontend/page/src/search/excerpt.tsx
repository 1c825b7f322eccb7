import type { ReactNode } from "react";

const BEFORE = 40;
const LONGEST = 240;

/** What was said around the first of the words, with each of them marked. */
export function Excerpt({ body, words }: { readonly body: string; readonly words: string }): ReactNode {
  return pieces(body, words).map(({ text, hit }, i) => (hit ? <mark key={i}>{text}</mark> : text));
}

interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

export function pieces(body: string, words: string): readonly Piece[] {
  const wanted = words.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== "");
  if (wanted.length === 0) {
    return [{ text: body.slice(0, whole(body, LONGEST)), hit: false }];
  }
  // A word that is looked for is found where one begins with it.
  const any = new RegExp(
    `(?<![\\p{L}\\p{N}\\p{M}])(${wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`,
    "giu",
  );
  const first = body.search(any);
  const from = first > BEFORE * 2 ? body.lastIndexOf(" ", first - BEFORE) + 1 || whole(body, first - BEFORE) : 0;
  const to = whole(body, from + LONGEST);
  const shown = `${from > 0 ? "…" : ""}${body.slice(from, to)}${to < body.length ? "…" : ""}`;
  // A split by what is captured has that at each second place.
  return shown
    .split(any)
    .map((text, i) => ({ text, hit: i % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

/** The last place up to there at which a text can be cut, and not what is one sign to whoever reads it. */
function whole(text: string, at: number): number {
  let place = Math.min(at, text.length);
  const isInside = (): boolean =>
    text[place - 1] === "\u200D" ||
    /^[\u{DC00}-\u{DFFF}\u200D\p{M}\p{Emoji_Modifier}]/u.test(text.slice(place, place + 2));
  while (place > 0 && place < text.length && isInside()) {
    place--;
  }
  return place;
}

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
    return [{ text: body.slice(0, LONGEST), hit: false }];
  }
  const any = new RegExp(`(${wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  const first = body.search(any);
  const from = first > BEFORE * 2 ? body.lastIndexOf(" ", first - BEFORE) + 1 || first - BEFORE : 0;
  const shown = `${from > 0 ? "…" : ""}${body.slice(from, from + LONGEST)}${from + LONGEST < body.length ? "…" : ""}`;
  // A split by what is captured has that at each second place.
  return shown
    .split(any)
    .map((text, i) => ({ text, hit: i % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

import type { ReactNode } from "react";

const HUES = 8;

/** Somebody's picture: the first letter of their name, in a colour that is theirs everywhere. It says nothing aloud. */
export function Avatar({
  user,
  online = false,
  size = "medium",
}: {
  readonly user: string;
  readonly online?: boolean;
  readonly size?: "small" | "medium" | "large";
}): ReactNode {
  return (
    <span className="avatar" data-hue={hueOf(user)} data-size={size} aria-hidden="true">
      {initialOf(user)}
      {online && <span className="dot" />}
    </span>
  );
}

export function initialOf(user: string): string {
  const letters = user.replace(/^[^\p{L}\p{N}]+/u, "") || user;
  return (/^\P{M}\p{M}*/u.exec(letters)?.[0] ?? letters.slice(0, 1)).toLocaleUpperCase();
}

export function hueOf(user: string): number {
  let sum = 0;
  for (const letter of user.toLowerCase()) {
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  }
  return sum % HUES;
}

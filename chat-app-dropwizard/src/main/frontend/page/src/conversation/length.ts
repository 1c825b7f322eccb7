/** By how many code points, which is what the service counts, a text is longer than it may be. */
export function excess(text: string, longest: number): number {
  if (text.length <= longest) {
    return 0; // a text has no more code points than it has units
  }
  let pairs = 0;
  for (let i = 1; i < text.length; i++) {
    if ((text.codePointAt(i - 1) ?? 0) > 0xffff) {
      pairs++;
      i++;
    }
  }
  return Math.max(0, text.length - pairs - longest);
}

import { render, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { isLargeEmoji, RichText } from "../src/conversation/rich-text.js";
import { pieces } from "../src/search/excerpt.js";

describe("a message's text", () => {
  test("is never HTML", () => {
    const text = `<img src=x onerror="alert(1)"> <script>alert(1)</script> &amp; <a href="javascript:alert(1)">x</a>`;
    const { container } = render(<RichText text={text} />);
    expect(container.textContent).toBe(text);
    expect(container.querySelector("img, script, a")).toBeNull();
  });

  test("has addresses that can be followed, and tell nobody whence", () => {
    render(<RichText text="see www.example.org/a?b=c#d, https://example.org/ö or mail a@example.org." />);
    const links = screen.getAllByRole<HTMLAnchorElement>("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      "https://www.example.org/a?b=c#d",
      "https://example.org/ö",
      "mailto:a@example.org",
    ]);
    expect(links.every(({ rel, target }) => rel.includes("noopener") && target === "_blank")).toBe(true);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    " javascript:alert(1)//www",
  ])("does not lead to %s", (text) => {
    render(<RichText text={text} />);
    for (const link of screen.queryAllByRole("link")) {
      expect(link.getAttribute("href")).toMatch(/^(https?|mailto):/);
    }
  });

  test("shows where an address leads, whatever stands before it", () => {
    render(<RichText text={"Your account: \u202eevil.io/moc.knab-ruoy"} />);
    const link = screen.getByRole("link");
    expect(link.textContent, "and nothing that turns it around").toBe("evil.io/moc.knab-ruoy");
    expect(link.getAttribute("dir"), "by itself, from left to right").toBe("ltr");
  });

  test.each(["\u061c", "\u200e", "\u200f", "\u202a", "\u202d", "\u202e", "\u2066", "\u2067", "\u2069"])(
    "has no address in which letters are turned around",
    (control) => {
      const text = `https://evil.io/${control}moc.knab a@b${control}.org`;
      const { container } = render(<RichText text={text} />);
      expect(container.textContent).toBe(text);
      expect(screen.queryAllByRole("link").filter(({ textContent }) => textContent.includes(control))).toEqual([]);
    },
  );

  test("has files as well as addresses", () => {
    render(
      <RichText text="README.md, foo.sh, a/b.py, x.tar.zip; example.org, docs.rs/x, www.a.sh, http://b.md, a@c.md" />,
    );
    const links = screen.getAllByRole("link").map(({ textContent }) => textContent);
    expect(links).toEqual(["example.org", "docs.rs/x", "www.a.sh", "http://b.md", "a@c.md"]);
  });

  test("keeps every letter around its addresses", () => {
    const text = "a\n\n  b http://x.org  c\thttps://y.org";
    expect(render(<RichText text={text} />).container.textContent).toBe(text);
  });

  test("is large if it is a few emoji alone", () => {
    expect(["🎉", "👍🏽", "🇩🇪", "👨‍👩‍👧 ❤️"].map(isLargeEmoji)).toEqual([true, true, true, true]);
    expect(["", "1", "#", "ok 🎉", "🎉🎉🎉🎉"].map(isLargeEmoji)).toEqual([false, false, false, false, false]);
  });
});

describe("an excerpt", () => {
  const hits = (body: string, words: string): string[] =>
    pieces(body, words)
      .filter(({ hit }) => hit)
      .map(({ text }) => text);

  test("marks each word, in any case, and takes none for a pattern", () => {
    expect(hits("The River and the riverside", "river THE")).toEqual(["The", "River", "the", "river"]);
    expect(hits("a.b (c) a+b", "a.b (c")).toEqual(["a", "b", "c", "a", "b"]);
  });

  test("shows the place, however far it is", () => {
    const body = `${"word ".repeat(500)}needle ${"word ".repeat(500)}`;
    const shown = pieces(body, "needle");
    expect(shown.some(({ text, hit }) => hit && text === "needle")).toBe(true);
    expect(shown.map(({ text }) => text).join("").length).toBeLessThan(300);
  });

  test("of no words is the beginning", () => {
    expect(pieces("hello", "  ")).toEqual([{ text: "hello", hit: false }]);
  });

  test("only where a word begins with what is looked for", () => {
    const hits = pieces("The shed: he, heaven, (he) and Éhe", "he").filter(({ hit }) => hit);
    expect(hits.map(({ text }) => text)).toEqual(["he", "he", "he"]);
    expect(pieces("The shed", "he")).toEqual([{ text: "The shed", hit: false }]);
  });

  test("and is not cut inside what is one sign", () => {
    for (const sign of ["😀", "👋🏽", "👨‍👩‍👧", "é"]) {
      for (let shift = 0; shift < sign.length + 1; shift++) {
        const body = `needle ${"x".repeat(shift)}${sign.repeat(200)}`;
        for (const words of ["needle", ""]) {
          const shown = pieces(body, words)
            .map(({ text }) => text)
            .join("")
            .replace("…", "");
          expect(shown.replaceAll(sign, "")).toBe(`needle ${"x".repeat(shift)}`);
        }
      }
    }
  });
});

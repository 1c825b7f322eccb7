import { describe, expect, test } from "vitest";
import { ar } from "../src/i18n/ar.js";
import { en } from "../src/i18n/en.js";
import { writeNumbersAs, writtenShort } from "../src/i18n/numbers.js";
import { isOtherDay, timesOf } from "../src/i18n/times.js";

describe("the texts", () => {
  test("are all there in Arabic, and none of them is English", () => {
    const same: string[] = [];
    const compare = (one: object, other: object, path: string): void => {
      expect(Object.keys(other).sort(), path).toEqual(Object.keys(one).sort());
      for (const [name, text] of Object.entries(one) as [string, unknown][]) {
        const translated = (other as Record<string, unknown>)[name];
        if (typeof text === "object" && text !== null) {
          compare(text, translated as object, `${path}.${name}`);
        } else if (typeof text === "string" && text === translated) {
          same.push(name);
        }
      }
    };
    compare(en, ar, "texts");
    expect(same).toEqual(["enter", "shift", "escape", "ctrl", "alt"]); // as they stand on keyboards
  });

  test("count as each language does", () => {
    expect(en.unread(1)).toBe("1 unread message");
    expect(en.unread(1234)).toBe("1,234 unread messages");
    expect([1, 2, 3, 11, 100].map(ar.unread)).toHaveLength(5);
    expect(new Set([1, 2, 3, 11].map((count) => ar.unread(count).replace(/[\d٠-٩]+/g, "#"))).size).toBe(4);
  });

  test.each([
    ["en", /[٠-٩]/],
    ["ar", /[٠-٩]/],
    ["ar-EG", /[0-9]/],
  ])("write numbers as in %s, where the reader does", (locale, others) => {
    writeNumbersAs(locale);
    for (const texts of [en, ar]) {
      const counted = [
        texts.unread(12),
        texts.titleUnread(12, true),
        texts.peopleFound(30, true),
        texts.hits(30, true),
        texts.tooMany(900),
        texts.tooLongBy(12),
        texts.reconnectingIn(12),
        texts.newIn(12, 15),
        texts.signOutTitle(12),
      ];
      const fixed = Object.values(texts).filter((text) => typeof text === "string");
      for (const text of [...counted, ...fixed, writtenShort(12), writtenShort(120)]) {
        expect(text).not.toMatch(others);
      }
      for (const text of counted) {
        expect(text).toMatch(/[0-9٠-٩]/);
      }
    }
    writeNumbersAs("en");
  });

  test("keep the letters of a name together, in whatever direction they are written", () => {
    expect([en.write("bob"), en.yourself("bob")]).toEqual(["Write to bob", "bob (you)"]);
    expect(en.beginning("نور5vqm")).toContain("\u2068نور5vqm\u2069");
    expect(ar.beginning("bob")).toContain("\u2068bob\u2069");
  });

  test("say when a mail may be asked for again", () => {
    expect(en.tooMany(undefined)).toContain("moment");
    expect(en.tooMany(61)).toContain("2 minutes");
  });
});

describe("times", () => {
  const now = new Date(2026, 10, 27, 15, 30).getTime();
  const times = timesOf("en-GB", en, () => now);
  const at = (...parts: [number, number, number, number?, number?]): string => new Date(...parts).toISOString();

  test("are as short as can be understood", () => {
    expect(times.short(at(2026, 10, 27, 9))).toBe("09:00");
    expect(times.short(at(2026, 10, 26, 9))).toBe("Thu");
    expect(times.short(at(2026, 10, 20, 9))).toBe("20 Nov");
    expect(times.short(at(2025, 10, 20, 9))).toBe("20/11/25");
  });

  test("name days", () => {
    expect(times.day(at(2026, 10, 27))).toBe("Today");
    expect(times.day(at(2026, 10, 26, 23))).toBe("Yesterday");
    expect(times.day(at(2026, 10, 2))).toBe("Monday 2 November");
    expect(times.day(at(2025, 0, 2))).toBe("2 January 2025");
  });

  test("are those of the reader's place", () => {
    expect(timesOf("en-US", en, () => now).time(at(2026, 10, 27, 15))).toMatch(/3:00\sPM/);
    expect(timesOf("ar-EG", ar, () => now).time(at(2026, 10, 27, 15))).toContain("٣");
  });

  test("are written one way, wherever they are, and count hours as the reader's first language does", () => {
    for (const [locale, time] of [
      ["en-GB", "09:05"],
      ["en-US", "9:05 AM"],
      ["en-US-u-hc-h23", "09:05"],
      ["ar-u-hc-h23", "09:05"],
    ] as const) {
      const times = timesOf(locale, en, () => now);
      const nine = at(2026, 10, 27, 9, 5);
      const all = [times.time(nine), times.short(nine), times.full(nine)];
      expect(
        all.map((one) => one.slice(-time.length).replace(/\s/, " ")),
        locale,
      ).toEqual([time, time, time]);
    }
  });

  test("part days where the reader is", () => {
    expect(isOtherDay(at(2026, 10, 27, 0), at(2026, 10, 27, 23))).toBe(false);
    expect(isOtherDay(at(2026, 10, 27, 23), at(2026, 10, 28, 0))).toBe(true);
  });
});

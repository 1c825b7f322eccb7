package io.messagecenter.domain.search;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a search makes of a code point. Worked out when that is met first, and kept, so that a text costs some nanoseconds
 * a letter in whatever script. Symbols and scripts without spaces are the same on every JDK, also those that its Unicode
 * does not know yet.
 *
 * @param mark whether it stands on the letter before it
 * @param folded what is compared in its place, maybe nothing
 * @param joins whether that may become one with its neighbours, or change places with them
 */
record Letter(Kind kind, boolean mark, String folded, boolean joins) {
    enum Kind {
        WORD,
        RUN,
        SYMBOL,
        /** Belongs to whatever stands before it. */
        SAME,
        SPACE
    }

    private static final Set<UnicodeScript> WITHOUT_SPACES = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.HANGUL,
            UnicodeScript.YI,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN,
            UnicodeScript.BALINESE,
            UnicodeScript.JAVANESE,
            UnicodeScript.BUGINESE,
            UnicodeScript.MAKASAR,
            UnicodeScript.BATAK,
            UnicodeScript.CHAM,
            UnicodeScript.TAI_LE,
            UnicodeScript.NEW_TAI_LUE,
            UnicodeScript.TAI_THAM,
            UnicodeScript.TAI_VIET,
            UnicodeScript.AHOM);

    /** Emoji that Unicode has among punctuation and marks: ‼ ⁉ 〰 〽, and what makes a key of a character. */
    private static final Set<Integer> MORE_SYMBOLS = Set.of(0x203C, 0x2049, 0x3030, 0x303D, 0x20E3);

    private static final int PAGE = 1 << 8;
    private static final AtomicReferenceArray<Letter[]> PAGES =
            new AtomicReferenceArray<>((Character.MAX_CODE_POINT + 1) / PAGE);

    /** A race is harmless, as what is immutable is only worked out twice. */
    static Letter of(int c) {
        var page = PAGES.get(c / PAGE);
        if (page == null) {
            page = new Letter[PAGE];
            PAGES.set(c / PAGE, page);
        }
        var letter = page[c % PAGE];
        if (letter == null) {
            letter = workOut(c);
            page[c % PAGE] = letter;
        }
        return letter;
    }

    private static Letter workOut(int c) {
        var folded = fold(c);
        return new Letter(
                kind(c), isMark(c), folded, folded.codePoints().anyMatch(part -> isMark(part) || isJamo(part)));
    }

    private static Kind kind(int c) {
        if (c < 0x80) {
            return Character.isLetterOrDigit(c) ? Kind.WORD : Kind.SPACE;
        } else if (MORE_SYMBOLS.contains(c)) {
            return Kind.SYMBOL;
        } else if (isIdeograph(c)) {
            return Kind.RUN;
        }
        switch (Character.getType(c)) {
            case Character.OTHER_SYMBOL, Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL -> {
                return Kind.SYMBOL;
            }
            case Character.UNASSIGNED -> {
                return isAmongSymbols(c) ? Kind.SYMBOL : Kind.WORD;
            }
            default -> {
                return isMark(c) || Character.isLetterOrDigit(c) || Character.getType(c) == Character.LETTER_NUMBER
                        ? kindOfLetter(c)
                        : Kind.SPACE;
            }
        }
    }

    private static Kind kindOfLetter(int c) {
        var script = UnicodeScript.of(c);
        if (WITHOUT_SPACES.contains(script)) {
            return Kind.RUN;
        } else if (script == UnicodeScript.COMMON || script == UnicodeScript.INHERITED) {
            boolean ofKana = c >= 0x3000 && c <= 0x30FF && !isMark(c);
            boolean modifies = isMark(c) || Character.getType(c) == Character.MODIFIER_LETTER;
            return ofKana ? Kind.RUN : modifies ? Kind.SAME : Kind.WORD;
        }
        return Kind.WORD;
    }

    /** The planes that Unicode keeps for Han letters; of some it will say so later. */
    private static boolean isIdeograph(int c) {
        return c >= 0x20000 && c <= 0x3FFFF;
    }

    /** Where Unicode puts new symbols: currencies, arrows and shapes, music and old computers, emoji. */
    private static boolean isAmongSymbols(int c) {
        return (c >= 0x20A0 && c <= 0x20CF)
                || (c >= 0x2190 && c <= 0x2BFF)
                || (c >= 0x1CC00 && c <= 0x1D35F)
                || (c >= 0x1F000 && c <= 0x1FBFF);
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /** A part of a Hangul syllable. */
    private static boolean isJamo(int c) {
        return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97F) || (c >= 0xD7B0 && c <= 0xD7FF);
    }

    private static String fold(int c) {
        if (MORE_SYMBOLS.contains(c)) {
            return Character.toString(c);
        }
        var bare = new StringBuilder();
        Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKD)
                .codePoints()
                .filter(part -> !isUnseen(part))
                .forEach(bare::appendCodePoint);
        // By way of upper case, in which ß is SS; and letter by letter, as a sigma at the end of a word is a sigma.
        var lower = new StringBuilder();
        bare.toString()
                .toLowerCase(Locale.ROOT)
                .toUpperCase(Locale.ROOT)
                .codePoints()
                .map(Character::toLowerCase)
                .forEach(lower::appendCodePoint);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }

    /** Accents, vowels of Hebrew and Arabic, a line that only widens a word, and what says how its neighbours are drawn. */
    private static boolean isUnseen(int c) {
        return (c >= 0x0300 && c <= 0x036F)
                || (c >= 0x0591 && c <= 0x06FF && Character.getType(c) == Character.NON_SPACING_MARK)
                || (c >= 0x0898 && c <= 0x089F)
                || (c >= 0x08CA && c <= 0x08FF)
                || c == 0xFB1E
                || c == 0x0640
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0100 && c <= 0xE01EF)
                || Character.getType(c) == Character.FORMAT;
    }
}

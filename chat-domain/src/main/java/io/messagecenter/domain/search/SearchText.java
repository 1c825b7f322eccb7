package io.messagecenter.domain.search;

import io.messagecenter.domain.user.UserId;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How text is cut into what can be searched for, and which terms an index keeps of it.
 *
 * <p>Case, width, ligatures and accents make no difference: text is compared as Unicode's NFKC without the accents of
 * Latin, Greek and Cyrillic letters, in lower case. A word is a run of letters and digits, or one symbol, an emoji say.
 * Letters of scripts that put no spaces between words make runs, in which anything from one letter on can be found.
 */
public final class SearchText {
    /** The term of a message that has more words than an index should keep: it may match whatever is asked for. */
    public static final String MANY = "\u0001";

    /** So many terms of one message an index keeps at most. */
    static final int MANY_TERMS = 1_000;

    /** Of a longer word, an index keeps the beginning; in code points, so that no term has more than 128 bytes. */
    static final int TERM_LENGTH = 32;

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
            UnicodeScript.TIBETAN);

    private SearchText() {}

    /**
     * A word, or a run.
     *
     * @param run whether any part of it is a word of its own
     */
    record Piece(String text, boolean run) {}

    private enum Kind {
        WORD,
        RUN,
        SYMBOL,
        /** Belongs to whatever stands before it. */
        SAME,
        SPACE
    }

    /** The words and runs of a text, folded, in their order. */
    static List<Piece> pieces(String text) {
        var folded = fold(text);
        var pieces = new ArrayList<Piece>();
        int start = 0;
        var before = Kind.SPACE;
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            var kind = kind(c);
            if (kind == Kind.SAME) {
                kind = before;
            } else if (kind != before || kind == Kind.SYMBOL) {
                add(folded, start, i, before, pieces);
                start = i;
            }
            before = kind;
            i += Character.charCount(c);
        }
        add(folded, start, folded.length(), before, pieces);
        return pieces;
    }

    private static void add(String text, int start, int end, Kind kind, List<Piece> pieces) {
        if (kind != Kind.SPACE && end > start) {
            pieces.add(new Piece(text.substring(start, end), kind == Kind.RUN));
        }
    }

    private static Kind kind(int c) {
        if (c < 0x80) {
            return Character.isLetterOrDigit(c) ? Kind.WORD : Kind.SPACE;
        }
        int type = Character.getType(c);
        boolean mark = type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
        if (!mark && !Character.isLetterOrDigit(c) && type != Character.LETTER_NUMBER) {
            return type == Character.OTHER_SYMBOL ? Kind.SYMBOL : Kind.SPACE;
        }
        var script = UnicodeScript.of(c);
        if (WITHOUT_SPACES.contains(script)) {
            return Kind.RUN;
        } else if (script == UnicodeScript.COMMON || script == UnicodeScript.INHERITED) {
            boolean ofKana = c >= 0x3000 && c <= 0x30FF && !mark;
            return ofKana ? Kind.RUN : mark || type == Character.MODIFIER_LETTER ? Kind.SAME : Kind.WORD;
        }
        return Kind.WORD;
    }

    /** A text without the differences that a search does not see. */
    static String fold(String text) {
        if (isAscii(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        var bare = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .codePoints()
                .filter(c -> !isUnseen(c))
                .forEach(bare::appendCodePoint);
        // By way of upper case, in which ß is SS; and letter by letter, as a sigma at the end of a word is a sigma.
        var lower = new StringBuilder(bare.length());
        bare.toString()
                .toLowerCase(Locale.ROOT)
                .toUpperCase(Locale.ROOT)
                .codePoints()
                .map(Character::toLowerCase)
                .forEach(lower::appendCodePoint);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }

    /** Accents, and what only says how its neighbours are drawn. */
    private static boolean isUnseen(int c) {
        return (c >= 0x0300 && c <= 0x036F) || (c >= 0xFE00 && c <= 0xFE0F) || Character.getType(c) == Character.FORMAT;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /**
     * What an index keeps of a text: each word, or its beginning; of a run, every two letters that are neighbours, and its
     * last one. {@link #MANY} alone where these were too many.
     */
    public static Set<String> terms(String text) {
        var terms = new HashSet<String>();
        for (var piece : pieces(text)) {
            if (piece.run()) {
                terms.addAll(pairs(piece.text()));
                terms.add(last(piece.text()));
            } else {
                terms.add(beginning(piece.text()));
            }
            if (terms.size() > MANY_TERMS) {
                return Set.of(MANY);
            }
        }
        return terms;
    }

    /** The term of every message that was said to or by somebody; no text has it. */
    public static String peer(UserId peer) {
        return "\u0000" + peer;
    }

    /** Every two neighbours of a run, in code points. */
    static List<String> pairs(String run) {
        var pairs = new ArrayList<String>();
        int second = Character.charCount(run.codePointAt(0));
        for (int first = 0; second < run.length(); ) {
            int end = second + Character.charCount(run.codePointAt(second));
            pairs.add(run.substring(first, end));
            first = second;
            second = end;
        }
        return pairs;
    }

    private static String last(String run) {
        return run.substring(run.offsetByCodePoints(run.length(), -1));
    }

    static String beginning(String word) {
        return word.length() <= TERM_LENGTH || word.codePointCount(0, word.length()) <= TERM_LENGTH
                ? word
                : word.substring(0, word.offsetByCodePoints(0, TERM_LENGTH));
    }
}

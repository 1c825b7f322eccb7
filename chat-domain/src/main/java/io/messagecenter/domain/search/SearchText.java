package io.messagecenter.domain.search;

import io.messagecenter.domain.search.Letter.Kind;
import io.messagecenter.domain.user.UserId;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How text is cut into what can be searched for, and which terms an index keeps of it.
 *
 * <p>Case, width, ligatures and accents make no difference: text is compared as Unicode's NFKC without the accents of
 * Latin, Greek and Cyrillic letters and the vowel marks of Hebrew and Arabic ones, in lower case. A word is a run of
 * letters and digits, or one symbol, an emoji say. Letters of scripts that put no spaces between words make runs, in which
 * anything from one letter on can be found.
 */
public final class SearchText {
    /** To be raised with every change of what {@link #terms} answers: what was indexed by another rule is indexed anew. */
    public static final int VERSION = 2;

    /** The term of a message that has more words than an index should keep: it may match whatever is asked for. */
    public static final String MANY = "\u0001";

    /** So many terms of one message an index keeps at most: any message of the usual length. */
    static final int MANY_TERMS = 20_000;

    /** Of a longer word, an index keeps the beginning; in code points, so that no term has more than 128 bytes. */
    static final int TERM_LENGTH = 32;

    /** More marks on one letter than any language has are not looked at: to order them takes their number squared. */
    private static final int MOST_MARKS = 30;

    private SearchText() {}

    /**
     * A word, or a run.
     *
     * @param run whether any part of it is a word of its own
     */
    record Piece(String text, boolean run) {
        boolean symbol() {
            return Letter.of(text.codePointAt(0)).kind() == Kind.SYMBOL;
        }
    }

    /** The words and runs of a text, folded, in their order. */
    static List<Piece> pieces(String text) {
        var pieces = new ArrayList<Piece>();
        cut(text, pieces::add);
        return pieces;
    }

    /** Cuts a text, for as long as more of its pieces are wanted. */
    static void cut(String text, Predicate<Piece> more) {
        var folded = fold(text);
        int start = 0;
        var before = Kind.SPACE;
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            var kind = Letter.of(c).kind();
            if (kind == Kind.SAME) {
                kind = before;
            } else if (kind != before || kind == Kind.SYMBOL) {
                if (before != Kind.SPACE && !more.test(piece(folded, start, i, before))) {
                    return;
                }
                start = i;
            }
            before = kind;
            i += Character.charCount(c);
        }
        if (before != Kind.SPACE) {
            var unused = more.test(piece(folded, start, folded.length(), before));
        }
    }

    private static Piece piece(String text, int start, int end, Kind kind) {
        return new Piece(text.substring(start, end), kind == Kind.RUN);
    }

    /** A text without the differences that a search does not see. */
    static String fold(String text) {
        var folded = new StringBuilder(text.length());
        boolean joins = false;
        int marks = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            var letter = Letter.of(c);
            marks = letter.mark() ? marks + 1 : 0;
            if (marks <= MOST_MARKS) {
                folded.append(letter.folded());
                joins |= letter.joins();
            }
        }
        return joins ? Normalizer.normalize(ordered(folded), Normalizer.Form.NFKC) : folded.toString();
    }

    /** In Thai and Lao, a tone and the ring of an {@code am} below it come in either order, which Unicode tells apart. */
    private static StringBuilder ordered(StringBuilder text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            char ring = text.charAt(i - 1);
            if ((ring == '\u0E4D' && c >= '\u0E48' && c <= '\u0E4B')
                    || (ring == '\u0ECD' && c >= '\u0EC8' && c <= '\u0ECB')) {
                text.setCharAt(i - 1, c);
                text.setCharAt(i, ring);
            }
        }
        return text;
    }

    /**
     * What an index keeps of a text: each word, or its beginning; of a run, every letter, and every two that are neighbours.
     * {@link #MANY} alone where these were too many.
     */
    public static Set<String> terms(String text) {
        var terms = new HashSet<String>();
        cut(text, piece -> {
            if (piece.run()) {
                terms.addAll(pairs(piece.text()));
                piece.text().codePoints().mapToObj(Character::toString).forEach(terms::add);
            } else {
                terms.add(beginning(piece.text()));
            }
            return terms.size() <= MANY_TERMS;
        });
        return terms.size() <= MANY_TERMS ? terms : Set.of(MANY);
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

    static String beginning(String word) {
        return word.length() <= TERM_LENGTH || word.codePointCount(0, word.length()) <= TERM_LENGTH
                ? word
                : word.substring(0, word.offsetByCodePoints(0, TERM_LENGTH));
    }
}

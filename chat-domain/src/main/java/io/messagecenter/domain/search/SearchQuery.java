package io.messagecenter.domain.search;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.search.SearchText.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What somebody looks for: every word of it must occur, the last one at least as the beginning of a word. Nothing in it
 * is an operator. Text of scripts without spaces is found wherever it stands. Immutable.
 */
public final class SearchQuery {
    /** How long a query may be, in code points. */
    public static final int MAX_CODE_POINTS = 200;

    /** How many words it may have; a run of a script without spaces counts as one, and so do symbols in a row. */
    public static final int MAX_WORDS = 40;

    /** Of so many pairs of a long run an index is asked; the text itself is compared in any case. */
    private static final int PAIRS_A_RUN = 6;

    /** Of so many terms an index is asked; more would seldom rule out any more. */
    private static final int MOST_TERMS = 16;

    private final List<Piece> pieces;

    // The pieces by how they are compared.
    private final Set<Piece> words = new HashSet<>();
    private final List<String> runs = new ArrayList<>();
    private String beginning = "";

    private SearchQuery(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        for (int i = 0; i < pieces.size(); i++) {
            var piece = pieces.get(i);
            if (piece.run()) {
                runs.add(piece.text());
            } else if (i < pieces.size() - 1) {
                words.add(piece);
            } else {
                beginning = piece.text();
            }
        }
    }

    /**
     * A query as it was typed.
     *
     * @throws ChatException {@code INVALID}, naming {@code q}, if it has no word, too many, or is too long
     */
    public static SearchQuery of(String typed) {
        if (typed.codePointCount(0, typed.length()) > MAX_CODE_POINTS) {
            throw ChatException.invalid("q", "Ensure this field has no more than " + MAX_CODE_POINTS + " characters.");
        }
        var pieces = SearchText.pieces(typed);
        if (pieces.isEmpty()) {
            throw ChatException.invalid("q", "There is no word to search for.");
        } else if (words(pieces) > MAX_WORDS) {
            throw ChatException.invalid("q", "Ensure this field has no more than " + MAX_WORDS + " words.");
        }
        return new SearchQuery(pieces);
    }

    private static int words(List<Piece> pieces) {
        int words = 0;
        boolean symbol = false;
        for (var piece : pieces) {
            words += symbol && piece.symbol() ? 0 : 1;
            symbol = piece.symbol();
        }
        return words;
    }

    /** Whether a text has what is looked for: the rule itself, which an index only helps to follow. */
    public boolean matches(String text) {
        var missing = new Missing();
        SearchText.cut(text, missing::isMore);
        return missing.isNothing();
    }

    /** What a text has not shown yet. */
    private final class Missing {
        private final Set<Piece> words = new HashSet<>(SearchQuery.this.words);
        private final List<String> runs = new ArrayList<>(SearchQuery.this.runs);
        private boolean begins = beginning.isEmpty();

        boolean isMore(Piece there) {
            if (there.run()) {
                runs.removeIf(there.text()::contains);
            } else {
                words.remove(there);
                begins |= there.text().startsWith(beginning);
            }
            return !isNothing();
        }

        boolean isNothing() {
            return begins && words.isEmpty() && runs.isEmpty();
        }
    }

    /**
     * A term that every matching message has, unless it has {@link SearchText#MANY}.
     *
     * @param prefix whether a term that begins like this one will do
     */
    public record Term(String text, boolean prefix) {}

    /** The terms to ask an index for, the ones that are likely to be rare first. What has all of them need not match. */
    public List<Term> terms() {
        var terms = new ArrayList<Term>();
        for (int i = 0; i < pieces.size(); i++) {
            var text = pieces.get(i).text();
            if (!pieces.get(i).run()) {
                terms.add(new Term(SearchText.beginning(text), i == pieces.size() - 1));
            } else if (text.codePointCount(0, text.length()) == 1) {
                terms.add(new Term(text, false));
            } else {
                var pairs = SearchText.pairs(text);
                int step = Math.max(1, pairs.size() / PAIRS_A_RUN);
                for (int pair = 0; pair < pairs.size(); pair += step) {
                    terms.add(new Term(pairs.get(pair), false));
                }
            }
        }
        return terms.stream()
                .distinct()
                .sorted(Comparator.comparing(Term::prefix)
                        .thenComparing(term -> term.text().length(), Comparator.reverseOrder()))
                .limit(MOST_TERMS)
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SearchQuery query && pieces.equals(query.pieces);
    }

    @Override
    public int hashCode() {
        return pieces.hashCode();
    }

    /** What people look for is nobody else's business, a log's neither. */
    @Override
    public String toString() {
        return "SearchQuery[" + pieces.size() + " words]";
    }
}

package io.messagecenter.mysql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * Lists of parameters for {@code IN}. Their lengths are rounded up to powers of two, and the last value is repeated, so
 * that there are few different texts for a driver or a server to know.
 */
final class Placeholders {
    /** How many values one statement looks for at most: more is parsed slowly, and beyond some the plan is another. */
    static final int AT_ONCE = 1_024;

    private Placeholders() {}

    /** Values, in their order, in parts that one statement can look for each. */
    static <T> List<List<T>> parts(Collection<T> values) {
        var all = List.copyOf(values);
        var parts = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            parts.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
        }
        return parts;
    }

    /** So many values or more, at least one. */
    static int rounded(int count) {
        return count <= 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
    }

    /** {@code (?, ?, …)} for so many values, rounded. */
    static String list(int count) {
        return repeat("?", count);
    }

    /** {@code ((?, ?), (?, ?), …)} for so many pairs, rounded. */
    static String pairs(int count) {
        return repeat("(?, ?)", count);
    }

    private static String repeat(String one, int count) {
        int rounded = rounded(count);
        var list = new StringBuilder(2 + rounded * (one.length() + 2)).append('(');
        for (int i = 0; i < rounded; i++) {
            list.append(i == 0 ? "" : ", ").append(one);
        }
        return list.append(')').toString();
    }

    /** Binds what stands in one place of a list. */
    @FunctionalInterface
    interface Binder<T, E extends Exception> {
        void bind(T value, int position) throws E;
    }

    /**
     * Binds a list from a position on.
     *
     * @param width how many parameters one value takes
     * @param values at least one
     */
    static <T, E extends Exception> void bind(Collection<T> values, int from, int width, Binder<T, E> binder) throws E {
        bind(values, from, width, values.size(), binder);
    }

    /** Binds a list that was made for {@code count} values; there may be fewer. */
    static <T, E extends Exception> void bind(Collection<T> values, int from, int width, int count, Binder<T, E> binder)
            throws E {
        int rounded = rounded(count);
        Iterator<T> iterator = values.iterator();
        T value = iterator.next();
        for (int i = 0; i < rounded; i++) {
            binder.bind(value, from + i * width);
            if (iterator.hasNext()) {
                value = iterator.next();
            }
        }
    }

    static void bindLongs(PreparedStatement statement, List<Long> values) throws SQLException {
        bind(values, 1, 1, (value, position) -> statement.setLong(position, value));
    }
}

package io.messagecenter.mysql;

import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.search.SearchText;
import io.messagecenter.domain.user.UserId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One search in the blocks of a mailbox, which counts the entries of the index that it looks at. It has no more rows in
 * memory than one of each block that it was asked for, or {@link #ROWS_AT_ONCE}, whatever people write.
 */
final class BlockSearch {
    /** What it takes to look for a term in a block, in entries; those that are there come on top. */
    static final int LOOK = 8;

    static final int ROWS_AT_ONCE = 4_096;

    private static final String TERMS = "SELECT block, places, term FROM chat_search_term WHERE user_id = ? AND block ";

    private final Connection connection;
    private final int atOnce;
    private final SearchPlaces packing;
    private final UserId user;
    private final List<String> whole = new ArrayList<>();
    private final List<String> beginnings = new ArrayList<>();
    private final Optional<String> peer;

    private int entries;
    private long down;

    /** @param atOnce of how many blocks one statement should ask */
    BlockSearch(
            Connection connection,
            int atOnce,
            SearchPlaces packing,
            UserId user,
            SearchQuery query,
            Optional<UserId> peer) {
        this.connection = connection;
        this.atOnce = atOnce;
        this.packing = packing;
        this.user = user;
        this.peer = peer.map(SearchText::peer);
        for (var term : query.terms()) {
            (term.prefix() ? beginnings : whole).add(term.text());
        }
    }

    /** How many entries it has looked at so far. */
    int entries() {
        return entries;
    }

    /** Of how many blocks it may be asked, so that it looks at so many entries or little more. */
    int blocks(int entries) {
        return Math.max(1, entries / (LOOK * (whole.size() + beginnings.size() + 1)));
    }

    /** All places after this one are searched. */
    long down() {
        return down;
    }

    /**
     * In which of some blocks there are places with all that is asked for, and which.
     *
     * @param blocks the latest first; at least one
     * @param wanted it leaves the further blocks out once it has so many places,
     * @param most or has looked at so many entries since it was made; then {@link #down} says where it stopped
     */
    NavigableMap<Long, BitSet> in(List<Long> blocks, int wanted, int most) throws SQLException {
        var found = new TreeMap<Long, BitSet>(Comparator.reverseOrder());
        blocks.forEach(block -> found.put(block, packing.all()));
        down = blocks.get(blocks.size() - 1);
        if (peer.isPresent()) {
            narrow(found, found.keySet(), places(peer.get(), found.keySet()));
        }
        var many = many(down, blocks.get(0));
        for (var term : whole) {
            narrow(found, found.keySet(), with(many, places(term, found.keySet())));
        }
        for (var beginning : beginnings) {
            narrow(found, blocks, new Beginning(beginning), many, wanted, most);
        }
        return found;
    }

    /** Leaves of some blocks the places that are among others. */
    private static void narrow(Map<Long, BitSet> found, Collection<Long> blocks, Map<Long, BitSet> places) {
        for (var block : List.copyOf(blocks)) {
            var left = found.getOrDefault(block, new BitSet());
            left.and(places.getOrDefault(block, new BitSet()));
            if (left.isEmpty()) {
                found.remove(block);
            }
        }
    }

    private static Map<Long, BitSet> with(Map<Long, BitSet> many, Map<Long, BitSet> places) {
        many.forEach((block, more) ->
                places.computeIfAbsent(block, none -> new BitSet()).or(more));
        return places;
    }

    /** In which of the blocks there are places that may have any term: mostly none, and then this is one look-up. */
    private Map<Long, BitSet> many(long low, long high) throws SQLException {
        var many = new HashMap<Long, BitSet>();
        try (var statement = connection.prepareStatement(TERMS + "BETWEEN ? AND ?")) {
            statement.setLong(1, user.value());
            statement.setLong(2, SearchBuilder.blockOfMany(high));
            statement.setLong(3, SearchBuilder.blockOfMany(low));
            for (var row : rows(statement)) {
                row.addTo(many, SearchBuilder.blockOfMany(row.block()));
            }
        }
        return many;
    }

    private Map<Long, BitSet> places(String term, Collection<Long> blocks) throws SQLException {
        var places = new HashMap<Long, BitSet>();
        if (blocks.isEmpty()) {
            return places;
        }
        entries += LOOK * blocks.size();
        var all = List.copyOf(blocks);
        int width = Math.min(atOnce, all.size());
        try (var statement = connection.prepareStatement(TERMS + "IN " + Placeholders.list(width) + " AND term = ?")) {
            statement.setLong(1, user.value());
            statement.setBytes(2 + Placeholders.rounded(width), bytes(term));
            for (int i = 0; i < all.size(); i += atOnce) {
                bind(statement, all.subList(i, Math.min(all.size(), i + atOnce)), width);
                for (var row : rows(statement)) {
                    row.addTo(places, row.block());
                }
            }
        }
        return places;
    }

    private static void bind(PreparedStatement statement, List<Long> blocks, int width) throws SQLException {
        Placeholders.bind(blocks, 2, 1, width, (block, position) -> statement.setLong(position, block));
    }

    /** Leaves the places that have a term with a beginning, and the blocks that it came to. */
    private void narrow(
            NavigableMap<Long, BitSet> found,
            List<Long> blocks,
            Beginning beginning,
            Map<Long, BitSet> many,
            int wanted,
            int most)
            throws SQLException {
        var left = List.copyOf(found.keySet());
        int has = 0;
        while (!left.isEmpty() && (beginning.isNew() || (has < wanted && entries < most))) {
            var places = new HashMap<Long, BitSet>();
            var searched = left.subList(0, beginning.read(left, places));
            narrow(found, searched, with(many, places));
            for (var block : searched) {
                has += found.getOrDefault(block, new BitSet()).cardinality();
            }
            left = left.subList(searched.size(), left.size());
        }
        if (!left.isEmpty()) {
            down = blocks.get(blocks.indexOf(left.get(0)) - 1);
            found.keySet().removeAll(left);
        }
    }

    /** A range of terms. It is read from the latest block on, so many rows at a time. */
    private final class Beginning {
        private final byte[] from;
        private final byte[] to;
        private boolean isNew = true;

        Beginning(String beginning) {
            from = bytes(beginning);
            to = afterAll(from);
        }

        boolean isNew() {
            return isNew;
        }

        /** Reads of the first of some blocks, at least one; answers with of how many. */
        int read(List<Long> blocks, Map<Long, BitSet> places) throws SQLException {
            isNew = false;
            var some = blocks.subList(0, Math.min(atOnce, blocks.size()));
            var rows = read(some, to, places);
            if (rows.size() < ROWS_AT_ONCE) {
                entries += LOOK * some.size();
                return some.size();
            }
            long last = rows.get(rows.size() - 1).block();
            while (rows.size() == ROWS_AT_ONCE) {
                rows = read(List.of(last), rows.get(rows.size() - 1).term(), places);
            }
            int count = some.indexOf(last) + 1;
            entries += LOOK * count;
            return count;
        }

        private List<Row> read(List<Long> some, byte[] before, Map<Long, BitSet> places) throws SQLException {
            int width = some.size();
            int after = 2 + Placeholders.rounded(width);
            try (var statement = connection.prepareStatement(TERMS + "IN " + Placeholders.list(width)
                    + " AND term >= ? AND term < ? ORDER BY block DESC, term DESC LIMIT " + ROWS_AT_ONCE)) {
                statement.setLong(1, user.value());
                bind(statement, some, width);
                statement.setBytes(after, from);
                statement.setBytes(after + 1, before);
                var rows = rows(statement);
                for (var row : rows) {
                    row.addTo(places, row.block());
                }
                return rows;
            }
        }
    }

    private final class Row {
        private final long block;
        private final byte[] packed;
        private final byte[] term;

        Row(long block, byte[] packed, byte[] term) {
            this.block = block;
            this.packed = packed;
            this.term = term;
        }

        long block() {
            return block;
        }

        byte[] term() {
            return term;
        }

        void addTo(Map<Long, BitSet> places, long key) {
            packing.unpack(packed, places.computeIfAbsent(key, none -> new BitSet()));
        }
    }

    private List<Row> rows(PreparedStatement statement) throws SQLException {
        var all = new ArrayList<Row>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                all.add(new Row(rows.getLong(1), rows.getBytes(2), rows.getBytes(3)));
            }
        }
        entries += all.size();
        return all;
    }

    private static byte[] bytes(String term) {
        return term.getBytes(StandardCharsets.UTF_8);
    }

    /** What comes after whatever begins so: no UTF-8 has this byte. */
    private static byte[] afterAll(byte[] beginning) {
        var after = Arrays.copyOf(beginning, beginning.length + 1);
        after[beginning.length] = (byte) 0xFF;
        return after;
    }
}

package io.messagecenter.mysql;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.search.SearchQuery.Term;
import io.messagecenter.domain.search.SearchText;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Finds places by the index: from the latest block to the oldest, a few blocks first and then many at a time. */
final class MysqlSearchIndex implements SearchIndex {
    private static final int BLOCKS_AT_FIRST = 1;
    private static final int MORE_BLOCKS = 8;
    private static final int MOST_BLOCKS = 256;

    private static final String OF_BOTH_SIDES =
            """
            SELECT %1$s, m.sender_mailbox FROM chat_message m %2$s
             WHERE m.sender_id = ? AND m.sender_mailbox IN %3$s
            UNION ALL SELECT %1$s, m.recipient_mailbox FROM chat_message m %2$s
             WHERE m.recipient_id = ? AND m.recipient_mailbox IN %3$s AND m.sender_id <> m.recipient_id""";

    private final Database database;
    private final SearchPlaces packing;
    private final SearchBuilder builder;

    MysqlSearchIndex(Database database, int block) {
        this.database = database;
        this.packing = new SearchPlaces(block);
        this.builder = new SearchBuilder(database, packing);
    }

    @Override
    public Reach reach(UserId user) {
        return database.read(handle -> {
            // How much is indexed comes first: what is indexed meanwhile is then read twice, not never.
            long indexed = one(handle, "SELECT indexed FROM chat_search_head WHERE user_id = ?", user);
            long last = one(handle, "SELECT mailbox_seq FROM chat_feed_head WHERE user_id = ?", user);
            List<MailboxSeq> edited = indexed == 0 ? List.of() : edited(handle, user, indexed);
            return new Reach(new MailboxSeq(last), new MailboxSeq(indexed), edited);
        });
    }

    private static long one(Handle handle, String sql, UserId user) {
        return handle.createQuery(sql)
                .bind(0, user.value())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    private static List<MailboxSeq> edited(Handle handle, UserId user, long upto) {
        return handle.createQuery("SELECT DISTINCT place FROM chat_search_change WHERE user_id = ? AND place <= ?"
                        + " ORDER BY place DESC LIMIT " + MOST_EDITED)
                .bind(0, user.value())
                .bind(1, upto)
                .map((row, context) -> new MailboxSeq(row.getLong(1)))
                .list();
    }

    @Override
    public List<MailboxSeq> find(UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit) {
        return database.read(handle -> {
            long indexed = one(handle, "SELECT indexed FROM chat_search_head WHERE user_id = ?", user);
            long end = Math.min(indexed, before.value() - 1); // the last place that is asked for
            var found = new ArrayList<MailboxSeq>();
            int width = BLOCKS_AT_FIRST;
            for (long high = (end - 1) / packing.block(); end > 0 && high >= 0 && found.size() < limit; ) {
                long low = Math.max(0, high - width + 1);
                var blocks = new BlockSearch(handle, user).find(query, peer, low, high);
                for (var block : blocks.descendingMap().entrySet()) {
                    add(block.getKey(), block.getValue(), end, limit, found);
                }
                high = low - 1;
                width = Math.min(MOST_BLOCKS, width * MORE_BLOCKS);
            }
            return found;
        });
    }

    private void add(long block, BitSet places, long end, int limit, List<MailboxSeq> found) {
        for (int i = places.length() - 1; i >= 0 && found.size() < limit; i = places.previousSetBit(i - 1)) {
            long place = block * packing.block() + i + 1;
            if (place <= end) {
                found.add(new MailboxSeq(place));
            }
        }
    }

    /** A search in some blocks of one mailbox. */
    private final class BlockSearch {
        private final Connection connection;
        private final UserId user;
        private final int atOnce;

        BlockSearch(Handle handle, UserId user) throws SQLException {
            this.connection = handle.getConnection();
            this.user = user;
            this.atOnce = database.dialect(handle).keysAtOnce();
        }

        /** In which of the blocks there are places with all that is asked for, and which. */
        NavigableMap<Long, BitSet> find(SearchQuery query, Optional<UserId> peer, long low, long high)
                throws SQLException {
            var live = new ArrayList<Long>();
            for (long block = low; block <= high; block++) {
                live.add(block);
            }
            var found = new TreeMap<Long, BitSet>();
            if (peer.isPresent()) {
                found.putAll(places(new Term(SearchText.peer(peer.get()), false), live));
                live.retainAll(found.keySet());
            }
            boolean first = peer.isEmpty();
            var many = many(low, high);
            many.keySet().retainAll(live);
            for (var term : query.terms()) {
                var has = places(term, live);
                many.forEach((block, places) ->
                        has.computeIfAbsent(block, none -> new BitSet()).or(places));
                if (first) {
                    found.putAll(has);
                } else {
                    found.forEach((block, places) -> places.and(has.getOrDefault(block, new BitSet())));
                }
                first = false;
                found.values().removeIf(BitSet::isEmpty);
                live.retainAll(found.keySet());
            }
            return found;
        }

        /** In which of the blocks there are places that may have any term: mostly none, and then this is one look-up. */
        private Map<Long, BitSet> many(long low, long high) throws SQLException {
            var many = new HashMap<Long, BitSet>();
            try (var statement = connection.prepareStatement(
                    "SELECT block, places FROM chat_search_term WHERE user_id = ? AND block BETWEEN ? AND ?")) {
                statement.setLong(1, user.value());
                statement.setLong(2, SearchBuilder.blockOfMany(high));
                statement.setLong(3, SearchBuilder.blockOfMany(low));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        var places = new BitSet();
                        packing.unpack(rows.getBytes(2), places);
                        many.put(SearchBuilder.blockOfMany(rows.getLong(1)), places);
                    }
                }
            }
            return many;
        }

        private Map<Long, BitSet> places(Term term, List<Long> blocks) throws SQLException {
            var places = new HashMap<Long, BitSet>();
            if (blocks.isEmpty()) {
                return places;
            }
            int width = Math.min(atOnce, blocks.size());
            var sql = "SELECT block, places FROM chat_search_term WHERE user_id = ? AND block IN "
                    + Placeholders.list(width) + (term.prefix() ? " AND term BETWEEN ? AND ?" : " AND term = ?");
            int after = 2 + Placeholders.rounded(width);
            var from = term.text().getBytes(StandardCharsets.UTF_8);
            try (var statement = connection.prepareStatement(sql)) {
                statement.setLong(1, user.value());
                statement.setBytes(after, from);
                if (term.prefix()) {
                    statement.setBytes(after + 1, afterAll(from));
                }
                for (int i = 0; i < blocks.size(); i += atOnce) {
                    var part = blocks.subList(i, Math.min(blocks.size(), i + atOnce));
                    Placeholders.bind(part, 2, 1, width, (block, position) -> statement.setLong(position, block));
                    try (var rows = statement.executeQuery()) {
                        while (rows.next()) {
                            packing.unpack(
                                    rows.getBytes(2), places.computeIfAbsent(rows.getLong(1), block -> new BitSet()));
                        }
                    }
                }
            }
            return places;
        }
    }

    /** What comes after whatever begins so: no UTF-8 has this byte. */
    private static byte[] afterAll(byte[] beginning) {
        var after = Arrays.copyOf(beginning, beginning.length + 1);
        after[beginning.length] = (byte) 0xFF;
        return after;
    }

    @Override
    public SortedMap<MailboxSeq, Message> read(UserId user, Collection<MailboxSeq> places) {
        var messages = new TreeMap<MailboxSeq, Message>();
        if (places.isEmpty()) {
            return messages;
        }
        return database.read(handle -> {
            var all = List.copyOf(places);
            int width = Math.min(database.dialect(handle).keysAtOnce(), all.size());
            var sql = OF_BOTH_SIDES.formatted(MessageRow.COLUMNS, MessageRow.PEOPLE, Placeholders.list(width));
            int second = 2 + Placeholders.rounded(width);
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                statement.setLong(1, user.value());
                statement.setLong(second, user.value());
                for (int i = 0; i < all.size(); i += width) {
                    var part = all.subList(i, Math.min(all.size(), i + width));
                    for (int from : List.of(2, second + 1)) {
                        Placeholders.bind(
                                part, from, 1, width, (place, position) -> statement.setLong(position, place.value()));
                    }
                    try (var rows = statement.executeQuery()) {
                        while (rows.next()) {
                            messages.put(new MailboxSeq(rows.getLong(MessageRow.WIDTH + 1)), MessageRow.read(rows));
                        }
                    }
                }
            }
            return messages;
        });
    }

    @Override
    public Optional<MailboxSeq> place(UserId user, MessageId id) {
        return database.read(handle -> handle.createQuery(
                        "SELECT CASE WHEN sender_id = ? THEN sender_mailbox ELSE recipient_mailbox END"
                                + " FROM chat_message WHERE id = ? AND (sender_id = ? OR recipient_id = ?)")
                .bind(0, user.value())
                .bind(1, id.value())
                .bind(2, user.value())
                .bind(3, user.value())
                .map((row, context) -> new MailboxSeq(row.getLong(1)))
                .findOne());
    }

    @Override
    public boolean advance(UserId user) {
        return builder.advance(user);
    }

    @Override
    public Behind behind(Optional<UserId> after, int range) {
        return builder.behind(after, range);
    }
}

package io.messagecenter.mysql;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.search.SearchText;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
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
             WHERE m.sender_id = ? AND m.sender_mailbox %3$s
            UNION ALL SELECT %1$s, m.recipient_mailbox FROM chat_message m %2$s
             WHERE m.recipient_id = ? AND m.recipient_mailbox %3$s AND m.sender_id <> m.recipient_id""";

    /** What was indexed by another rule is as if it were not. */
    private static final String INDEXED =
            "SELECT indexed FROM chat_search_head WHERE user_id = ? AND version = " + SearchText.VERSION;

    private static final String LAST =
            """
            SELECT GREATEST(
             COALESCE((SELECT MAX(sender_mailbox) FROM chat_message WHERE sender_id = ? AND sender_mailbox <= ?), 0),
             COALESCE((SELECT MAX(recipient_mailbox) FROM chat_message
              WHERE recipient_id = ? AND recipient_mailbox <= ?), 0))""";

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
            long indexed = one(handle, INDEXED, user);
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
    public Hits find(UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int entries) {
        return database.read(handle -> {
            long end = Math.min(one(handle, INDEXED, user), before.value() - 1); // the last place that is asked for
            int atOnce = database.dialect(handle).keysAtOnce();
            var search = new BlockSearch(handle.getConnection(), atOnce, packing, user, query, peer);
            var found = new ArrayList<MailboxSeq>();
            int width = BLOCKS_AT_FIRST;
            var blocks = blocks(handle, user, end, width);
            while (!blocks.isEmpty() && search.entries() < entries) {
                var hits = search.in(blocks, limit - found.size(), entries);
                hits.forEach((block, places) -> add(block, places, end, limit, found));
                if (found.size() == limit) {
                    return new Hits(found, found.get(limit - 1), search.entries());
                }
                width = Math.min(MOST_BLOCKS, width * MORE_BLOCKS);
                int affordable = search.blocks(entries - search.entries());
                blocks = blocks(handle, user, search.down(), Math.min(width, affordable));
            }
            var next = blocks.isEmpty() ? Optional.<MailboxSeq>empty() : latest(handle, user, search.down());
            next.ifPresent(found::add);
            return new Hits(found, next.orElse(new MailboxSeq(1)), search.entries());
        });
    }

    /** The latest blocks with places up to one, by the places before their first. */
    private static List<Long> blocks(Handle handle, UserId user, long upto, int limit) {
        return handle.createQuery("SELECT block FROM chat_search_block WHERE user_id = ? AND block < ?"
                        + " ORDER BY block DESC LIMIT " + limit)
                .bind(0, user.value())
                .bind(1, upto)
                .mapTo(Long.class)
                .list();
    }

    private static void add(long block, BitSet places, long end, int limit, List<MailboxSeq> found) {
        for (int i = places.length() - 1; i >= 0 && found.size() < limit; i = places.previousSetBit(i - 1)) {
            long place = block + i + 1;
            if (place <= end) {
                found.add(new MailboxSeq(place));
            }
        }
    }

    /** The last place up to one where there is a message. */
    private static Optional<MailboxSeq> latest(Handle handle, UserId user, long upto) {
        return handle.createQuery(LAST)
                .bind(0, user.value())
                .bind(1, upto)
                .bind(2, user.value())
                .bind(3, upto)
                .map((row, context) -> new MailboxSeq(row.getLong(1)))
                .findOne()
                .filter(place -> place.value() > 0);
    }

    @Override
    public SortedSet<MailboxSeq> latest(UserId user, SortedSet<MailboxSeq> places, int characters) {
        var lengths = at(user, places, "CHAR_LENGTH(m.body)", "", 1, rows -> rows.getInt(1));
        long found = 0;
        for (var length : lengths.descendingMap().entrySet()) {
            found += length.getValue();
            if (found >= characters) {
                return places.tailSet(length.getKey());
            }
        }
        return places;
    }

    @Override
    public SortedMap<MailboxSeq, Message> read(UserId user, SortedSet<MailboxSeq> places) {
        return at(user, places, MessageRow.COLUMNS, MessageRow.PEOPLE, MessageRow.WIDTH, MessageRow::read);
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Reads so many columns of what is at some places: all between two, or each by itself. */
    private <T> NavigableMap<MailboxSeq, T> at(
            UserId user, SortedSet<MailboxSeq> places, String columns, String joins, int width, Reader<T> reader) {
        var found = new TreeMap<MailboxSeq, T>();
        if (places.isEmpty()) {
            return found;
        }
        var all = places.stream().map(MailboxSeq::value).toList();
        long last = places.last().value();
        boolean range = last - all.get(0) + 1 == all.size();
        return database.read(handle -> {
            int atOnce = range ? all.size() : Math.min(database.dialect(handle).keysAtOnce(), all.size());
            var which = range ? "BETWEEN ? AND ?" : "IN " + Placeholders.list(atOnce);
            int second = 2 + (range ? 2 : Placeholders.rounded(atOnce));
            try (var statement =
                    handle.getConnection().prepareStatement(OF_BOTH_SIDES.formatted(columns, joins, which))) {
                statement.setLong(1, user.value());
                statement.setLong(second, user.value());
                for (int i = 0; i < all.size(); i += atOnce) {
                    var part = range ? List.of(all.get(0), last) : all.subList(i, Math.min(all.size(), i + atOnce));
                    int count = range ? 2 : atOnce;
                    for (int from : List.of(2, second + 1)) {
                        Placeholders.bind(
                                part, from, 1, count, (place, position) -> statement.setLong(position, place));
                    }
                    try (var rows = statement.executeQuery()) {
                        while (rows.next()) {
                            found.put(new MailboxSeq(rows.getLong(width + 1)), reader.read(rows));
                        }
                    }
                }
            }
            return found;
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

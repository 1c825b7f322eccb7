package io.messagecenter.mysql;

import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.search.SearchIndex.Behind;
import io.messagecenter.domain.search.SearchText;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.mysql.Dialect.Target;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the index of searches, a block in a transaction. The lock on a user's search head keeps nodes apart.
 *
 * <p>Blocks are announced before they are read, under the lock on the feed that every edit takes: an edit that did not
 * know of the announcement is committed before the block is read, and one that did has left a note. So nothing is indexed
 * as it was and stays so; and that lock, for which sends wait, is held no longer than a row takes.
 */
final class SearchBuilder {
    private static final Target ANNOUNCED = new Target("chat_search_head", "user_id", "announced", "version");
    private static final Target TERMS = new Target("chat_search_term", "user_id", "block", "term", "places");

    private static final byte[] MANY = SearchText.MANY.getBytes(StandardCharsets.UTF_8);

    /** How many messages are in memory at a time: they may be long. */
    private static final int READ_AT_ONCE = 128;

    private static final String READ =
            """
            SELECT m.sender_mailbox, m.recipient_id, %1$s FROM chat_message m
             WHERE m.sender_id = ? AND m.sender_mailbox BETWEEN ? AND ? AND m.deleted = FALSE
            UNION ALL SELECT m.recipient_mailbox, m.sender_id, %1$s FROM chat_message m
             JOIN chat_user s ON s.id = m.sender_id
             WHERE m.recipient_id = ? AND m.recipient_mailbox BETWEEN ? AND ? AND m.deleted = FALSE
             AND m.sender_id <> m.recipient_id AND s.state <> %2$d""";

    private static final String BODIES = READ.formatted("m.body", UserState.ERASED);
    private static final String LENGTHS = READ.formatted("CHAR_LENGTH(m.body)", UserState.ERASED);

    private final Database database;
    private final SearchPlaces packing;

    SearchBuilder(Database database, SearchPlaces packing) {
        this.database = database;
        this.packing = packing;
    }

    /**
     * Where a block has its term {@link SearchText#MANY}: apart from the others, below zero, so that it is one range to see
     * that of many blocks none has it. And the other way round.
     */
    static long blockOfMany(long block) {
        return -1 - block;
    }

    private record State(long mailbox, long announced, long indexed, int version, boolean changed) {
        /** Whether it was indexed by a rule that nobody follows any more. */
        boolean isOld() {
            return version < SearchText.VERSION;
        }
    }

    boolean advance(UserId user) {
        var state = database.read(
                handle -> handle.createQuery("SELECT f.mailbox_seq, COALESCE(s.announced, 0), COALESCE(s.indexed, 0),"
                                + " COALESCE(s.version, " + SearchText.VERSION + "),"
                                + " EXISTS (SELECT 1 FROM chat_search_change c WHERE c.user_id = f.user_id)"
                                + " FROM chat_feed_head f LEFT JOIN chat_search_head s ON s.user_id = f.user_id"
                                + " WHERE f.user_id = ?")
                        .bind(0, user.value())
                        .map((row, context) -> new State(
                                row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getBoolean(5)))
                        .findOne());
        if (state.isEmpty() || state.get().version() > SearchText.VERSION) {
            return false;
        } else if (state.get().isOld()) {
            return database.write(handle -> renew(handle, user));
        }
        long announced = state.get().announced();
        long indexed = state.get().indexed();
        if (announced == indexed) {
            long full = database.read(
                    handle -> full(handle, user, indexed, state.get().mailbox()));
            announced = full > indexed ? announce(user, indexed, full) : indexed;
        }
        return (announced > indexed || state.get().changed()) && database.write(handle -> build(handle, user));
    }

    /** Forgets a block that was written by another rule, or, once there is none, that there were some. */
    private static boolean renew(Handle handle, UserId user) {
        lock(handle, user).filter(head -> head.version() < SearchText.VERSION).ifPresent(old -> {
            if (!forgetBlock(handle, user)) {
                handle.createUpdate(
                                "UPDATE chat_search_head SET indexed = 0, announced = 0, version = ? WHERE user_id = ?")
                        .bind(0, SearchText.VERSION)
                        .bind(1, user.value())
                        .execute();
            }
        });
        return true;
    }

    /** The last place of the next block, or where it would begin if it is not full yet. */
    private long full(Handle handle, UserId user, long indexed, long mailbox) throws SQLException {
        long last = indexed + packing.block();
        long characters = 0;
        for (long from = indexed + 1; from <= Math.min(last, mailbox); from += READ_AT_ONCE) {
            var lengths = new TreeMap<Long, Integer>();
            read(
                    handle,
                    LENGTHS,
                    user,
                    from,
                    Math.min(last, from + READ_AT_ONCE - 1),
                    row -> lengths.put(row.getLong(1), row.getInt(3)));
            for (var length : lengths.entrySet()) {
                characters += length.getValue();
                if (characters >= SearchIndex.FULL) {
                    return length.getKey();
                }
            }
        }
        return mailbox >= last ? last : indexed;
    }

    /** Says what will be indexed next, unless somebody else did; answers with that, or with 0 if the user is gone. */
    private long announce(UserId user, long indexed, long upto) {
        return database.write(handle -> {
            var feed = handle.createQuery("SELECT mailbox_seq FROM chat_feed_head WHERE user_id = ? FOR UPDATE")
                    .bind(0, user.value())
                    .mapTo(Long.class)
                    .findOne();
            if (feed.isEmpty()) {
                return 0L;
            }
            var head = lock(handle, user);
            if (head.isPresent()
                    && (head.get().indexed() != indexed || head.get().announced() != indexed)) {
                return head.get().announced();
            }
            try (var rows = database.dialect(handle).save(handle.getConnection(), ANNOUNCED)) {
                rows.add(user.value()).add(upto).add(SearchText.VERSION).endRow();
                rows.execute();
            }
            return upto;
        });
    }

    private record Head(long indexed, long announced, int version) {}

    /** The lock on a search head; nobody has it whose index is gone, or was not begun. */
    private static Optional<Head> lock(Handle handle, UserId user) {
        return handle.createQuery(
                        "SELECT indexed, announced, version FROM chat_search_head WHERE user_id = ? FOR UPDATE")
                .bind(0, user.value())
                .map((row, context) -> new Head(row.getLong(1), row.getLong(2), row.getInt(3)))
                .findOne();
    }

    /** @param block the place before its first */
    private record Block(long block, long last) {}

    private boolean build(Handle handle, UserId user) throws SQLException {
        var head = lock(handle, user);
        if (head.isEmpty() || head.get().version() != SearchText.VERSION) {
            return false;
        }
        long indexed = head.get().indexed();
        var changed = firstChanged(handle, user, indexed);
        if (changed.isEmpty() && indexed == head.get().announced()) {
            return false;
        }
        var block = changed.map(place -> block(handle, user, place))
                .orElse(new Block(indexed, head.get().announced()));
        handle.createUpdate("DELETE FROM chat_search_term WHERE user_id = ? AND block IN (?, ?)")
                .bind(0, user.value())
                .bind(1, block.block())
                .bind(2, blockOfMany(block.block()))
                .execute();
        // Before it reads: a change that comes after this leaves a note that stays.
        forgetChanges(handle, user, block.block() + 1, block.last());
        insert(handle, user, block.block(), terms(handle, user, block));
        if (changed.isEmpty()) {
            handle.createUpdate("INSERT INTO chat_search_block (user_id, block, last_place) VALUES (?, ?, ?)")
                    .bind(0, user.value())
                    .bind(1, block.block())
                    .bind(2, block.last())
                    .execute();
            handle.createUpdate("UPDATE chat_search_head SET indexed = ? WHERE user_id = ?")
                    .bind(0, block.last())
                    .bind(1, user.value())
                    .execute();
        }
        return true;
    }

    private static Block block(Handle handle, UserId user, long place) {
        return handle.createQuery("SELECT block, last_place FROM chat_search_block WHERE user_id = ? AND block < ?"
                        + " ORDER BY block DESC LIMIT 1")
                .bind(0, user.value())
                .bind(1, place)
                .map((row, context) -> new Block(row.getLong(1), row.getLong(2)))
                .one();
    }

    private static Optional<Long> firstChanged(Handle handle, UserId user, long upto) {
        return handle.createQuery("SELECT place FROM chat_search_change WHERE user_id = ? AND place <= ?"
                        + " ORDER BY place LIMIT 1")
                .bind(0, user.value())
                .bind(1, upto)
                .mapTo(Long.class)
                .findOne();
    }

    private static void forgetChanges(Handle handle, UserId user, long first, long last) {
        handle.createUpdate("DELETE FROM chat_search_change WHERE user_id = ? AND place BETWEEN ? AND ?")
                .bind(0, user.value())
                .bind(1, first)
                .bind(2, last)
                .execute();
    }

    /** The terms of a block's messages in the order of the table, each with its places in the block. */
    private static Map<byte[], BitSet> terms(Handle handle, UserId user, Block block) throws SQLException {
        var terms = new TreeMap<byte[], BitSet>(Arrays::compareUnsigned);
        for (long from = block.block() + 1; from <= block.last(); from += READ_AT_ONCE) {
            read(handle, BODIES, user, from, Math.min(block.last(), from + READ_AT_ONCE - 1), row -> {
                int place = (int) (row.getLong(1) - block.block() - 1);
                add(terms, SearchText.peer(new UserId(row.getLong(2))), place);
                for (var term : SearchText.terms(row.getString(3))) {
                    add(terms, term, place);
                }
            });
        }
        return terms;
    }

    @FunctionalInterface
    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private static void read(Handle handle, String sql, UserId user, long from, long to, Row reader)
            throws SQLException {
        try (var statement = handle.getConnection().prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setLong(2, from);
            statement.setLong(3, to);
            statement.setLong(4, user.value());
            statement.setLong(5, from);
            statement.setLong(6, to);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    private static void add(Map<byte[], BitSet> terms, String term, int place) {
        terms.computeIfAbsent(term.getBytes(StandardCharsets.UTF_8), none -> new BitSet())
                .set(place);
    }

    private void insert(Handle handle, UserId user, long block, Map<byte[], BitSet> terms) throws SQLException {
        try (var rows = database.dialect(handle).insert(handle.getConnection(), TERMS)) {
            for (var term : terms.entrySet()) {
                boolean many = Arrays.equals(term.getKey(), MANY);
                rows.add(user.value())
                        .add(many ? blockOfMany(block) : block)
                        .add(term.getKey())
                        .add(packing.pack(term.getValue()))
                        .endRow();
            }
            rows.execute();
        }
    }

    Behind behind(Optional<UserId> after, int range) {
        long from = after.map(UserId::value).orElse(0L);
        return database.read(handle -> {
            var last = handle.createQuery("SELECT MAX(r.user_id), COUNT(*) FROM (SELECT user_id FROM chat_feed_head"
                            + " WHERE user_id > ? ORDER BY user_id LIMIT ?) r")
                    .bind(0, from)
                    .bind(1, range)
                    .map((row, context) -> row.getLong(2) < range ? null : (@Nullable Long) row.getLong(1))
                    .findOne();
            long to = last.orElse(Long.MAX_VALUE);
            var users = new TreeSet<UserId>();
            users.addAll(users(
                    handle,
                    "SELECT f.user_id FROM chat_feed_head f LEFT JOIN chat_search_head s ON s.user_id = f.user_id"
                            + " WHERE f.user_id > ? AND f.user_id <= ? AND (f.mailbox_seq >= COALESCE(s.indexed, 0) + "
                            + packing.block() + " OR s.version < " + SearchText.VERSION + ")",
                    from,
                    to));
            users.addAll(users(
                    handle,
                    "SELECT DISTINCT c.user_id FROM chat_search_change c"
                            + " JOIN chat_search_head s ON s.user_id = c.user_id AND c.place <= s.indexed"
                            + " WHERE c.user_id > ? AND c.user_id <= ?",
                    from,
                    to));
            return new Behind(List.copyOf(users), last.map(UserId::new));
        });
    }

    private static List<UserId> users(Handle handle, String sql, long from, long to) {
        return handle.createQuery(sql)
                .bind(0, from)
                .bind(1, to)
                .map((row, context) -> new UserId(row.getLong(1)))
                .list();
    }

    /** Deletes a block of the index of somebody who is erased, in that transaction; true once all of it is gone. */
    static boolean forget(Handle handle, UserId user) {
        if (lock(handle, user).isEmpty()) {
            return true;
        }
        boolean more = forgetBlock(handle, user);
        if (!more) {
            handle.createUpdate("DELETE FROM chat_search_head WHERE user_id = ?")
                    .bind(0, user.value())
                    .execute();
        }
        return !more;
    }

    /** Deletes a block, or, once there is none, whatever else tells of blocks; false then. */
    private static boolean forgetBlock(Handle handle, UserId user) {
        var block = handle.createQuery("SELECT block FROM chat_search_term WHERE user_id = ? ORDER BY block LIMIT 1")
                .bind(0, user.value())
                .mapTo(Long.class)
                .findOne();
        if (block.isPresent()) {
            handle.createUpdate("DELETE FROM chat_search_term WHERE user_id = ? AND block = ?")
                    .bind(0, user.value())
                    .bind(1, block.get())
                    .execute();
        } else {
            handle.createUpdate("DELETE FROM chat_search_block WHERE user_id = ?")
                    .bind(0, user.value())
                    .execute();
            forgetChanges(handle, user, 0, Long.MAX_VALUE);
        }
        return block.isPresent();
    }
}

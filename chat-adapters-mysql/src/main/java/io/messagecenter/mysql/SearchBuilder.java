package io.messagecenter.mysql;

import io.messagecenter.domain.search.SearchIndex.Behind;
import io.messagecenter.domain.search.SearchText;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.mysql.Dialect.Target;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
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
    private static final Target ANNOUNCED = new Target("chat_search_head", "user_id", "announced");
    private static final Target TERMS = new Target("chat_search_term", "user_id", "block", "term", "places");

    private static final byte[] MANY = SearchText.MANY.getBytes(StandardCharsets.UTF_8);

    /** How many messages are in memory at a time: they may be long. */
    private static final int READ_AT_ONCE = 128;

    private static final String READ =
            """
            SELECT m.sender_mailbox, m.recipient_id, m.body FROM chat_message m
             WHERE m.sender_id = ? AND m.sender_mailbox BETWEEN ? AND ? AND m.deleted = FALSE
            UNION ALL SELECT m.recipient_mailbox, m.sender_id, m.body FROM chat_message m
             JOIN chat_user s ON s.id = m.sender_id
             WHERE m.recipient_id = ? AND m.recipient_mailbox BETWEEN ? AND ? AND m.deleted = FALSE
             AND m.sender_id <> m.recipient_id AND s.state <> %d"""
                    .formatted(UserState.ERASED);

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

    private record State(long mailbox, long announced, long indexed, boolean changed) {}

    boolean advance(UserId user) {
        var state = database.read(handle -> handle.createQuery(
                        "SELECT f.mailbox_seq, COALESCE(s.announced, 0), COALESCE(s.indexed, 0),"
                                + " EXISTS (SELECT 1 FROM chat_search_change c WHERE c.user_id = f.user_id)"
                                + " FROM chat_feed_head f LEFT JOIN chat_search_head s ON s.user_id = f.user_id"
                                + " WHERE f.user_id = ?")
                .bind(0, user.value())
                .map((row, context) -> new State(row.getLong(1), row.getLong(2), row.getLong(3), row.getBoolean(4)))
                .findOne());
        if (state.isEmpty()) {
            return false;
        }
        long announced = state.get().announced();
        if (full(state.get().mailbox()) > announced) {
            announced = announce(user);
        }
        return (announced > state.get().indexed() || state.get().changed())
                && database.write(handle -> build(handle, user));
    }

    private long full(long mailbox) {
        return mailbox - mailbox % packing.block();
    }

    /** Says what will be indexed next; answers with that, or with 0 if the user is gone. */
    private long announce(UserId user) {
        return database.write(handle -> {
            var mailbox = handle.createQuery("SELECT mailbox_seq FROM chat_feed_head WHERE user_id = ? FOR UPDATE")
                    .bind(0, user.value())
                    .mapTo(Long.class)
                    .findOne();
            if (mailbox.isEmpty()) {
                return 0L;
            }
            long upto = full(mailbox.get());
            try (var rows = database.dialect(handle).save(handle.getConnection(), ANNOUNCED)) {
                rows.add(user.value()).add(upto).endRow();
                rows.execute();
            }
            return upto;
        });
    }

    /** The lock on a search head; nobody has it whose index is gone, or was not begun. */
    private static Optional<long[]> lock(Handle handle, UserId user) {
        return handle.createQuery("SELECT indexed, announced FROM chat_search_head WHERE user_id = ? FOR UPDATE")
                .bind(0, user.value())
                .map((row, context) -> new long[] {row.getLong(1), row.getLong(2)})
                .findOne();
    }

    private boolean build(Handle handle, UserId user) throws SQLException {
        var head = lock(handle, user);
        if (head.isEmpty()) {
            return false;
        }
        long indexed = head.get()[0];
        var changed = firstChanged(handle, user, indexed);
        if (changed.isEmpty() && indexed == head.get()[1]) {
            return false;
        }
        long block = changed.map(place -> (place - 1) / packing.block()).orElse(indexed / packing.block());
        long first = block * packing.block() + 1;
        long last = first + packing.block() - 1;
        handle.createUpdate("DELETE FROM chat_search_term WHERE user_id = ? AND block IN (?, ?)")
                .bind(0, user.value())
                .bind(1, block)
                .bind(2, blockOfMany(block))
                .execute();
        // Before it reads: a change that comes after this leaves a note that stays.
        forgetChanges(handle, user, first, last);
        insert(handle, user, block, terms(handle, user, first, last));
        if (last > indexed) {
            handle.createUpdate("UPDATE chat_search_head SET indexed = ? WHERE user_id = ?")
                    .bind(0, last)
                    .bind(1, user.value())
                    .execute();
        }
        return true;
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
    private Map<byte[], BitSet> terms(Handle handle, UserId user, long first, long last) throws SQLException {
        var terms = new TreeMap<byte[], BitSet>(Arrays::compareUnsigned);
        try (var statement = handle.getConnection().prepareStatement(READ)) {
            for (long from = first; from <= last; from += READ_AT_ONCE) {
                long to = Math.min(last, from + READ_AT_ONCE - 1);
                statement.setLong(1, user.value());
                statement.setLong(2, from);
                statement.setLong(3, to);
                statement.setLong(4, user.value());
                statement.setLong(5, from);
                statement.setLong(6, to);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        int place = (int) (rows.getLong(1) - first);
                        add(terms, SearchText.peer(new UserId(rows.getLong(2))), place);
                        for (var term : SearchText.terms(rows.getString(3))) {
                            add(terms, term, place);
                        }
                    }
                }
            }
        }
        return terms;
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
                            + " WHERE f.user_id > ? AND f.user_id <= ? AND f.mailbox_seq >= COALESCE(s.indexed, 0) + "
                            + packing.block(),
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
        var blocks = new ArrayList<Long>(
                handle.createQuery("SELECT block FROM chat_search_term WHERE user_id = ? ORDER BY block LIMIT 1")
                        .bind(0, user.value())
                        .mapTo(Long.class)
                        .list());
        for (long block : blocks) {
            handle.createUpdate("DELETE FROM chat_search_term WHERE user_id = ? AND block = ?")
                    .bind(0, user.value())
                    .bind(1, block)
                    .execute();
        }
        if (blocks.isEmpty()) {
            forgetChanges(handle, user, 0, Long.MAX_VALUE);
            handle.createUpdate("DELETE FROM chat_search_head WHERE user_id = ?")
                    .bind(0, user.value())
                    .execute();
        }
        return blocks.isEmpty();
    }
}

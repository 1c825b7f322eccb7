package io.messagecenter.mysql;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class MysqlFeedStore implements FeedStore {
    /** The {@code kind} of an entry that points to a message which was sent. */
    static final int MESSAGE_SENT = 1;

    private static final int SEQ = MessageRow.WIDTH + 1;
    private static final int KIND = MessageRow.WIDTH + 2;
    private static final int HEAD = MessageRow.WIDTH + 3;
    private static final int PRUNED = MessageRow.WIDTH + 4;

    /**
     * The head comes with every row: one statement sees one state, and two might see an entry before its head. Sorted
     * here, since the server would copy all bodies into a table of its own for it.
     */
    private static final String READ = "SELECT " + MessageRow.COLUMNS + ", f.seq, f.kind, h.feed_seq, h.feed_pruned"
            + " FROM chat_feed_head h"
            + " LEFT JOIN chat_feed_entry f ON f.user_id = h.user_id AND f.seq BETWEEN ? AND ?"
            + " LEFT JOIN chat_message m ON m.conversation_id = f.conversation_id AND m.seq = f.message_seq"
            + " LEFT JOIN chat_user s ON s.id = m.sender_id"
            + " LEFT JOIN chat_user r ON r.id = m.recipient_id"
            + " WHERE h.user_id = ?";

    private final Database database;

    MysqlFeedStore(Database database) {
        this.database = database;
    }

    @Override
    public FeedPage read(UserId user, FeedSeq after, int limit) {
        return database.read(handle -> {
            try (var statement = handle.getConnection().prepareStatement(READ)) {
                statement.setLong(1, after.value() + 1);
                statement.setLong(2, after.value() + limit);
                statement.setLong(3, user.value());
                try (var rows = statement.executeQuery()) {
                    return page(user, after, limit, rows);
                }
            }
        });
    }

    private static FeedPage page(UserId user, FeedSeq after, int limit, ResultSet rows) throws SQLException {
        if (!rows.next()) {
            throw ChatException.notFound();
        }
        var head = new FeedSeq(rows.getLong(HEAD));
        FeedPage.requireWithin(after, head);
        if (after.value() < rows.getLong(PRUNED)) {
            throw ChatException.cursorTooOld(head.value());
        }
        int expected = (int) Math.min(limit, head.value() - after.value());
        if (expected == 0) {
            return FeedPage.of(List.of(), after, false);
        }
        var events = new ArrayList<Event>(expected);
        do {
            add(rows, events);
        } while (rows.next());
        events.sort(Comparator.comparing(Event::seq));
        requireComplete(user, after, expected, events);
        return FeedPage.of(List.copyOf(events), after, after.value() + expected < head.value());
    }

    /** A reader must not step over what is missing: it would never hear of it. */
    private static void requireComplete(UserId user, FeedSeq after, int expected, List<Event> events) {
        for (int i = 0; i < expected; i++) {
            long seq = after.value() + 1 + i;
            if (i >= events.size() || events.get(i).seq().value() != seq) {
                throw new IllegalStateException("The feed of user " + user + " lacks its entry " + seq);
            }
        }
    }

    /** Adds the event of a row; where the entry or its message is gone, there is none. */
    private static void add(ResultSet row, List<Event> events) throws SQLException {
        int kind = row.getInt(KIND);
        if (!row.wasNull() && kind != MESSAGE_SENT) {
            throw new IllegalStateException("A feed entry of kind " + kind + " is of a later release");
        }
        if (row.getLong(1) > 0) {
            events.add(new MessageSent(new FeedSeq(row.getLong(SEQ)), MessageRow.read(row)));
        }
    }

    @Override
    public Map<UserId, FeedSeq> heads(Collection<UserId> users) {
        if (users.isEmpty()) {
            return Map.of();
        }
        return database.read(handle -> {
            var sql =
                    "SELECT user_id, feed_seq FROM chat_feed_head WHERE user_id IN " + Placeholders.list(users.size());
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                Placeholders.bind(users, 1, 1, (user, position) -> statement.setLong(position, user.value()));
                var heads = new HashMap<UserId, FeedSeq>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        heads.put(new UserId(rows.getLong(1)), new FeedSeq(rows.getLong(2)));
                    }
                }
                return heads;
            }
        });
    }
}

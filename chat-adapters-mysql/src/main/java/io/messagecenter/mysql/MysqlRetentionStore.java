package io.messagecenter.mysql;

import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.retention.RetentionStore;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.UserId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** No index on times, for which every message sent would pay: what is oldest stands first, and where that is is known. */
final class MysqlRetentionStore implements RetentionStore {
    private static final String FEEDS = "SELECT f.created_at, h.user_id FROM chat_feed_head h"
            + " LEFT JOIN chat_feed_entry f ON f.user_id = h.user_id AND f.seq = h.feed_pruned + 1"
            + " WHERE h.user_id > ? ORDER BY h.user_id LIMIT ?";

    private static final String CONVERSATIONS = "SELECT m.sent_at, c.user_low, c.user_high FROM chat_conversation c"
            + " LEFT JOIN chat_message m ON m.conversation_id = c.id AND m.seq = c.retired + 1"
            + " WHERE c.id > ? ORDER BY c.id LIMIT ?";

    private static final String NEXT = "SELECT " + MessageRow.COLUMNS
            + " FROM chat_conversation c JOIN chat_message m ON m.conversation_id = c.id"
            + " AND m.seq BETWEEN c.retired + 1 AND c.retired + ?" + MessageRow.PEOPLE
            + "WHERE c.user_low = ? AND c.user_high = ?";

    private final Database database;

    MysqlRetentionStore(Database database) {
        this.database = database;
    }

    @Override
    public Stretch<UserId> oldFeeds(Optional<UserId> after, Instant before, int limit) {
        return database.read(handle -> {
            try (var statement = handle.getConnection().prepareStatement(FEEDS)) {
                statement.setLong(1, after.map(UserId::value).orElse(0L));
                statement.setInt(2, limit);
                return stretch(statement, before, row -> new UserId(row.getLong(2)));
            }
        });
    }

    /**
     * The head comes last: a writer waits for it no longer than the commit takes. Readers see both at one moment, and
     * nobody else wants entries that are there already.
     */
    @Override
    public int prune(UserId owner, Instant before, int limit) {
        return database.write(handle -> {
            var pruned = handle.createQuery("SELECT feed_pruned FROM chat_feed_head WHERE user_id = ?")
                    .bind(0, owner.value())
                    .mapTo(Long.class)
                    .findOne();
            if (pruned.isEmpty()) {
                return 0;
            }
            long upto = upto(handle, owner, pruned.get(), before, limit);
            if (upto == pruned.get()) {
                return 0;
            }
            int deleted = handle.createUpdate("DELETE FROM chat_feed_entry WHERE user_id = ? AND seq BETWEEN ? AND ?")
                    .bind(0, owner.value())
                    .bind(1, pruned.get() + 1)
                    .bind(2, upto)
                    .execute();
            handle.createUpdate("UPDATE chat_feed_head SET feed_pruned = ? WHERE user_id = ? AND feed_pruned < ?")
                    .bind(0, upto)
                    .bind(1, owner.value())
                    .bind(2, upto)
                    .execute();
            return deleted;
        });
    }

    /** The place up to which all entries are from before a moment. */
    private static long upto(Handle handle, UserId owner, long pruned, Instant before, int limit) {
        var times = handle.createQuery(
                        "SELECT created_at FROM chat_feed_entry WHERE user_id = ? AND seq BETWEEN ? AND ?"
                                + " ORDER BY seq")
                .bind(0, owner.value())
                .bind(1, pruned + 1)
                .bind(2, pruned + limit)
                .map((row, context) -> time(row))
                .list();
        return pruned
                + times.stream()
                        .takeWhile(time -> time.filter(before::isAfter).isPresent())
                        .count();
    }

    @Override
    public Stretch<ConversationKey> oldConversations(Optional<ConversationKey> after, Instant before, int limit) {
        return database.read(handle -> {
            long from = after.map(key -> id(handle, key)).orElse(0L);
            try (var statement = handle.getConnection().prepareStatement(CONVERSATIONS)) {
                statement.setLong(1, from);
                statement.setInt(2, limit);
                return stretch(
                        statement,
                        before,
                        row -> new ConversationKey(new UserId(row.getLong(2)), new UserId(row.getLong(3))));
            }
        });
    }

    private static long id(Handle handle, ConversationKey conversation) {
        return handle.createQuery("SELECT id FROM chat_conversation WHERE user_low = ? AND user_high = ?")
                .bind(0, conversation.low().value())
                .bind(1, conversation.high().value())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<Message> expired(ConversationKey conversation, Instant before, int limit) {
        var next = database.read(handle -> handle.createQuery(NEXT)
                .bind(0, limit)
                .bind(1, conversation.low().value())
                .bind(2, conversation.high().value())
                .map((row, context) -> MessageRow.read(row))
                .list());
        return next.stream()
                .sorted(Comparator.comparing(Message::seq))
                .takeWhile(message -> message.sent().isBefore(before))
                .toList();
    }

    @Override
    public void done(ConversationKey conversation, MessageSeq upto) {
        var unused = database.write(handle -> handle.createUpdate("UPDATE chat_conversation SET retired = ?"
                        + " WHERE user_low = ? AND user_high = ? AND retired < ?")
                .bind(0, upto.value())
                .bind(1, conversation.low().value())
                .bind(2, conversation.high().value())
                .bind(3, upto.value())
                .execute());
    }

    /** What a row is about. */
    @FunctionalInterface
    private interface Key<K> {
        K of(ResultSet row) throws SQLException;
    }

    /** Those rows of which the time, if there is one, is from before a moment. */
    private static <K> Stretch<K> stretch(PreparedStatement statement, Instant before, Key<K> key) throws SQLException {
        var due = new ArrayList<K>();
        Optional<K> last = Optional.empty();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                var one = key.of(rows);
                last = Optional.of(one);
                if (time(rows).filter(before::isAfter).isPresent()) {
                    due.add(one);
                }
            }
        }
        return new Stretch<>(List.copyOf(due), last);
    }

    private static Optional<Instant> time(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getObject(1, LocalDateTime.class)).map(Database::instant);
    }
}

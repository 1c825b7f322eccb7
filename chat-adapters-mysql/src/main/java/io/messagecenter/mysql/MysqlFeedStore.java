package io.messagecenter.mysql;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.ConversationDelivered;
import io.messagecenter.domain.feed.Event.ConversationRead;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class MysqlFeedStore implements FeedStore {
    private static final int SEQ = MessageRow.WIDTH + 1;
    private static final int KIND = MessageRow.WIDTH + 2;
    private static final int HEAD = MessageRow.WIDTH + 3;
    private static final int PRUNED = MessageRow.WIDTH + 4;
    private static final int SUBJECT = MessageRow.WIDTH + 5;
    private static final int SUBJECT_SEQ = MessageRow.WIDTH + 6;
    private static final int USERNAME = MessageRow.WIDTH + 7;
    private static final int OWN_NAME = MessageRow.WIDTH + 8;
    private static final int PEER = MessageRow.WIDTH + 9;

    /**
     * The head comes with every row: one statement sees one state, and two might see an entry before its head. Sorted
     * here, since the server would copy all bodies into a table of its own for it.
     */
    private static final String READ = "SELECT " + MessageRow.COLUMNS + ", f.seq, f.kind, h.feed_seq, h.feed_pruned"
            + ", f.subject_id, f.subject_seq, u.username, o.username, u.id"
            + " FROM chat_feed_head h"
            + " LEFT JOIN chat_feed_entry f ON f.user_id = h.user_id AND f.seq BETWEEN ? AND ?"
            + " LEFT JOIN chat_message m ON m.conversation_id = f.subject_id AND m.seq = f.subject_seq"
            + " LEFT JOIN chat_user s ON s.id = m.sender_id"
            + " LEFT JOIN chat_user r ON r.id = m.recipient_id"
            + " LEFT JOIN chat_conversation c ON c.id = f.subject_id AND f.kind >= " + FeedEntry.READ_BY_OWNER
            + " LEFT JOIN chat_user u ON u.id = CASE WHEN f.kind IN (" + FeedEntry.USER_BLOCKED + ", "
            + FeedEntry.USER_UNBLOCKED + ") THEN f.subject_id WHEN c.user_low = h.user_id THEN c.user_high"
            + " ELSE c.user_low END"
            + " LEFT JOIN chat_user o ON o.id = h.user_id AND f.kind >= " + FeedEntry.READ_BY_OWNER
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
            add(user, rows, events);
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
    private static void add(UserId owner, ResultSet row, List<Event> events) throws SQLException {
        int kind = row.getInt(KIND);
        if (row.wasNull() || (isAboutMessage(kind) && row.getLong(1) == 0)) {
            return;
        }
        var seq = new FeedSeq(row.getLong(SEQ));
        events.add(
                switch (kind) {
                    case FeedEntry.MESSAGE_SENT -> new MessageSent(seq, MessageRow.read(row));
                    case FeedEntry.MESSAGE_EDITED -> new MessageEdited(seq, MessageRow.read(row));
                    case FeedEntry.MESSAGE_DELETED -> new MessageDeleted(seq, MessageRow.read(row));
                    case FeedEntry.SESSION_ENDED -> new SessionEnded(seq, new SessionId(row.getLong(SUBJECT)));
                    case FeedEntry.USER_BLOCKED -> new UserBlocked(seq, user(row));
                    case FeedEntry.USER_UNBLOCKED -> new UserUnblocked(seq, user(row));
                    case FeedEntry.READ_BY_OWNER -> new ConversationRead(seq, peer(row), owner(owner, row), upto(row));
                    case FeedEntry.READ_BY_PEER -> new ConversationRead(seq, peer(row), peer(row), upto(row));
                    case FeedEntry.DELIVERED_TO_OWNER ->
                        new ConversationDelivered(seq, peer(row), owner(owner, row), upto(row));
                    case FeedEntry.DELIVERED_TO_PEER -> new ConversationDelivered(seq, peer(row), peer(row), upto(row));
                    default ->
                        throw new IllegalStateException("A feed entry of kind " + kind + " is of a later release");
                });
    }

    private static boolean isAboutMessage(int kind) {
        return kind == FeedEntry.MESSAGE_SENT || kind == FeedEntry.MESSAGE_EDITED || kind == FeedEntry.MESSAGE_DELETED;
    }

    private static Person peer(ResultSet row) throws SQLException {
        return new Person(new UserId(row.getLong(PEER)), new Username(row.getString(USERNAME)));
    }

    private static Person owner(UserId owner, ResultSet row) throws SQLException {
        return new Person(owner, new Username(row.getString(OWN_NAME)));
    }

    private static MessageSeq upto(ResultSet row) throws SQLException {
        return new MessageSeq(row.getLong(SUBJECT_SEQ));
    }

    private static Person user(ResultSet row) throws SQLException {
        return new Person(new UserId(row.getLong(SUBJECT)), new Username(row.getString(USERNAME)));
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

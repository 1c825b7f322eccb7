package io.messagecenter.mysql;

import io.messagecenter.domain.account.AccountStore.Deletion;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** What a feed has besides new messages: entries about a user, a session or a change. */
final class FeedEntry {
    /** The {@code kind} of an entry that points to a message which was sent. */
    static final int MESSAGE_SENT = 1;

    static final int SESSION_ENDED = 2;
    static final int USER_BLOCKED = 3;
    static final int USER_UNBLOCKED = 4;

    /** Points to a message that was deleted. */
    static final int MESSAGE_DELETED = 5;

    /** Points to a message that was edited. */
    static final int MESSAGE_EDITED = 6;

    // These point to a conversation, as far as a place; whose mark it is depends on who reads it.
    static final int READ_BY_OWNER = 7;
    static final int READ_BY_PEER = 8;
    static final int DELIVERED_TO_OWNER = 9;
    static final int DELIVERED_TO_PEER = 10;

    private static final String INSERT =
            "INSERT INTO chat_feed_entry (user_id, seq, kind, subject_id, subject_seq, created_at) VALUES (?, ?, ?, ?, ?, ?)";

    private static final String LOCK = "SELECT feed_seq FROM chat_feed_head WHERE user_id = ? FOR UPDATE";
    private static final String MOVE = "UPDATE chat_feed_head SET feed_seq = ? WHERE user_id = ?";

    private FeedEntry() {}

    /** The kind of an entry about a mark, in the feed of whoever's it is or of their peer. */
    static int mark(Mark.Kind kind, boolean owners) {
        return switch (kind) {
            case READ -> owners ? READ_BY_OWNER : READ_BY_PEER;
            case DELIVERED -> owners ? DELIVERED_TO_OWNER : DELIVERED_TO_PEER;
        };
    }

    /**
     * Locks a user's feed, as whoever changes something of that user does first.
     *
     * @return its last place
     * @throws ChatException {@code NOT_FOUND} if there is no such user
     */
    static FeedSeq lock(Handle handle, UserId user) {
        return handle.createQuery(LOCK)
                .bind(0, user.value())
                .map((row, context) -> new FeedSeq(row.getLong(1)))
                .findOne()
                .orElseThrow(ChatException::notFound);
    }

    /** Adds entries after the last place of a feed that is locked. */
    static void append(Handle handle, UserId user, FeedSeq last, int kind, List<Long> subjects, Instant at) {
        if (subjects.isEmpty()) {
            return;
        }
        var insert = handle.prepareBatch(INSERT);
        long seq = last.value();
        for (var subject : subjects) {
            seq++;
            insert.add(user.value(), seq, kind, subject, 0, Database.utc(at));
        }
        insert.execute();
        handle.createUpdate(MOVE).bind(0, seq).bind(1, user.value()).execute();
    }

    /**
     * Locks several feeds, in the order in which everyone does.
     *
     * @return their last places; who is not there is left out
     */
    static Map<UserId, FeedSeq> lock(Handle handle, SortedSet<UserId> users) {
        var last = new HashMap<UserId, FeedSeq>();
        for (var user : users) {
            handle.createQuery(LOCK)
                    .bind(0, user.value())
                    .map((row, context) -> new FeedSeq(row.getLong(1)))
                    .findOne()
                    .ifPresent(seq -> last.put(user, seq));
        }
        return last;
    }

    /** Adds the deletions of messages, each at its place, to feeds that are locked. */
    static void append(Handle handle, List<Deletion> deletions, Instant at) throws SQLException {
        if (deletions.isEmpty()) {
            return;
        }
        var heads = new TreeMap<UserId, FeedSeq>();
        var insert = handle.prepareBatch("INSERT INTO chat_feed_entry"
                + " (user_id, seq, kind, subject_id, subject_seq, created_at)"
                + " SELECT ?, ?, ?, conversation_id, seq, ? FROM chat_message WHERE id = ?");
        for (var deletion : deletions) {
            var seq = deletion.event().seq();
            insert.add(
                    deletion.reader().value(),
                    seq.value(),
                    MESSAGE_DELETED,
                    Database.utc(at),
                    deletion.event().message().id().value());
            heads.put(deletion.reader(), seq);
        }
        insert.execute();
        try (var changes = new SearchChange(handle.getConnection())) {
            for (var deletion : deletions) {
                var event = deletion.event();
                changes.add(deletion.reader(), event.seq(), event.message().id());
            }
            changes.execute();
        }
        var move = handle.prepareBatch(MOVE);
        heads.forEach((user, seq) -> move.add(seq.value(), user.value()));
        move.execute();
    }
}

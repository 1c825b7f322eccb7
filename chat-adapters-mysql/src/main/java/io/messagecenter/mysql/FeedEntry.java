package io.messagecenter.mysql;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What a feed has besides messages: entries about a user or a session. */
final class FeedEntry {
    /** The {@code kind} of an entry that points to a message which was sent. */
    static final int MESSAGE_SENT = 1;

    static final int SESSION_ENDED = 2;
    static final int USER_BLOCKED = 3;
    static final int USER_UNBLOCKED = 4;

    private FeedEntry() {}

    /**
     * Locks a user's feed, as whoever changes something of that user does first.
     *
     * @return its last place
     * @throws ChatException {@code NOT_FOUND} if there is no such user
     */
    static FeedSeq lock(Handle handle, UserId user) {
        return handle.createQuery("SELECT feed_seq FROM chat_feed_head WHERE user_id = ? FOR UPDATE")
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
        var insert = handle.prepareBatch(
                "INSERT INTO chat_feed_entry (user_id, seq, kind, subject_id, subject_seq, created_at)"
                        + " VALUES (?, ?, ?, ?, 0, ?)");
        long seq = last.value();
        for (var subject : subjects) {
            seq++;
            insert.add(user.value(), seq, kind, subject, Database.utc(at));
        }
        insert.execute();
        handle.createUpdate("UPDATE chat_feed_head SET feed_seq = ? WHERE user_id = ?")
                .bind(0, seq)
                .bind(1, user.value())
                .execute();
    }
}

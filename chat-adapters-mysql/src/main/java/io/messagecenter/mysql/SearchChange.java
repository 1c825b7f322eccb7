package io.messagecenter.mysql;

import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Notes, in the transaction of an edit or a deletion, that the index of searches is to hear of it: where the message is in
 * a part of the mailbox that is indexed, or about to be. Whoever notes holds the lock on the user's feed, and so does the
 * indexer when it announces what it will index next. Not thread-safe; close it.
 */
final class SearchChange implements AutoCloseable {
    private static final String PLACE =
            "CASE WHEN m.sender_id = h.user_id THEN m.sender_mailbox ELSE m.recipient_mailbox END";
    private static final String NOTE = "INSERT INTO chat_search_change (user_id, place, seq) SELECT h.user_id, " + PLACE
            + ", ? FROM chat_search_head h, chat_message m WHERE h.user_id = ? AND m.id = ? AND " + PLACE
            + " <= h.announced";

    private final PreparedStatement statement;
    private boolean empty = true;

    SearchChange(Connection connection) throws SQLException {
        this.statement = connection.prepareStatement(NOTE);
    }

    /** @param seq of the change in the user's feed */
    void add(UserId user, FeedSeq seq, MessageId message) throws SQLException {
        statement.setLong(1, seq.value());
        statement.setLong(2, user.value());
        statement.setLong(3, message.value());
        statement.addBatch();
        empty = false;
    }

    void execute() throws SQLException {
        if (!empty) {
            statement.executeBatch();
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}

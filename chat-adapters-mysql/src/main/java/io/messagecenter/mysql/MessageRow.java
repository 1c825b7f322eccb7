package io.messagecenter.mysql;

import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Optional;

/** How every query reads a message: these columns, from these tables, at the same places of a row. */
final class MessageRow {
    /** Of {@code chat_message m}, {@code chat_user s} and {@code chat_user r}; the first of them is column 1. */
    static final String COLUMNS = "m.id, s.id, s.username, r.id, r.username, m.body, m.sent_at, m.seq, m.client_id"
            + ", m.deleted, m.edited_at, m.reply_to, s.state";

    /** How many columns these are. */
    static final int WIDTH = 13;

    /** The column of the sender's key. */
    static final int CLIENT_ID = 9;

    /** The column of what became of the sender. */
    static final int SENDER_STATE = 13;

    static final String PEOPLE = " JOIN chat_user s ON s.id = m.sender_id JOIN chat_user r ON r.id = m.recipient_id ";

    private MessageRow() {}

    /** A message as anybody may see it: one that is deleted, or whose sender is erased, says nothing any more. */
    static Message read(ResultSet row) throws SQLException {
        var message = new Message(
                new MessageId(row.getLong(1)),
                new Person(new UserId(row.getLong(2)), new Username(row.getString(3))),
                new Person(new UserId(row.getLong(4)), new Username(row.getString(5))),
                row.getBoolean(10) ? Optional.empty() : Optional.of(new MessageBody(row.getString(6))),
                Database.instant(row.getObject(7, LocalDateTime.class)),
                new MessageSeq(row.getLong(8)),
                Optional.ofNullable(row.getString(CLIENT_ID)).map(ClientKey::new),
                Optional.of(row.getLong(12)).filter(id -> id > 0).map(MessageId::new),
                Optional.ofNullable(row.getObject(11, LocalDateTime.class)).map(Database::instant));
        return message.deleted() || row.getInt(SENDER_STATE) == UserState.ERASED ? message.tombstone() : message;
    }
}

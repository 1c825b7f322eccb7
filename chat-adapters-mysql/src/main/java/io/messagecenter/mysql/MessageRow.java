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
    static final String COLUMNS = "m.id, s.id, s.username, r.id, r.username, m.body, m.sent_at, m.seq, m.client_id";

    /** How many columns these are. */
    static final int WIDTH = 9;

    static final String PEOPLE = " JOIN chat_user s ON s.id = m.sender_id JOIN chat_user r ON r.id = m.recipient_id ";

    private MessageRow() {}

    static Message read(ResultSet row) throws SQLException {
        return new Message(
                new MessageId(row.getLong(1)),
                new Person(new UserId(row.getLong(2)), new Username(row.getString(3))),
                new Person(new UserId(row.getLong(4)), new Username(row.getString(5))),
                new MessageBody(row.getString(6)),
                Database.instant(row.getObject(7, LocalDateTime.class)),
                new MessageSeq(row.getLong(8)),
                Optional.ofNullable(row.getString(9)).map(ClientKey::new));
    }
}

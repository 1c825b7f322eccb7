package io.messagecenter.mysql;

import io.messagecenter.domain.message.ConversationHead;
import io.messagecenter.domain.message.ConversationHead.Side;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.mysql.Dialect.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;

/** How a conversation is read and written: these columns, in this order. */
final class ConversationRow {
    static final Target TARGET = new Target(
            "chat_conversation",
            List.of(
                    "id",
                    "user_low",
                    "user_high",
                    "last_seq",
                    "last_sent_at",
                    "low_latest",
                    "low_read",
                    "low_shown",
                    "low_delivered",
                    "low_unread",
                    "high_latest",
                    "high_read",
                    "high_shown",
                    "high_delivered",
                    "high_unread"));

    /** Of {@code chat_conversation c}; the first of them is column 1. */
    static final String COLUMNS = "c." + String.join(", c.", TARGET.columns());

    /** How many columns these are. */
    static final int WIDTH = TARGET.columns().size();

    private static final int LOW = 6;
    private static final int HIGH = 11;

    private ConversationRow() {}

    static long id(ResultSet row) throws SQLException {
        return row.getLong(1);
    }

    static ConversationKey key(ResultSet row) throws SQLException {
        return new ConversationKey(new UserId(row.getLong(2)), new UserId(row.getLong(3)));
    }

    static ConversationHead head(ResultSet row) throws SQLException {
        return new ConversationHead(
                new MessageSeq(row.getLong(4)),
                Database.instant(row.getObject(5, LocalDateTime.class)),
                side(row, LOW),
                side(row, HIGH));
    }

    private static Side side(ResultSet row, int first) throws SQLException {
        return new Side(
                new MailboxSeq(row.getLong(first)),
                new MessageSeq(row.getLong(first + 1)),
                new MessageSeq(row.getLong(first + 2)),
                new MessageSeq(row.getLong(first + 3)),
                row.getLong(first + 4));
    }

    static void add(Rows rows, long id, ConversationKey key, ConversationHead head) throws SQLException {
        rows.add(id)
                .add(key.low().value())
                .add(key.high().value())
                .add(head.last().value())
                .add(head.lastSent());
        add(rows, head.low());
        add(rows, head.high());
        rows.endRow();
    }

    private static void add(Rows rows, Side side) throws SQLException {
        rows.add(side.latest().value())
                .add(side.read().value())
                .add(side.shownRead().value())
                .add(side.delivered().value())
                .add(side.unread());
    }
}

package io.messagecenter.mysql;

import io.messagecenter.domain.message.First;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class MysqlMessageStore implements MessageStore {
    private static final String SELECT = "SELECT " + MessageRow.COLUMNS;
    private static final String FROM = " FROM chat_message m" + MessageRow.PEOPLE;

    /** Two exact ranges; a note to oneself, which is in both, counts in the first. */
    private static final String MAILBOX = SELECT + ", m.sender_mailbox" + FROM
            + "WHERE m.sender_id = ? AND m.sender_mailbox BETWEEN ? AND ?"
            + " UNION ALL "
            + SELECT + ", m.recipient_mailbox" + FROM
            + "WHERE m.recipient_id = ? AND m.recipient_mailbox BETWEEN ? AND ? AND m.sender_id <> m.recipient_id";

    private final Database database;
    private final Writer writer;

    MysqlMessageStore(Database database) {
        this.database = database;
        this.writer = new Writer(database);
    }

    @Override
    public List<WriteResult> write(List<? extends Write> batch) {
        return batch.isEmpty() ? List.of() : writer.write(batch);
    }

    @Override
    public Optional<Message> find(UserId reader, MessageId id) {
        return database.read(handle -> handle.createQuery(
                        SELECT + FROM + "WHERE m.id = ? AND (m.sender_id = ? OR m.recipient_id = ?)")
                .bind(0, id.value())
                .bind(1, reader.value())
                .bind(2, reader.value())
                .map((row, context) -> MessageRow.read(row))
                .findOne());
    }

    @Override
    public Optional<First> first(SenderKey key) {
        return Optional.ofNullable(database.read(handle -> Writer.messages(handle.getConnection(), Set.of(key)))
                .get(key));
    }

    @Override
    public MailboxSeq lastInMailbox(UserId user) {
        return database.read(handle -> handle.createQuery("SELECT mailbox_seq FROM chat_feed_head WHERE user_id = ?")
                .bind(0, user.value())
                .map((row, context) -> new MailboxSeq(row.getLong(1)))
                .findOne()
                .orElse(MailboxSeq.ZERO));
    }

    private record Placed(long place, Message message) {}

    @Override
    public List<Message> mailbox(UserId user, MailboxSeq from, MailboxSeq to) {
        List<Placed> messages = database.read(handle -> handle.createQuery(MAILBOX)
                .bind(0, user.value())
                .bind(1, from.value())
                .bind(2, to.value())
                .bind(3, user.value())
                .bind(4, from.value())
                .bind(5, to.value())
                .map((row, context) -> new Placed(row.getLong(MessageRow.WIDTH + 1), MessageRow.read(row)))
                .list());
        return messages.stream()
                .sorted(Comparator.comparingLong(Placed::place).reversed())
                .map(Placed::message)
                .toList();
    }
}

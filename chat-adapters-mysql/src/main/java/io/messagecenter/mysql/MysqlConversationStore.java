package io.messagecenter.mysql;

import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.MessageSeq;
import java.util.List;

final class MysqlConversationStore implements ConversationStore {
    private final Database database;

    MysqlConversationStore(Database database) {
        this.database = database;
    }

    @Override
    public MessageSeq last(ConversationKey conversation) {
        return database.read(handle -> handle.createQuery(
                        "SELECT last_seq FROM chat_conversation WHERE user_low = ? AND user_high = ?")
                .bind(0, conversation.low().value())
                .bind(1, conversation.high().value())
                .map((row, context) -> new MessageSeq(row.getLong(1)))
                .findOne()
                .orElse(MessageSeq.ZERO));
    }

    @Override
    public List<Message> messages(ConversationKey conversation, MessageSeq from, MessageSeq to) {
        return database.read(handle -> handle.createQuery("SELECT " + MessageRow.COLUMNS
                        + " FROM chat_conversation c JOIN chat_message m ON m.conversation_id = c.id"
                        + MessageRow.PEOPLE
                        + "WHERE c.user_low = ? AND c.user_high = ? AND m.seq BETWEEN ? AND ? ORDER BY m.seq DESC")
                .bind(0, conversation.low().value())
                .bind(1, conversation.high().value())
                .bind(2, from.value())
                .bind(3, to.value())
                .map((row, context) -> MessageRow.read(row))
                .list());
    }
}

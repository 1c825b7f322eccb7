package io.messagecenter.mysql;

import io.messagecenter.domain.conversation.Conversation;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

final class MysqlConversationStore implements ConversationStore {
    private static final int CONVERSATION = MessageRow.WIDTH;
    private static final int BLOCKED = CONVERSATION + 7;

    /**
     * Half of somebody's conversations, with their last messages: from the side of whoever asks, which is the low one or
     * the high one. Which they are an index alone says, an exact range of it that is left at the limit; asked for all at
     * once, a server would rather read and sort the whole table where somebody has a good part of it.
     */
    private static String half(String own, String peers, String condition) {
        var page = "(SELECT id FROM chat_conversation WHERE user_" + own + " = ? AND " + own + "_latest < ?"
                + " ORDER BY " + own + "_latest DESC LIMIT ?) page JOIN chat_conversation c ON c.id = page.id";
        return "(" + side(own, peers, page) + condition + ")";
    }

    /** Conversations, which {@code from} has as {@code c}, from one side. */
    private static String side(String own, String peers, String from) {
        return "SELECT " + MessageRow.COLUMNS + ", c." + own + "_latest, c." + own + "_unread, c." + own + "_read, c."
                + peers + "_shown, c." + peers + "_delivered, r.state, b.blocker_id FROM " + from
                + " JOIN chat_message m ON m.conversation_id = c.id AND m.seq = c.last_seq"
                + MessageRow.PEOPLE
                + "LEFT JOIN chat_block b ON b.blocker_id = c.user_" + own + " AND b.blocked_id = c.user_" + peers;
    }

    /** Notes to oneself are in both halves, and are taken from the low one. */
    private static final String LIST =
            half("low", "high", "") + " UNION ALL " + half("high", "low", " WHERE c.user_low <> c.user_high");

    private static final String ONE = " WHERE c.user_low = ? AND c.user_high = ?";
    private static final String ONE_OF_LOW = side("low", "high", "chat_conversation c") + ONE;
    private static final String ONE_OF_HIGH = side("high", "low", "chat_conversation c") + ONE;

    /** Half of those with whom somebody has conversations, by the same indexes. */
    private static String halfOfPeers(String own, String peers) {
        return "(SELECT u.id, u.username, c." + own + "_latest AS latest FROM chat_conversation c"
                + " JOIN chat_user u ON u.id = c.user_" + peers
                + " WHERE c.user_" + own + " = ? AND c.user_low <> c.user_high"
                + " ORDER BY c." + own + "_latest DESC LIMIT ?)";
    }

    private static final String PEERS =
            halfOfPeers("low", "high") + " UNION ALL " + halfOfPeers("high", "low") + " ORDER BY latest DESC LIMIT ?";

    private final Database database;

    MysqlConversationStore(Database database) {
        this.database = database;
    }

    @Override
    public List<Conversation> list(UserId user, MailboxSeq before, int limit) {
        List<Conversation> both = database.read(handle -> handle.createQuery(LIST)
                .bind(0, user.value())
                .bind(1, before.value())
                .bind(2, limit)
                .bind(3, user.value())
                .bind(4, before.value())
                .bind(5, limit)
                .map((row, context) -> conversation(user, row))
                .list());
        return both.stream()
                .sorted(Comparator.comparing(Conversation::latest).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Conversation> find(UserId user, UserId peer) {
        var key = ConversationKey.of(user, peer);
        return database.read(handle -> handle.createQuery(key.low().equals(user) ? ONE_OF_LOW : ONE_OF_HIGH)
                .bind(0, key.low().value())
                .bind(1, key.high().value())
                .map((row, context) -> conversation(user, row))
                .findOne());
    }

    @Override
    public List<Person> peers(UserId user, int limit) {
        return database.read(handle -> handle.createQuery(PEERS)
                .bind(0, user.value())
                .bind(1, limit)
                .bind(2, user.value())
                .bind(3, limit)
                .bind(4, limit)
                .map((row, context) -> new Person(new UserId(row.getLong(1)), new Username(row.getString(2))))
                .list());
    }

    private static Conversation conversation(UserId user, ResultSet row) throws SQLException {
        var last = MessageRow.read(row);
        boolean sent = last.sender().id().equals(user);
        boolean erased = row.getInt(sent ? CONVERSATION + 6 : MessageRow.SENDER_STATE) == UserState.ERASED;
        var shown = new MessageSeq(row.getLong(CONVERSATION + 4));
        var delivered = new MessageSeq(row.getLong(CONVERSATION + 5));
        boolean blocks = row.getObject(BLOCKED) != null;
        return new Conversation(
                sent ? last.recipient() : last.sender(),
                new MailboxSeq(row.getLong(CONVERSATION + 1)),
                last,
                erased ? 0 : row.getLong(CONVERSATION + 2), // nothing is left of what they wrote
                new MessageSeq(row.getLong(CONVERSATION + 3)),
                shown,
                shown.compareTo(delivered) > 0 ? shown : delivered,
                blocks);
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

package io.messagecenter.mysql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.messagecenter.domain.message.AppendPlan;
import io.messagecenter.domain.message.AppendPlan.ConversationHead;
import io.messagecenter.domain.message.AppendPlan.Insert;
import io.messagecenter.domain.message.AppendPlan.Pair;
import io.messagecenter.domain.message.AppendPlan.UserHead;
import io.messagecenter.domain.message.AppendResult;
import io.messagecenter.domain.message.AppendResult.Blocked;
import io.messagecenter.domain.message.AppendResult.Nobody;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.mysql.Dialect.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The transaction that appends a batch. All of it is statements on many rows, so that a batch costs the same few round
 * trips whatever its size. It speaks JDBC: a binding a value and a row less to wrap is what counts here.
 *
 * <p>The locks on the feed heads, taken in the order of the users' ids, are the only ones that matter: whoever changes a
 * conversation or uses a sender's key holds the heads of its users. What is read after them is what was committed last,
 * since every statement at READ COMMITTED sees the latest.
 *
 * <p>Whether a sender's key was used before, its unique index says when the message is inserted. Repeats are rare, and a
 * look-up beforehand costs a tenth of the whole; so it is made only after a batch has failed for one, and for a while
 * from then on.
 */
final class Appender {
    private static final Target MESSAGES = new Target(
            "chat_message",
            "conversation_id",
            "seq",
            "id",
            "sender_id",
            "recipient_id",
            "sender_mailbox",
            "recipient_mailbox",
            "sent_at",
            "client_id",
            "body");
    private static final Target ENTRIES =
            new Target("chat_feed_entry", "user_id", "seq", "kind", "subject_id", "subject_seq", "created_at");
    private static final Target HEADS = new Target("chat_feed_head", "user_id", "feed_seq", "mailbox_seq");
    private static final Target CONVERSATIONS =
            new Target("chat_conversation", "id", "user_low", "user_high", "last_seq", "last_sent_at");
    private static final String SELECT_CONVERSATION =
            "SELECT id, user_low, user_high, last_seq, last_sent_at FROM chat_conversation WHERE ";

    private static final long REMEMBERED = 100_000;
    private static final Duration EXPECT_MORE_REPEATS = Duration.ofSeconds(5);

    private final Database database;
    private final BlockIds conversationIds;

    /** The ids of conversations, which never change. */
    private final Cache<ConversationKey, Long> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** Until when repeats are looked for beforehand; nobody minds two threads that write it at once. */
    private volatile long repeatsUntil = System.nanoTime();

    Appender(Database database) {
        this.database = database;
        this.conversationIds = new BlockIds(database, "conversation", 100);
    }

    List<AppendResult> append(List<NewMessage> batch) {
        var keys = AppendPlan.keys(batch);
        if (keys.isEmpty() || System.nanoTime() - repeatsUntil < 0) {
            return append(batch, keys, true);
        }
        try {
            return append(batch, keys, false);
        } catch (RuntimeException e) {
            if (!SqlFailure.isDuplicateKey(e)) {
                throw e;
            }
            // Who repeats one message often repeats many, after an outage say.
            repeatsUntil = System.nanoTime() + EXPECT_MORE_REPEATS.toNanos();
            return append(batch, keys, true);
        }
    }

    private record Done(List<AppendResult> results, Map<ConversationKey, Long> ids) {}

    /** Appends a batch. Unless its keys are looked up, it fails with a duplicate key if one of them was used before. */
    private List<AppendResult> append(List<NewMessage> batch, Set<SenderKey> keys, boolean lookUp) {
        var users = AppendPlan.users(batch);
        var conversations = AppendPlan.conversations(batch);
        var remembered = known.getAllPresent(conversations);
        if (remembered.size() < conversations.size()) {
            conversationIds.reserve(conversations.size() - remembered.size());
        }
        var done = database.write(handle -> {
            // Past the proxies of a pool, which would reflect on every value that is bound.
            var connection = handle.getConnection().unwrap(Connection.class);
            var dialect = database.dialect(handle);
            var ids = new HashMap<>(remembered);
            var blockers = new HashSet<UserId>();
            var heads = lockHeads(connection, users, blockers);
            var ends = conversations(connection, conversations, ids);
            var blocked = blocked(connection, batch, blockers);
            var plan = AppendPlan.of(batch, heads, ends, lookUp ? firsts(connection, keys) : Map.of(), blocked);
            if (!lookUp && hasRefusal(plan)) {
                // No insert will tell whether its key was used before, when it was not refused.
                plan = AppendPlan.of(batch, heads, ends, firsts(connection, keys), blocked);
            }
            if (!plan.inserts().isEmpty()) {
                saveConversations(dialect, connection, plan.conversations(), ids);
                insertMessages(dialect, connection, plan.inserts(), ids);
                insertEntries(dialect, connection, plan.inserts(), ids);
                saveHeads(dialect, connection, plan.users());
            }
            return new Done(plan.results(), ids);
        });
        if (remembered.size() < conversations.size()) {
            done.ids().keySet().removeAll(remembered.keySet());
            known.putAll(done.ids());
        }
        return done.results();
    }

    private static boolean hasRefusal(AppendPlan plan) {
        for (var result : plan.results()) {
            if (result instanceof Nobody || result instanceof Blocked) {
                return true;
            }
        }
        return false;
    }

    /** Locks and reads the heads, and adds to {@code blockers} those who block anybody. */
    private static Map<UserId, UserHead> lockHeads(
            Connection connection, Collection<UserId> users, Set<UserId> blockers) throws SQLException {
        var sql = "SELECT user_id, feed_seq, mailbox_seq, blocks FROM chat_feed_head WHERE user_id IN "
                + Placeholders.list(users.size()) + " ORDER BY user_id FOR UPDATE";
        try (var statement = connection.prepareStatement(sql)) {
            Placeholders.bind(users, 1, 1, (user, position) -> statement.setLong(position, user.value()));
            var heads = new HashMap<UserId, UserHead>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var user = new UserId(rows.getLong(1));
                    heads.put(user, new UserHead(new FeedSeq(rows.getLong(2)), new MailboxSeq(rows.getLong(3))));
                    if (rows.getInt(4) > 0) {
                        blockers.add(user);
                    }
                }
            }
            return heads;
        }
    }

    /** Those of the batch's pairs whose recipient blocks the sender. */
    private static Set<Pair> blocked(Connection connection, List<NewMessage> batch, Set<UserId> blockers)
            throws SQLException {
        if (blockers.isEmpty()) {
            return Set.of();
        }
        var pairs = new ArrayList<>(AppendPlan.pairs(batch));
        pairs.removeIf(pair -> !blockers.contains(pair.recipient()));
        var blocked = new HashSet<Pair>();
        if (!pairs.isEmpty()) {
            var sql = "SELECT blocked_id, blocker_id FROM chat_block WHERE (blocker_id, blocked_id) IN "
                    + Placeholders.pairs(pairs.size());
            try (var statement = connection.prepareStatement(sql)) {
                Placeholders.bind(pairs, 1, 2, (pair, position) -> {
                    statement.setLong(position, pair.recipient().value());
                    statement.setLong(position + 1, pair.sender().value());
                });
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        blocked.add(new Pair(new UserId(rows.getLong(1)), new UserId(rows.getLong(2))));
                    }
                }
            }
        }
        return blocked;
    }

    /** Reads the heads of those conversations that exist, and adds to {@code ids} what it finds. */
    private static Map<ConversationKey, ConversationHead> conversations(
            Connection connection, Collection<ConversationKey> conversations, Map<ConversationKey, Long> ids)
            throws SQLException {
        var unknown = new ArrayList<>(conversations);
        unknown.removeAll(ids.keySet());
        var heads = new HashMap<ConversationKey, ConversationHead>();
        if (!ids.isEmpty()) {
            var sql = SELECT_CONVERSATION + "id IN " + Placeholders.list(ids.size());
            try (var statement = connection.prepareStatement(sql)) {
                Placeholders.bind(ids.values(), 1, 1, (id, position) -> statement.setLong(position, id));
                readConversations(statement, heads, ids);
            }
        }
        if (!unknown.isEmpty()) {
            var sql = SELECT_CONVERSATION + "(user_low, user_high) IN " + Placeholders.pairs(unknown.size());
            try (var statement = connection.prepareStatement(sql)) {
                Placeholders.bind(unknown, 1, 2, (key, position) -> {
                    statement.setLong(position, key.low().value());
                    statement.setLong(position + 1, key.high().value());
                });
                readConversations(statement, heads, ids);
            }
        }
        return heads;
    }

    private static void readConversations(
            PreparedStatement statement, Map<ConversationKey, ConversationHead> heads, Map<ConversationKey, Long> ids)
            throws SQLException {
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                var key = new ConversationKey(new UserId(rows.getLong(2)), new UserId(rows.getLong(3)));
                heads.put(
                        key,
                        new ConversationHead(
                                new MessageSeq(rows.getLong(4)),
                                Database.instant(rows.getObject(5, LocalDateTime.class))));
                ids.put(key, rows.getLong(1));
            }
        }
    }

    /** What came of those of the keys that were used before. Mostly none was, and then the index alone is read. */
    private static Map<SenderKey, Message> firsts(Connection connection, Collection<SenderKey> keys)
            throws SQLException {
        if (keys.isEmpty()) {
            return Map.of();
        }
        var used = new ArrayList<SenderKey>();
        var sql = "SELECT sender_id, client_id FROM chat_message WHERE " + byKeys(keys);
        try (var statement = connection.prepareStatement(sql)) {
            bindKeys(statement, keys);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    used.add(new SenderKey(new UserId(rows.getLong(1)), new ClientKey(rows.getString(2))));
                }
            }
        }
        return used.isEmpty() ? Map.of() : messages(connection, used);
    }

    private static Map<SenderKey, Message> messages(Connection connection, Collection<SenderKey> keys)
            throws SQLException {
        var sql = "SELECT " + MessageRow.COLUMNS + " FROM chat_message m" + MessageRow.PEOPLE + "WHERE " + byKeys(keys);
        try (var statement = connection.prepareStatement(sql)) {
            bindKeys(statement, keys);
            var messages = new HashMap<SenderKey, Message>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var message = MessageRow.read(rows);
                    var key = new ClientKey(rows.getString(MessageRow.CLIENT_ID)); // which a tombstone does not show
                    messages.put(new SenderKey(message.sender().id(), key), message);
                }
            }
            return messages;
        }
    }

    private static String byKeys(Collection<SenderKey> keys) {
        return "(sender_id, client_id) IN " + Placeholders.pairs(keys.size());
    }

    private static void bindKeys(PreparedStatement statement, Collection<SenderKey> keys) throws SQLException {
        Placeholders.bind(keys, 1, 2, (key, position) -> {
            statement.setLong(position, key.sender().value());
            statement.setString(position + 1, key.key().value());
        });
    }

    private void saveConversations(
            Dialect dialect,
            Connection connection,
            Map<ConversationKey, ConversationHead> conversations,
            Map<ConversationKey, Long> ids)
            throws SQLException {
        try (var rows = dialect.save(connection, CONVERSATIONS)) {
            for (var entry : conversations.entrySet()) {
                var key = entry.getKey();
                rows.add(ids.computeIfAbsent(key, absent -> conversationIds.next()))
                        .add(key.low().value())
                        .add(key.high().value())
                        .add(entry.getValue().last().value())
                        .add(entry.getValue().lastSent())
                        .endRow();
            }
            rows.execute();
        }
    }

    private static void insertMessages(
            Dialect dialect, Connection connection, List<Insert> inserts, Map<ConversationKey, Long> ids)
            throws SQLException {
        try (var rows = dialect.insert(connection, MESSAGES)) {
            for (var insert : inserts) {
                var message = insert.message();
                rows.add(id(message, ids))
                        .add(message.seq().value())
                        .add(message.id().value())
                        .add(message.sender().id().value())
                        .add(message.recipient().id().value())
                        .add(insert.sender().mailbox().value())
                        .add(insert.recipient().mailbox().value())
                        .add(message.sent())
                        .add(message.clientKey().map(ClientKey::value).orElse(null))
                        .add(message.text())
                        .endRow();
            }
            rows.execute();
        }
    }

    private static void insertEntries(
            Dialect dialect, Connection connection, List<Insert> inserts, Map<ConversationKey, Long> ids)
            throws SQLException {
        try (var rows = dialect.insert(connection, ENTRIES)) {
            for (var insert : inserts) {
                var message = insert.message();
                var sender = message.sender().id();
                var recipient = message.recipient().id();
                long conversation = id(message, ids);
                addEntry(rows, sender, insert.sender(), message, conversation);
                if (!sender.equals(recipient)) {
                    addEntry(rows, recipient, insert.recipient(), message, conversation);
                }
            }
            rows.execute();
        }
    }

    private static void addEntry(Rows rows, UserId user, UserHead place, Message message, long conversation)
            throws SQLException {
        rows.add(user.value())
                .add(place.feed().value())
                .add(FeedEntry.MESSAGE_SENT)
                .add(conversation)
                .add(message.seq().value())
                .add(message.sent())
                .endRow();
    }

    private static void saveHeads(Dialect dialect, Connection connection, Map<UserId, UserHead> heads)
            throws SQLException {
        try (var rows = dialect.save(connection, HEADS)) {
            for (var entry : heads.entrySet()) {
                rows.add(entry.getKey().value())
                        .add(entry.getValue().feed().value())
                        .add(entry.getValue().mailbox().value())
                        .endRow();
            }
            rows.execute();
        }
    }

    private static long id(Message message, Map<ConversationKey, Long> ids) {
        return Objects.requireNonNull(ids.get(message.conversation()));
    }
}

package io.messagecenter.mysql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.messagecenter.domain.message.BodyDigest;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationHead;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.First;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WritePlan;
import io.messagecenter.domain.message.WritePlan.Insert;
import io.messagecenter.domain.message.WritePlan.Pair;
import io.messagecenter.domain.message.WritePlan.Recount;
import io.messagecenter.domain.message.WritePlan.State;
import io.messagecenter.domain.message.WritePlan.Update;
import io.messagecenter.domain.message.WritePlan.UserHead;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Blocked;
import io.messagecenter.domain.message.WriteResult.Changed;
import io.messagecenter.domain.message.WriteResult.Marked;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.mysql.Dialect.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The transaction that writes a batch. All of it is statements on many rows, so that a batch costs the same few round
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
final class Writer {
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
            "reply_to",
            "body");
    private static final Target ENTRIES =
            new Target("chat_feed_entry", "user_id", "seq", "kind", "subject_id", "subject_seq", "created_at");
    private static final Target HEADS = new Target("chat_feed_head", "user_id", "feed_seq", "mailbox_seq");
    private static final String SELECT_CONVERSATION =
            "SELECT " + ConversationRow.COLUMNS + " FROM chat_conversation c WHERE ";

    private static final long REMEMBERED = 100_000;
    private static final Duration EXPECT_MORE_REPEATS = Duration.ofSeconds(5);

    private final Database database;
    private final BlockIds conversationIds;

    /** The ids of conversations, which never change. */
    private final Cache<ConversationKey, Long> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** Until when repeats are looked for beforehand; nobody minds two threads that write it at once. */
    private volatile long repeatsUntil = System.nanoTime();

    Writer(Database database) {
        this.database = database;
        this.conversationIds = new BlockIds(database, "conversation", 100);
    }

    List<WriteResult> write(List<? extends Write> batch) {
        var keys = WritePlan.keys(batch);
        if (keys.isEmpty() || System.nanoTime() - repeatsUntil < 0) {
            return write(batch, keys, true);
        }
        try {
            return write(batch, keys, false);
        } catch (RuntimeException e) {
            if (!SqlFailure.isDuplicateKey(e)) {
                throw e;
            }
            // Who repeats one message often repeats many, after an outage say.
            repeatsUntil = System.nanoTime() + EXPECT_MORE_REPEATS.toNanos();
            return write(batch, keys, true);
        }
    }

    private record Done(List<WriteResult> results, Map<ConversationKey, Long> ids) {}

    /** Writes a batch. Unless its keys are looked up, it fails with a duplicate key if one of them was used before. */
    private List<WriteResult> write(List<? extends Write> batch, Set<SenderKey> keys, boolean lookUp) {
        var users = WritePlan.users(batch);
        var conversations = WritePlan.conversations(batch);
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
            var targets = targets(connection, WritePlan.targets(batch));
            var firsts = lookUp ? firsts(connection, keys) : Map.<SenderKey, First>of();
            var plan = WritePlan.of(batch, new State(heads, ends, firsts, blocked, targets));
            if (!lookUp && hasRefusal(plan)) {
                // No insert will tell whether its key was used before, when it was not refused.
                plan = WritePlan.of(batch, new State(heads, ends, firsts(connection, keys), blocked, targets));
            }
            update(connection, plan.updates());
            if (!plan.conversations().isEmpty()) {
                saveConversations(dialect, connection, plan.conversations(), ids);
            }
            if (!plan.inserts().isEmpty()) {
                insertMessages(dialect, connection, plan.inserts(), ids);
            }
            recount(connection, plan.recounts(), ids);
            if (!plan.users().isEmpty()) {
                insertEntries(dialect, connection, plan, ids);
                noteForSearch(connection, plan);
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

    /** The messages that a batch changes, as they are. */
    private static Map<MessageId, Message> targets(Connection connection, Collection<MessageId> ids)
            throws SQLException {
        if (ids.isEmpty()) {
            return Map.of();
        }
        var sql = "SELECT " + MessageRow.COLUMNS + " FROM chat_message m" + MessageRow.PEOPLE + "WHERE m.id IN "
                + Placeholders.list(ids.size());
        try (var statement = connection.prepareStatement(sql)) {
            Placeholders.bind(ids, 1, 1, (id, position) -> statement.setLong(position, id.value()));
            var targets = new HashMap<MessageId, Message>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var message = MessageRow.read(rows);
                    targets.put(message.id(), message);
                }
            }
            return targets;
        }
    }

    private static void update(Connection connection, Collection<Update> updates) throws SQLException {
        if (updates.isEmpty()) {
            return;
        }
        var sql = "UPDATE chat_message SET body = ?, edited_at = ?, deleted = ?, reply_to = ?,"
                + " sent_digest = COALESCE(sent_digest, ?) WHERE id = ?";
        try (var statement = connection.prepareStatement(sql)) {
            for (var update : updates) {
                var message = update.message();
                statement.setString(1, message.text());
                statement.setObject(2, message.edited().map(Database::utc).orElse(null));
                statement.setBoolean(3, message.deleted());
                statement.setObject(4, message.replyTo().map(MessageId::value).orElse(null));
                statement.setBytes(
                        5,
                        update.before()
                                .map(before -> HexFormat.of().parseHex(before.hex()))
                                .orElse(null));
                statement.setLong(6, message.id().value());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Counts what somebody has read of what was unread, now that all else is written. */
    private static void recount(Connection connection, Collection<Recount> recounts, Map<ConversationKey, Long> ids)
            throws SQLException {
        for (var recount : recounts) {
            var unread = recount.conversation().low().equals(recount.reader()) ? "low_unread" : "high_unread";
            var sql = "UPDATE chat_conversation SET " + unread + " = " + unread + " - (SELECT COUNT(*)"
                    + " FROM chat_message m WHERE m.conversation_id = ? AND m.seq > ? AND m.seq <= ?"
                    + " AND m.recipient_id = ? AND m.deleted = FALSE) WHERE id = ?";
            long id = id(recount.conversation(), ids);
            try (var statement = connection.prepareStatement(sql)) {
                statement.setLong(1, id);
                statement.setLong(2, recount.after().value());
                statement.setLong(3, recount.upto().value());
                statement.setLong(4, recount.reader().value());
                statement.setLong(5, id);
                statement.executeUpdate();
            }
        }
    }

    private static boolean hasRefusal(WritePlan plan) {
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
    private static Set<Pair> blocked(Connection connection, List<? extends Write> batch, Set<UserId> blockers)
            throws SQLException {
        if (blockers.isEmpty()) {
            return Set.of();
        }
        var pairs = new ArrayList<>(WritePlan.pairs(batch));
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
                var key = ConversationRow.key(rows);
                heads.put(key, ConversationRow.head(rows));
                ids.put(key, ConversationRow.id(rows));
            }
        }
    }

    /** What came of those of the keys that were used before. Mostly none was, and then the index alone is read. */
    private static Map<SenderKey, First> firsts(Connection connection, Collection<SenderKey> keys) throws SQLException {
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

    /** What came of those of the keys that were used before. */
    static Map<SenderKey, First> messages(Connection connection, Collection<SenderKey> keys) throws SQLException {
        var sql = "SELECT " + MessageRow.COLUMNS + ", m.sent_digest FROM chat_message m" + MessageRow.PEOPLE + "WHERE "
                + byKeys(keys);
        try (var statement = connection.prepareStatement(sql)) {
            bindKeys(statement, keys);
            var firsts = new HashMap<SenderKey, First>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var message = MessageRow.read(rows);
                    var key = new ClientKey(rows.getString(MessageRow.CLIENT_ID)); // which a tombstone does not show
                    var digest = Optional.ofNullable(rows.getBytes(MessageRow.WIDTH + 1))
                            .map(bytes -> new BodyDigest(HexFormat.of().formatHex(bytes)));
                    firsts.put(new SenderKey(message.sender().id(), key), new First(message, digest));
                }
            }
            return firsts;
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
        try (var rows = dialect.save(connection, ConversationRow.TARGET)) {
            for (var entry : conversations.entrySet()) {
                var id = ids.computeIfAbsent(entry.getKey(), absent -> conversationIds.next());
                ConversationRow.add(rows, id, entry.getKey(), entry.getValue());
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
                rows.add(id(message.conversation(), ids))
                        .add(message.seq().value())
                        .add(message.id().value())
                        .add(message.sender().id().value())
                        .add(message.recipient().id().value())
                        .add(insert.sender().mailbox().value())
                        .add(insert.recipient().mailbox().value())
                        .add(message.sent())
                        .add(message.clientKey().map(ClientKey::value).orElse(null))
                        .addOrNull(message.replyTo().map(MessageId::value).orElse(null))
                        .add(message.text())
                        .endRow();
            }
            rows.execute();
        }
    }

    private static void insertEntries(
            Dialect dialect, Connection connection, WritePlan plan, Map<ConversationKey, Long> ids)
            throws SQLException {
        try (var rows = dialect.insert(connection, ENTRIES)) {
            for (var insert : plan.inserts()) {
                var message = insert.message();
                var sender = message.sender().id();
                var recipient = message.recipient().id();
                long conversation = id(message.conversation(), ids);
                addSent(rows, sender, insert.sender(), message, conversation);
                if (!sender.equals(recipient)) {
                    addSent(rows, recipient, insert.recipient(), message, conversation);
                }
            }
            for (var result : plan.results()) {
                if (result instanceof Changed changed) {
                    addChanged(rows, changed, id(changed.message().conversation(), ids));
                } else if (result instanceof Marked marked) {
                    addMarked(rows, marked, id(marked.mark().conversation(), ids));
                }
            }
            rows.execute();
        }
    }

    private static void noteForSearch(Connection connection, WritePlan plan) throws SQLException {
        if (plan.updates().isEmpty()) {
            return;
        }
        try (var changes = new SearchChange(connection)) {
            for (var result : plan.results()) {
                if (result instanceof Changed changed) {
                    for (var place : changed.places().entrySet()) {
                        changes.add(
                                place.getKey(),
                                place.getValue(),
                                changed.message().id());
                    }
                }
            }
            changes.execute();
        }
    }

    private static void addSent(Rows rows, UserId user, UserHead place, Message message, long conversation)
            throws SQLException {
        add(rows, user, place.feed(), FeedEntry.MESSAGE_SENT, conversation, message.seq(), message.sent());
    }

    private static void addChanged(Rows rows, Changed changed, long conversation) throws SQLException {
        int kind = changed.message().deleted() ? FeedEntry.MESSAGE_DELETED : FeedEntry.MESSAGE_EDITED;
        for (var place : changed.places().entrySet()) {
            add(
                    rows,
                    place.getKey(),
                    place.getValue(),
                    kind,
                    conversation,
                    changed.message().seq(),
                    changed.at());
        }
    }

    private static void addMarked(Rows rows, Marked marked, long conversation) throws SQLException {
        var mark = marked.mark();
        for (var place : marked.places().entrySet()) {
            int kind = FeedEntry.mark(
                    mark.kind(), place.getKey().equals(mark.reader().id()));
            add(rows, place.getKey(), place.getValue(), kind, conversation, mark.upto(), mark.at());
        }
    }

    private static void add(
            Rows rows, UserId user, FeedSeq place, int kind, long conversation, MessageSeq seq, Instant at)
            throws SQLException {
        rows.add(user.value())
                .add(place.value())
                .add(kind)
                .add(conversation)
                .add(seq.value())
                .add(at)
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

    private static long id(ConversationKey conversation, Map<ConversationKey, Long> ids) {
        return Objects.requireNonNull(ids.get(conversation));
    }
}

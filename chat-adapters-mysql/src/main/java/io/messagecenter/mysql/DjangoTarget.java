package io.messagecenter.mysql;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.ConversationHead;
import io.messagecenter.domain.message.ConversationHead.Side;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import io.messagecenter.mysql.Dialect.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Writes pages of the original's rows into the message center, each in one transaction that also says how far the import
 * has come. Messages get the next places in their conversation and in both mailboxes, and keep their id and their time.
 *
 * <p>They move the feeds on as if their events had been there and were pruned since: history is no news, and a client
 * with a cursor from before learns that it has to load afresh.
 */
final class DjangoTarget {
    private static final String NAME = "django";

    /** Whatever is said in a conversation comes after what was said before, and there is no year 10000. */
    private static final Instant LAST_SENT = Instant.parse("9999-01-01T00:00:00Z");

    private static final Target POSITION = new Target(
            "chat_import", "name", "last_user", "last_message", "users", "renamed", "messages", "changed", "left_out");
    private static final Target USERS = new Target(
            "chat_user",
            "id",
            "username",
            "username_key",
            "email",
            "email_key",
            "password_hash",
            "created_at",
            "admin",
            "state");
    private static final Target IMPORTED_USERS = new Target("chat_import_user", "source_id", "user_id");
    private static final Target HEADS =
            new Target("chat_feed_head", "user_id", "feed_seq", "mailbox_seq", "feed_pruned");
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
            "body");

    private final Database database;
    private final Consumer<String> notes;

    /** @param notes hears of everything that is not taken over as it was, before it is committed, so perhaps twice */
    DjangoTarget(Database database, Consumer<String> notes) {
        this.database = database;
        this.notes = notes;
    }

    /** How far an import has come, in the original's ids, and what it has done so far. */
    record Position(
            long lastUser, long lastMessage, long users, long renamed, long messages, long changed, long leftOut) {
        static final Position START = new Position(0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Begins an import, or finds where the one before has stopped.
     *
     * @throws DjangoImportException if there are messages that did not come from an import
     */
    Position begin() {
        return database.write(handle -> {
            var found = position(handle);
            requireNoMessagesAfter(handle, found.map(Position::lastMessage).orElse(0L));
            if (found.isEmpty()) {
                save(handle, Position.START);
            }
            return found.orElse(Position.START);
        });
    }

    /** Whether a message that was imported is this one. */
    boolean has(DjangoMessage message) {
        return database.read(handle -> handle.createQuery(
                                "SELECT m.sent_at, s.source_id, r.source_id FROM chat_message m"
                                        + " JOIN chat_import_user s ON s.user_id = m.sender_id"
                                        + " JOIN chat_import_user r ON r.user_id = m.recipient_id WHERE m.id = ?")
                        .bind(0, message.id())
                        .map((row, context) -> message.sent()
                                        .equals(Optional.of(Database.instant(row.getObject(1, LocalDateTime.class))))
                                && row.getLong(2) == message.sender()
                                && row.getLong(3) == message.recipient())
                        .findOne())
                .orElse(true); // it was left out
    }

    private static Optional<Position> position(Handle handle) {
        return handle.createQuery("SELECT last_user, last_message, users, renamed, messages, changed, left_out"
                        + " FROM chat_import WHERE name = ? FOR UPDATE")
                .bind(0, NAME)
                .map((row, context) -> new Position(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7)))
                .findOne();
    }

    /** The lock on the position is held until the commit, so only one import is at work. */
    private static void require(Handle handle, Position expected) {
        if (!position(handle).equals(Optional.of(expected))) {
            throw new DjangoImportException("Another import is running.");
        }
    }

    private static void requireNoMessagesAfter(Handle handle, long last) {
        long highest = handle.createQuery("SELECT COALESCE(MAX(id), 0) FROM chat_message")
                .mapTo(Long.class)
                .one();
        if (highest > last) {
            throw new DjangoImportException(
                    last == 0
                            ? "The message center has messages already; import into an empty one, before it is used."
                            : "The message center has messages of its own since the import: message " + highest
                                    + " and later ones of the original's would have the same ids.");
        }
    }

    private void save(Handle handle, Position position) throws SQLException {
        try (var rows = database.dialect(handle).save(connection(handle), POSITION)) {
            rows.add(NAME)
                    .add(position.lastUser())
                    .add(position.lastMessage())
                    .add(position.users())
                    .add(position.renamed())
                    .add(position.messages())
                    .add(position.changed())
                    .add(position.leftOut())
                    .endRow();
            rows.execute();
        }
    }

    /** Past the proxies of a pool, which would reflect on every value that is bound. */
    private static Connection connection(Handle handle) throws SQLException {
        return handle.getConnection().unwrap(Connection.class);
    }

    /** Draws ids within the transaction, so that none is lost. */
    private static long draw(Handle handle, String name, int count) {
        long first = handle.createQuery("SELECT next_id FROM chat_id WHERE name = ? FOR UPDATE")
                .bind(0, name)
                .mapTo(Long.class)
                .one();
        handle.createUpdate("UPDATE chat_id SET next_id = ? WHERE name = ?")
                .bind(0, first + count)
                .bind(1, name)
                .execute();
        return first;
    }

    // --- users

    /** A user with the name that was found for them. */
    private record Named(DjangoUser user, Username name) {}

    /**
     * Adds users, each under a name that is allowed and free.
     *
     * @param page at least one, by id
     */
    Position addUsers(Position from, List<DjangoUser> page) {
        return database.write(handle -> {
            require(handle, from);
            var named = named(handle, page);
            insertUsers(handle, named);
            long renamed = named.stream()
                    .filter(one -> !one.name().value().equals(one.user().username()))
                    .count();
            var to = new Position(
                    page.get(page.size() - 1).id(),
                    from.lastMessage(),
                    from.users() + page.size(),
                    from.renamed() + renamed,
                    from.messages(),
                    from.changed(),
                    from.leftOut());
            save(handle, to);
            return to;
        });
    }

    private List<Named> named(Handle handle, List<DjangoUser> page) throws SQLException {
        var taken = taken(
                handle,
                page.stream()
                        .map(user -> DjangoText.username(user.username()).key())
                        .toList());
        var named = new ArrayList<Named>();
        for (var user : page) {
            var wanted = DjangoText.username(user.username());
            var name = wanted;
            for (int attempt = 1; taken.contains(name.key()); attempt++) {
                name = DjangoText.otherUsername(wanted, user.id(), attempt);
                taken.addAll(taken(handle, List.of(name.key())));
            }
            taken.add(name.key());
            named.add(new Named(user, name));
            noteName(user, wanted, name);
        }
        return named;
    }

    /** Which of these keys are somebody's. */
    private static Set<String> taken(Handle handle, List<String> keys) throws SQLException {
        var sql = "SELECT username_key FROM chat_user WHERE username_key IN " + Placeholders.list(keys.size());
        try (var statement = handle.getConnection().prepareStatement(sql)) {
            Placeholders.bind(keys, 1, 1, (key, position) -> statement.setString(position, key));
            var taken = new HashSet<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    taken.add(rows.getString(1));
                }
            }
            return taken;
        }
    }

    private void noteName(DjangoUser user, Username wanted, Username name) {
        if (!name.equals(wanted)) {
            note(user, "is now " + name + ": somebody else has the name, whatever its case");
        } else if (!name.value().equals(user.username())) {
            note(user, "is now " + name + ": the name is not allowed as it was");
        }
    }

    private void note(DjangoUser user, String what) {
        notes.accept("User " + user.id() + ", " + DjangoText.quoted(user.username()) + ", " + what + ".");
    }

    private void insertUsers(Handle handle, List<Named> named) throws SQLException {
        var connection = connection(handle);
        var dialect = database.dialect(handle);
        long first = draw(handle, "user", named.size());
        try (var users = dialect.insert(connection, USERS);
                var heads = dialect.insert(connection, HEADS);
                var imported = dialect.insert(connection, IMPORTED_USERS)) {
            long id = first;
            for (var one : named) {
                var user = one.user();
                var email = email(user);
                users.add(id)
                        .add(one.name().value())
                        .add(one.name().key())
                        .add(email.map(EmailAddress::value).orElse(null))
                        .add(email.map(EmailAddress::key).orElse(null))
                        .add(passwordHash(user).encoded())
                        .add(user.joined())
                        .add(user.superuser() ? 1 : 0)
                        .add(user.active() ? UserState.ACTIVE : UserState.DISABLED)
                        .endRow();
                heads.add(id).add(0).add(0).add(0).endRow();
                imported.add(user.id()).add(id).endRow();
                id++;
            }
            users.execute();
            heads.execute();
            imported.execute();
        }
    }

    private Optional<EmailAddress> email(DjangoUser user) {
        if (user.email().isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EmailAddress(user.email().strip()));
        } catch (ChatException e) {
            note(user, "has no e-mail address now: theirs was none");
            return Optional.empty();
        }
    }

    private PasswordHash passwordHash(DjangoUser user) {
        if (Pbkdf2PasswordHasher.canVerify(user.password())) {
            return new PasswordHash(user.password());
        }
        if (!user.password().startsWith("!")) { // Django's own sign for no password
            note(user, "has no password now: it is not hashed by PBKDF2 with SHA-256");
        }
        return PasswordHash.UNUSABLE;
    }

    // --- messages

    /** Where a user's feed and mailbox stand. */
    private static final class Head {
        private final long user;
        private long feed;
        private long mailbox;

        Head(long user, long feed, long mailbox) {
            this.user = user;
            this.feed = feed;
            this.mailbox = mailbox;
        }

        void next() {
            feed++;
            mailbox++;
        }
    }

    /** Where a conversation stands. */
    private static final class Talk {
        private final long id;
        private final boolean isNew;
        private long last;
        private Instant lastSent;
        private long lowLatest;
        private long highLatest;

        Talk(long id, long last, Instant lastSent) {
            this.id = id;
            this.isNew = last == 0;
            this.last = last;
            this.lastSent = lastSent;
        }

        /** After one more message; the two have their places for it already. */
        void next(Sendable one) {
            last++;
            lastSent = one.sent().isAfter(lastSent) ? one.sent() : lastSent;
            boolean fromLow = one.sender().user <= one.recipient().user;
            lowLatest = (fromLow ? one.sender() : one.recipient()).mailbox;
            highLatest = (fromLow ? one.recipient() : one.sender()).mailbox;
        }

        /** The original knows nothing of what was read: all of it counts as read, by both. */
        ConversationHead head() {
            var seq = new MessageSeq(last);
            return new ConversationHead(
                    seq,
                    lastSent,
                    new Side(new MailboxSeq(lowLatest), seq, seq, seq, 0),
                    new Side(new MailboxSeq(highLatest), seq, seq, seq, 0));
        }
    }

    /** A message that can be stored. */
    private record Sendable(DjangoMessage message, Instant sent, String body, Head sender, Head recipient) {
        ConversationKey conversation() {
            return ConversationKey.of(new UserId(sender.user), new UserId(recipient.user));
        }
    }

    /**
     * Adds messages, in the order of their ids.
     *
     * @param page at least one, by id
     */
    Position addMessages(Position from, List<DjangoMessage> page) {
        return database.write(handle -> {
            require(handle, from);
            requireNoMessagesAfter(handle, from.lastMessage());
            var heads = lockHeads(handle, page);
            var sendable = new ArrayList<Sendable>(page.size());
            long changed = 0;
            for (var message : page) {
                var one = sendable(message, heads);
                if (one.isPresent()) {
                    sendable.add(one.get());
                    changed += isChanged(message, one.get().body()) ? 1 : 0;
                }
            }
            if (!sendable.isEmpty()) {
                insert(handle, sendable);
            }
            long last = page.get(page.size() - 1).id();
            handle.createUpdate("UPDATE chat_id SET next_id = ? WHERE name = 'message' AND next_id <= ?")
                    .bind(0, last + 1)
                    .bind(1, last)
                    .execute();
            var to = new Position(
                    from.lastUser(),
                    last,
                    from.users(),
                    from.renamed(),
                    from.messages() + sendable.size(),
                    from.changed() + changed,
                    from.leftOut() + page.size() - sendable.size());
            save(handle, to);
            return to;
        });
    }

    /** The heads of the users of a page, by their ids in the original. */
    private static Map<Long, Head> lockHeads(Handle handle, List<DjangoMessage> page) throws SQLException {
        var users = new TreeSet<Long>();
        for (var message : page) {
            users.add(message.sender());
            users.add(message.recipient());
        }
        var heads = new HashMap<Long, Head>();
        for (var part : Placeholders.parts(users)) {
            lockHeads(handle, part, heads);
        }
        return heads;
    }

    private static void lockHeads(Handle handle, List<Long> users, Map<Long, Head> heads) throws SQLException {
        var sql = "SELECT i.source_id, h.user_id, h.feed_seq, h.mailbox_seq FROM chat_import_user i"
                + " JOIN chat_feed_head h ON h.user_id = i.user_id WHERE i.source_id IN "
                + Placeholders.list(users.size()) + " ORDER BY h.user_id FOR UPDATE";
        try (var statement = handle.getConnection().prepareStatement(sql)) {
            Placeholders.bind(users, 1, 1, (id, position) -> statement.setLong(position, id));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    heads.put(rows.getLong(1), new Head(rows.getLong(2), rows.getLong(3), rows.getLong(4)));
                }
            }
        }
    }

    private Optional<Sendable> sendable(DjangoMessage message, Map<Long, Head> heads) {
        var sender = Optional.ofNullable(heads.get(message.sender()));
        var recipient = Optional.ofNullable(heads.get(message.recipient()));
        var body = DjangoText.body(message.body());
        if (sender.isEmpty() || recipient.isEmpty()) {
            long missing = sender.isEmpty() ? message.sender() : message.recipient();
            leftOut(message, "there is no user " + missing);
        } else if (body.isEmpty()) {
            leftOut(message, "there is nothing in it");
        } else if (message.sent().filter(LAST_SENT::isAfter).isEmpty()) {
            leftOut(message, "its time is none");
        } else {
            var text = body.get().text();
            if (isChanged(message, text)) {
                notes.accept("Message " + message.id() + " is changed: its text is not allowed as it was.");
            }
            return Optional.of(new Sendable(message, message.sent().get(), text, sender.get(), recipient.get()));
        }
        return Optional.empty();
    }

    /** White space around a text is no loss: nobody saw it. Of one that is too long there was more than what was read. */
    private static boolean isChanged(DjangoMessage message, String text) {
        var body = message.body();
        return !body.contains(text) || body.codePointCount(0, body.length()) > MessageBody.MAX_CODE_POINTS;
    }

    private void leftOut(DjangoMessage message, String why) {
        notes.accept("Message " + message.id() + " is left out: " + why + ".");
    }

    private void insert(Handle handle, List<Sendable> messages) throws SQLException {
        var connection = connection(handle);
        var dialect = database.dialect(handle);
        var talks = talks(handle, messages);
        var heads = new LinkedHashMap<Long, Head>();
        try (var rows = dialect.insert(connection, MESSAGES)) {
            for (var one : messages) {
                var talk = talks.get(one.conversation());
                if (talk == null) {
                    throw new IllegalStateException("Every conversation of the page was looked up or drawn");
                }
                one.sender().next();
                if (one.recipient() != one.sender()) {
                    one.recipient().next();
                }
                talk.next(one);
                heads.put(one.sender().user, one.sender());
                heads.put(one.recipient().user, one.recipient());
                rows.add(talk.id)
                        .add(talk.last)
                        .add(one.message().id())
                        .add(one.sender().user)
                        .add(one.recipient().user)
                        .add(one.sender().mailbox)
                        .add(one.recipient().mailbox)
                        .add(one.sent())
                        .add(one.body())
                        .endRow();
            }
            rows.execute();
        }
        saveTalks(dialect, connection, talks);
        saveHeads(dialect, connection, heads.values());
    }

    private static Map<ConversationKey, Talk> talks(Handle handle, List<Sendable> messages) throws SQLException {
        var keys = new TreeSet<ConversationKey>();
        messages.forEach(one -> keys.add(one.conversation()));
        var talks = new HashMap<ConversationKey, Talk>();
        for (var part : Placeholders.parts(keys)) {
            find(handle, part, talks);
        }
        keys.removeAll(talks.keySet());
        long id = keys.isEmpty() ? 0 : draw(handle, "conversation", keys.size());
        for (var key : keys) {
            talks.put(key, new Talk(id++, 0, Instant.EPOCH));
        }
        return talks;
    }

    /** Those of these conversations that are there. */
    private static void find(Handle handle, List<ConversationKey> keys, Map<ConversationKey, Talk> talks)
            throws SQLException {
        var sql = "SELECT id, user_low, user_high, last_seq, last_sent_at FROM chat_conversation"
                + " WHERE (user_low, user_high) IN " + Placeholders.pairs(keys.size());
        try (var statement = handle.getConnection().prepareStatement(sql)) {
            Placeholders.bind(keys, 1, 2, (key, position) -> {
                statement.setLong(position, key.low().value());
                statement.setLong(position + 1, key.high().value());
            });
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var key = new ConversationKey(new UserId(rows.getLong(2)), new UserId(rows.getLong(3)));
                    var sent = Database.instant(rows.getObject(5, LocalDateTime.class));
                    talks.put(key, new Talk(rows.getLong(1), rows.getLong(4), sent));
                }
            }
        }
    }

    private static void saveTalks(Dialect dialect, Connection connection, Map<ConversationKey, Talk> talks)
            throws SQLException {
        try (var added = dialect.insert(connection, ConversationRow.TARGET);
                var moved = dialect.save(connection, ConversationRow.TARGET)) {
            for (var entry : talks.entrySet()) {
                var talk = entry.getValue();
                ConversationRow.add(talk.isNew ? added : moved, talk.id, entry.getKey(), talk.head());
            }
            added.execute();
            moved.execute();
        }
    }

    private static void saveHeads(Dialect dialect, Connection connection, Iterable<Head> heads) throws SQLException {
        try (var rows = dialect.save(connection, HEADS)) {
            for (var head : heads) {
                rows.add(head.user)
                        .add(head.feed)
                        .add(head.mailbox)
                        .add(head.feed)
                        .endRow();
            }
            rows.execute();
        }
    }
}

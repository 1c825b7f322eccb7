package io.messagecenter.mysql;

import io.messagecenter.domain.account.AccountStore;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * An erased user has no feed head, without which nobody appends anything for them: the lock on it decides whether a
 * message came before. Whoever reads a message sees its sender's state, so that all of them vanish at one moment.
 */
final class MysqlAccountStore implements AccountStore {
    /** An entry of a feed is small. */
    private static final int ENTRIES_A_MESSAGE = 10;

    /** Beyond every place in a mailbox: there is nothing left to sweep. */
    private static final long SWEPT = Long.MAX_VALUE;

    private static final String SENT = "SELECT " + MessageRow.COLUMNS + ", m.sender_mailbox, m.deleted"
            + " FROM chat_message m" + MessageRow.PEOPLE
            + "WHERE m.sender_id = ? AND m.sender_mailbox > ? ORDER BY m.sender_mailbox LIMIT ?";

    private final Database database;

    MysqlAccountStore(Database database) {
        this.database = database;
    }

    @Override
    public List<User> list(PeopleQuery query) {
        return MysqlUserStore.list(database, query);
    }

    @Override
    public Optional<Disabled> disable(UserId user, Instant now) {
        return database.write(handle -> {
            int found = handle.createUpdate("UPDATE chat_user SET state = ?, barred_at = COALESCE(barred_at, ?)"
                            + " WHERE id = ? AND state <> ?")
                    .bind(0, UserState.DISABLED)
                    .bind(1, Database.utc(now))
                    .bind(2, user.value())
                    .bind(3, UserState.ERASED)
                    .execute();
            if (found == 0) {
                return Optional.empty();
            }
            MysqlResetStore.delete(handle, user);
            var ended = MysqlSessionStore.endAll(handle, user, now);
            return MysqlUserStore.find(handle, user).map(disabled -> new Disabled(disabled, ended));
        });
    }

    @Override
    public Optional<User> enable(UserId user) {
        return database.write(handle -> {
            handle.createUpdate("UPDATE chat_user SET state = ?, barred_at = NULL WHERE id = ? AND state = ?")
                    .bind(0, UserState.ACTIVE)
                    .bind(1, user.value())
                    .bind(2, UserState.DISABLED)
                    .execute();
            return MysqlUserStore.find(handle, user);
        });
    }

    @Override
    public boolean erase(UserId user, Instant now) {
        return database.write(handle -> erase(handle, user, now));
    }

    @Override
    public boolean eraseOwn(UserId user, PasswordHash proof, SessionId session, Instant now) {
        return database.write(
                handle -> MysqlSessionStore.isProven(handle, user, proof, session) && erase(handle, user, now));
    }

    private static boolean erase(Handle handle, UserId user, Instant now) {
        int found = handle.createUpdate("UPDATE chat_user SET state = ?, barred_at = ?, email = NULL,"
                        + " email_key = NULL, password_hash = ?, admin = FALSE WHERE id = ? AND state <> ?")
                .bind(0, UserState.ERASED)
                .bind(1, Database.utc(now))
                .bind(2, PasswordHash.UNUSABLE.encoded())
                .bind(3, user.value())
                .bind(4, UserState.ERASED)
                .execute();
        if (found == 0) {
            return false;
        }
        var unused = MysqlSessionStore.endAll(handle, user, now);
        MysqlResetStore.delete(handle, user);
        execute(handle, "DELETE FROM chat_feed_head WHERE user_id = ?", user);
        execute(handle, "DELETE FROM chat_block WHERE blocker_id = ?", user);
        execute(handle, "DELETE FROM chat_webhook_cursor WHERE user_id = ?", user);
        execute(handle, "INSERT INTO chat_erasure (user_id, upto) VALUES (?, 0)", user);
        return true;
    }

    private static void execute(Handle handle, String sql, UserId user) {
        handle.createUpdate(sql).bind(0, user.value()).execute();
    }

    @Override
    public List<UserId> unsettled() {
        return database.read(handle -> handle.createQuery("SELECT user_id FROM chat_erasure ORDER BY user_id")
                .map((row, context) -> new UserId(row.getLong(1)))
                .list());
    }

    /** A message that an erased user has sent, with its place in their mailbox. */
    private record Sent(Message message, long mailbox, boolean deleted) {}

    @Override
    public Sweep sweep(UserId user, int limit, Instant now) {
        return database.write(handle -> {
            var upto = handle.createQuery("SELECT upto FROM chat_erasure WHERE user_id = ? FOR UPDATE")
                    .bind(0, user.value())
                    .mapTo(Long.class)
                    .findOne();
            if (upto.isEmpty() || upto.get() == SWEPT) {
                return new Sweep(List.of(), true);
            }
            var batch = sent(handle, user, upto.get(), limit);
            return batch.isEmpty()
                    ? new Sweep(List.of(), sweepFeed(handle, user, limit))
                    : new Sweep(bury(handle, user, batch, now), false);
        });
    }

    private static List<Sent> sent(Handle handle, UserId user, long after, int limit) {
        return handle.createQuery(SENT)
                .bind(0, user.value())
                .bind(1, after)
                .bind(2, limit)
                .map((row, context) -> new Sent(
                        MessageRow.read(row), row.getLong(MessageRow.WIDTH + 1), row.getBoolean(MessageRow.WIDTH + 2)))
                .list();
    }

    /** Replaces messages by tombstones, and tells those who received them. */
    private static List<Deletion> bury(Handle handle, UserId user, List<Sent> batch, Instant now) throws SQLException {
        var readers = new TreeSet<UserId>();
        batch.forEach(one -> readers.add(one.message().recipient().id()));
        var feeds = FeedEntry.lock(handle, readers);
        long first = batch.get(0).mailbox();
        long last = batch.get(batch.size() - 1).mailbox();
        handle.createUpdate("UPDATE chat_message SET deleted = TRUE, body = '', client_id = NULL, sent_digest = NULL,"
                        + " reply_to = NULL, edited_at = NULL WHERE sender_id = ? AND sender_mailbox BETWEEN ? AND ?")
                .bind(0, user.value())
                .bind(1, first)
                .bind(2, last)
                .execute();
        var deletions = new ArrayList<Deletion>();
        for (var one : batch) {
            var reader = one.message().recipient().id();
            var place = feeds.computeIfPresent(reader, (same, at) -> one.deleted() ? at : at.next());
            if (place != null && !one.deleted()) { // whoever is erased themselves is told nothing
                deletions.add(new Deletion(reader, new MessageDeleted(place, one.message())));
            }
        }
        FeedEntry.append(handle, deletions, now);
        sweptUpto(handle, user, last);
        return deletions;
    }

    private static void sweptUpto(Handle handle, UserId user, long place) {
        handle.createUpdate("UPDATE chat_erasure SET upto = ? WHERE user_id = ?")
                .bind(0, place)
                .bind(1, user.value())
                .execute();
    }

    /**
     * Deletes a stretch of the erased user's own index and feed, which nobody reads any more; true once all of it is
     * gone.
     */
    private static boolean sweepFeed(Handle handle, UserId user, int limit) {
        if (!SearchBuilder.forget(handle, user)) {
            return false;
        }
        var first = handle.createQuery("SELECT MIN(seq) FROM chat_feed_entry WHERE user_id = ?")
                .bind(0, user.value())
                .map((row, context) -> new FeedSeq(row.getLong(1)))
                .one();
        if (first.equals(FeedSeq.ZERO)) {
            sweptUpto(handle, user, SWEPT);
            return true;
        }
        handle.createUpdate("DELETE FROM chat_feed_entry WHERE user_id = ? AND seq < ?")
                .bind(0, user.value())
                .bind(1, first.value() + (long) ENTRIES_A_MESSAGE * limit)
                .execute();
        return false;
    }

    @Override
    public void settle(UserId user, Instant moment) {
        database.write(handle -> handle.createUpdate("DELETE FROM chat_erasure WHERE user_id = ? AND upto = ?"
                        + " AND EXISTS (SELECT 1 FROM chat_user WHERE id = ? AND barred_at < ?)")
                .bind(0, user.value())
                .bind(1, SWEPT)
                .bind(2, user.value())
                .bind(3, Database.utc(moment))
                .execute());
    }

    @Override
    public Set<UserId> barredSince(Instant moment) {
        return Set.copyOf(database.read(handle -> handle.createQuery("SELECT id FROM chat_user WHERE barred_at >= ?")
                .bind(0, Database.utc(moment))
                .map((row, context) -> new UserId(row.getLong(1)))
                .list()));
    }
}

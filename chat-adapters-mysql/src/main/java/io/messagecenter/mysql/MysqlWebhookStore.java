package io.messagecenter.mysql;

import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import io.messagecenter.domain.webhook.WebhookName;
import io.messagecenter.domain.webhook.WebhookStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/** Reads without locks: whoever sends never waits for a webhook. */
final class MysqlWebhookStore implements WebhookStore {
    private static final long NOBODY = 0;

    /** Names come last, and outer, so that they are looked up of those alone who are behind. */
    private static final String BEHIND = "SELECT h.user_id, u.username, COALESCE(c.seq, 0), h.feed_pruned, h.feed_seq"
            + " FROM chat_feed_head h"
            + " LEFT JOIN chat_webhook_cursor c ON c.user_id = h.user_id AND c.webhook_id = ?"
            + " LEFT JOIN chat_user u ON u.id = h.user_id"
            + " WHERE h.feed_seq > COALESCE(c.seq, 0) AND h.user_id ";

    private final Database database;
    private final BlockIds ids;
    private final Map<WebhookName, Long> known = new ConcurrentHashMap<>();

    MysqlWebhookStore(Database database) {
        this.database = database;
        this.ids = new BlockIds(database, "webhook", 1);
    }

    @Override
    public void begin(WebhookName webhook) {
        if (find(webhook).isPresent()) {
            return;
        }
        long id = ids.next();
        try {
            database.write(handle -> {
                handle.createUpdate("INSERT INTO chat_webhook (name, id) VALUES (?, ?)")
                        .bind(0, webhook.value())
                        .bind(1, id)
                        .execute();
                return handle.createUpdate("INSERT INTO chat_webhook_cursor (user_id, webhook_id, seq)"
                                + " SELECT user_id, ?, feed_seq FROM chat_feed_head WHERE feed_seq > 0")
                        .bind(0, id)
                        .execute();
            });
        } catch (RuntimeException e) {
            if (!SqlFailure.isDuplicateKey(e)) {
                throw e;
            } // otherwise another node has begun it
        }
    }

    private Optional<Long> find(WebhookName webhook) {
        var id = Optional.ofNullable(known.get(webhook));
        if (id.isPresent()) {
            return id;
        }
        var found = database.read(handle -> handle.createQuery("SELECT id FROM chat_webhook WHERE name = ?")
                .bind(0, webhook.value())
                .mapTo(Long.class)
                .findOne());
        found.ifPresent(one -> known.put(webhook, one));
        return found;
    }

    private long id(WebhookName webhook) {
        return find(webhook).orElseThrow(() -> new IllegalStateException("It has not begun: " + webhook));
    }

    @Override
    public List<Behind> behind(WebhookName webhook, Collection<UserId> users) {
        if (users.isEmpty()) {
            return List.of();
        }
        long id = id(webhook);
        return database.read(handle -> {
            var sql = BEHIND + "IN " + Placeholders.list(users.size());
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                statement.setLong(1, id);
                Placeholders.bind(users, 2, 1, (user, position) -> statement.setLong(position, user.value()));
                return behind(statement);
            }
        });
    }

    /** The range is found first, so that users of whom nothing has moved cost no more than those of whom something has. */
    @Override
    public Found behind(WebhookName webhook, Optional<UserId> after, int users) {
        long id = id(webhook);
        long from = after.map(UserId::value).orElse(NOBODY);
        return database.read(handle -> {
            var range = range(handle, from, users);
            try (var statement = handle.getConnection().prepareStatement(BEHIND + "BETWEEN ? AND ?")) {
                statement.setLong(1, id);
                statement.setLong(2, from + 1);
                statement.setLong(3, range.last);
                return new Found(
                        behind(statement),
                        range.count < users ? Optional.empty() : Optional.of(new UserId(range.last)));
            }
        });
    }

    /** Some users with a feed: how many, and the last of them. */
    private record Range(int count, long last) {}

    private static Range range(Handle handle, long after, int users) {
        return handle.createQuery("SELECT COUNT(*), MAX(user_id) FROM"
                        + " (SELECT user_id FROM chat_feed_head WHERE user_id > ? ORDER BY user_id LIMIT ?) r")
                .bind(0, after)
                .bind(1, users)
                .map((row, context) -> new Range(row.getInt(1), row.getLong(2)))
                .one();
    }

    private static List<Behind> behind(PreparedStatement statement) throws SQLException {
        var behind = new ArrayList<Behind>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                behind.add(behind(rows));
            }
        }
        return behind;
    }

    private static Behind behind(ResultSet row) throws SQLException {
        return new Behind(
                new Person(new UserId(row.getLong(1)), new Username(row.getString(2))),
                new FeedSeq(row.getLong(3)),
                new FeedSeq(row.getLong(4)),
                new FeedSeq(row.getLong(5)));
    }

    @Override
    public boolean advance(WebhookName webhook, LeaseHolder holder, Map<UserId, FeedSeq> places) {
        long id = id(webhook);
        var sorted = new TreeMap<>(places);
        return database.write(handle -> {
            if (!MysqlLeaseStore.isHeld(handle, webhook.lease(), holder)) {
                return false;
            }
            if (!sorted.isEmpty()) {
                advance(handle, id, sorted);
            }
            return true;
        });
    }

    /** Nobody else advances this webhook: the lease's row is locked. */
    private static void advance(Handle handle, long webhook, Map<UserId, FeedSeq> places) throws SQLException {
        var withPlace = withPlace(handle, webhook, places.keySet());
        var update = handle.prepareBatch(
                "UPDATE chat_webhook_cursor SET seq = ? WHERE user_id = ? AND webhook_id = ? AND seq < ?");
        var insert = handle.prepareBatch("INSERT INTO chat_webhook_cursor (user_id, webhook_id, seq)"
                // Nobody who was erased meanwhile, as nothing would ever delete that.
                + " SELECT user_id, ?, ? FROM chat_feed_head WHERE user_id = ?");
        places.forEach((user, place) -> {
            if (withPlace.contains(user)) {
                update.bind(0, place.value())
                        .bind(1, user.value())
                        .bind(2, webhook)
                        .bind(3, place.value())
                        .add();
            } else {
                insert.bind(0, webhook)
                        .bind(1, place.value())
                        .bind(2, user.value())
                        .add();
            }
        });
        if (update.size() > 0) {
            update.execute();
        }
        if (insert.size() > 0) {
            insert.execute();
        }
    }

    private static Set<UserId> withPlace(Handle handle, long webhook, Collection<UserId> users) throws SQLException {
        var sql = "SELECT user_id FROM chat_webhook_cursor WHERE webhook_id = ? AND user_id IN "
                + Placeholders.list(users.size());
        try (var statement = handle.getConnection().prepareStatement(sql)) {
            statement.setLong(1, webhook);
            Placeholders.bind(users, 2, 1, (user, position) -> statement.setLong(position, user.value()));
            var found = new HashSet<UserId>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new UserId(rows.getLong(1)));
                }
            }
            return found;
        }
    }
}

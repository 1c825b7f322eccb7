package io.messagecenter.mysql;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The lock on the blocker's feed, which an append to them takes too, decides whether a message came before a block. */
final class MysqlBlockStore implements BlockStore {
    private final Database database;

    MysqlBlockStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<UserBlocked> block(UserId blocker, Person blocked, Instant now) {
        return database.write(handle -> {
            var last = FeedEntry.lock(handle, blocker);
            if (isBlocked(handle, blocker, blocked)) {
                return Optional.empty();
            }
            handle.createUpdate("INSERT INTO chat_block (blocker_id, blocked_id, created_at) VALUES (?, ?, ?)")
                    .bind(0, blocker.value())
                    .bind(1, blocked.id().value())
                    .bind(2, Database.utc(now))
                    .execute();
            count(handle, blocker);
            FeedEntry.append(
                    handle,
                    blocker,
                    last,
                    FeedEntry.USER_BLOCKED,
                    List.of(blocked.id().value()),
                    now);
            return Optional.of(new UserBlocked(last.next(), blocked));
        });
    }

    @Override
    public Optional<UserUnblocked> unblock(UserId blocker, Person blocked, Instant now) {
        return database.write(handle -> {
            var last = FeedEntry.lock(handle, blocker);
            int deleted = handle.createUpdate("DELETE FROM chat_block WHERE blocker_id = ? AND blocked_id = ?")
                    .bind(0, blocker.value())
                    .bind(1, blocked.id().value())
                    .execute();
            if (deleted == 0) {
                return Optional.empty();
            }
            count(handle, blocker);
            FeedEntry.append(
                    handle,
                    blocker,
                    last,
                    FeedEntry.USER_UNBLOCKED,
                    List.of(blocked.id().value()),
                    now);
            return Optional.of(new UserUnblocked(last.next(), blocked));
        });
    }

    private static boolean isBlocked(Handle handle, UserId blocker, Person blocked) {
        return handle.createQuery("SELECT 1 FROM chat_block WHERE blocker_id = ? AND blocked_id = ?")
                .bind(0, blocker.value())
                .bind(1, blocked.id().value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static void count(Handle handle, UserId blocker) {
        handle.createUpdate("UPDATE chat_feed_head SET blocks = (SELECT COUNT(*) FROM chat_block WHERE blocker_id = ?)"
                        + " WHERE user_id = ?")
                .bind(0, blocker.value())
                .bind(1, blocker.value())
                .execute();
    }

    @Override
    public List<Person> blockedBy(UserId blocker) {
        return database.read(handle -> handle.createQuery("SELECT u.id, u.username FROM chat_block b"
                        + " JOIN chat_user u ON u.id = b.blocked_id"
                        + " WHERE b.blocker_id = ? ORDER BY u.username_key")
                .bind(0, blocker.value())
                .map((row, context) -> new Person(new UserId(row.getLong(1)), new Username(row.getString(2))))
                .list());
    }

    @Override
    public Map<UserId, Set<UserId>> blockedByEach(Set<UserId> blockers) {
        if (blockers.isEmpty()) {
            return Map.of();
        }
        return database.read(handle -> {
            var sql = "SELECT blocker_id, blocked_id FROM chat_block WHERE blocker_id IN "
                    + Placeholders.list(blockers.size());
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                Placeholders.bind(blockers, 1, 1, (user, position) -> statement.setLong(position, user.value()));
                var blocked = new HashMap<UserId, Set<UserId>>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        blocked.computeIfAbsent(new UserId(rows.getLong(1)), key -> new HashSet<>())
                                .add(new UserId(rows.getLong(2)));
                    }
                }
                return blocked;
            }
        });
    }

    @Override
    public Set<UserId> blockersOf(UserId blocked, Set<UserId> among) {
        if (among.isEmpty()) {
            return Set.of();
        }
        return database.read(handle -> {
            var sql = "SELECT blocker_id FROM chat_block WHERE blocked_id = ? AND blocker_id IN "
                    + Placeholders.list(among.size());
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                statement.setLong(1, blocked.value());
                Placeholders.bind(among, 2, 1, (user, position) -> statement.setLong(position, user.value()));
                var blockers = new HashSet<UserId>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        blockers.add(new UserId(rows.getLong(1)));
                    }
                }
                return blockers;
            }
        });
    }
}

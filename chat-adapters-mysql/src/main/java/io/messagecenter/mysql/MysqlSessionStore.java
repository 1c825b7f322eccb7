package io.messagecenter.mysql;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

final class MysqlSessionStore implements SessionStore {
    private static final String SELECT = "SELECT t.id, u.id, u.username, t.created_at, t.expires_at, t.device"
            + " FROM chat_session t JOIN chat_user u ON u.id = t.user_id ";

    private static final long NOT_AN_ID = 0;
    private static final Duration ENDS_KEPT = Duration.ofHours(1);

    private final Database database;

    MysqlSessionStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean create(Session session, TokenHash token, Optional<PasswordHash> proof) {
        return database.write(handle -> {
            if (!maySignIn(handle, session.person().id(), proof)) {
                return false;
            }
            handle.createUpdate("INSERT INTO chat_session (id, token_hash, user_id, created_at, expires_at, device)"
                            + " VALUES (?, ?, ?, ?, ?, ?)")
                    .bind(0, session.id().value())
                    .bind(1, bytes(token))
                    .bind(2, session.person().id().value())
                    .bind(3, Database.utc(session.created()))
                    .bind(4, Database.utc(session.expires()))
                    .bind(5, session.device())
                    .execute();
            return true;
        });
    }

    /** The lock is what makes it stay so until the session is there, for whoever changes it to end. */
    private static boolean maySignIn(Handle handle, UserId user, Optional<PasswordHash> proof) {
        return handle.createQuery("SELECT password_hash FROM chat_user WHERE id = ? AND state = ? FOR UPDATE")
                .bind(0, user.value())
                .bind(1, UserState.ACTIVE)
                .map((row, context) -> new PasswordHash(row.getString(1)))
                .findOne()
                .filter(hash -> hash.equals(proof.orElse(hash)))
                .isPresent();
    }

    @Override
    public Optional<Session> find(TokenHash token) {
        return database.read(handle -> handle.createQuery(SELECT + "WHERE t.token_hash = ?")
                .bind(0, bytes(token))
                .map((row, context) -> session(row))
                .findOne());
    }

    @Override
    public List<Session> list(UserId user, Instant now) {
        return database.read(handle -> handle.createQuery(
                        SELECT + "WHERE t.user_id = ? AND t.expires_at > ? ORDER BY t.created_at DESC, t.id DESC")
                .bind(0, user.value())
                .bind(1, Database.utc(now))
                .map((row, context) -> session(row))
                .list());
    }

    @Override
    public Optional<SessionEnded> end(UserId user, SessionId session, Instant now) {
        return database.write(handle -> end(handle, user, "id = ?", session.value(), now)).stream()
                .findFirst();
    }

    @Override
    public List<SessionEnded> endAll(UserId user, Optional<SessionId> except, Instant now) {
        return database.write(handle -> endAll(handle, user, except, now));
    }

    /** Ends all of them in a transaction that does more. */
    static List<SessionEnded> endAll(Handle handle, UserId user, Instant now) {
        return endAll(handle, user, Optional.empty(), now);
    }

    /** Ends all of them but one in a transaction that does more. */
    static List<SessionEnded> endAll(Handle handle, UserId user, Optional<SessionId> except, Instant now) {
        return end(handle, user, "id <> ?", except.map(SessionId::value).orElse(NOT_AN_ID), now);
    }

    private static List<SessionEnded> end(Handle handle, UserId user, String which, long id, Instant now) {
        var ids = handle.createQuery("SELECT id FROM chat_session WHERE user_id = ? AND " + which + " ORDER BY id")
                .bind(0, user.value())
                .bind(1, id)
                .mapTo(Long.class)
                .list();
        if (ids.isEmpty()) {
            return List.of(); // as mostly, when somebody asks for what is not theirs
        }
        var last = FeedEntry.lock(handle, user);
        var ended = endNow(handle, ids, now);
        FeedEntry.append(handle, user, last, FeedEntry.SESSION_ENDED, ended, now);
        var events = new ArrayList<SessionEnded>();
        var seq = last;
        for (var one : ended) {
            seq = seq.next();
            events.add(new SessionEnded(seq, new SessionId(one)));
        }
        return events;
    }

    /** Ends those that nobody else has ended since they were seen. */
    private static List<Long> endNow(Handle handle, List<Long> ids, Instant now) {
        var ended = new ArrayList<Long>();
        for (var id : ids) {
            int deleted = handle.createUpdate("DELETE FROM chat_session WHERE id = ?")
                    .bind(0, id)
                    .execute();
            if (deleted > 0) {
                handle.createUpdate("INSERT INTO chat_session_end (session_id, ended_at) VALUES (?, ?)")
                        .bind(0, id)
                        .bind(1, Database.utc(now))
                        .execute();
                ended.add(id);
            }
        }
        return ended;
    }

    @Override
    public Set<SessionId> endedSince(Instant moment) {
        return Set.copyOf(database.read(
                handle -> handle.createQuery("SELECT session_id FROM chat_session_end WHERE ended_at >= ?")
                        .bind(0, Database.utc(moment))
                        .map((row, context) -> new SessionId(row.getLong(1)))
                        .list()));
    }

    @Override
    public void prolong(Map<SessionId, Instant> expires) {
        if (expires.isEmpty()) {
            return;
        }
        database.write(handle -> {
            var update = handle.prepareBatch("UPDATE chat_session SET expires_at = ? WHERE id = ? AND expires_at < ?");
            // In one order on every node, or two that prolong the same sessions wait for each other.
            new TreeMap<>(expires).forEach((id, later) -> {
                var moment = Database.utc(later);
                update.add(moment, id.value(), moment);
            });
            return update.execute();
        });
    }

    @Override
    public Set<SessionId> live(Collection<SessionId> sessions, Instant now) {
        if (sessions.isEmpty()) {
            return Set.of();
        }
        return database.read(handle -> {
            var sql =
                    "SELECT id FROM chat_session WHERE expires_at > ? AND id IN " + Placeholders.list(sessions.size());
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                statement.setObject(1, Database.utc(now));
                Placeholders.bind(sessions, 2, 1, (id, position) -> statement.setLong(position, id.value()));
                var live = new HashSet<SessionId>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        live.add(new SessionId(rows.getLong(1)));
                    }
                }
                return live;
            }
        });
    }

    @Override
    public int purge(Instant now) {
        return database.write(handle -> {
            handle.createUpdate("DELETE FROM chat_session_end WHERE ended_at < ?")
                    .bind(0, Database.utc(now.minus(ENDS_KEPT)))
                    .execute();
            return handle.createUpdate("DELETE FROM chat_session WHERE expires_at <= ?")
                    .bind(0, Database.utc(now))
                    .execute();
        });
    }

    private static byte[] bytes(TokenHash token) {
        return HexFormat.of().parseHex(token.hex());
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                new SessionId(row.getLong(1)),
                new Person(new UserId(row.getLong(2)), new Username(row.getString(3))),
                Database.instant(row.getObject(4, LocalDateTime.class)),
                Database.instant(row.getObject(5, LocalDateTime.class)),
                row.getString(6));
    }
}

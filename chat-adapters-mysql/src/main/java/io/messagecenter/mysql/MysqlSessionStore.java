package io.messagecenter.mysql;

import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionId;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class MysqlSessionStore implements SessionStore {
    private static final String SELECT = "SELECT t.id, u.id, u.username, t.created_at, t.expires_at, t.device"
            + " FROM chat_session t JOIN chat_user u ON u.id = t.user_id ";

    private final Database database;

    MysqlSessionStore(Database database) {
        this.database = database;
    }

    @Override
    public void create(Session session, TokenHash token) {
        database.write(handle -> handle.createUpdate(
                        "INSERT INTO chat_session (id, token_hash, user_id, created_at, expires_at, device)"
                                + " VALUES (?, ?, ?, ?, ?, ?)")
                .bind(0, session.id().value())
                .bind(1, bytes(token))
                .bind(2, session.person().id().value())
                .bind(3, Database.utc(session.created()))
                .bind(4, Database.utc(session.expires()))
                .bind(5, session.device())
                .execute());
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
    public boolean end(UserId user, SessionId session) {
        return database.write(handle -> handle.createUpdate("DELETE FROM chat_session WHERE id = ? AND user_id = ?")
                        .bind(0, session.value())
                        .bind(1, user.value())
                        .execute()
                > 0);
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
    public int purge(Instant expiredBefore) {
        return database.write(handle -> handle.createUpdate("DELETE FROM chat_session WHERE expires_at <= ?")
                .bind(0, Database.utc(expiredBefore))
                .execute());
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

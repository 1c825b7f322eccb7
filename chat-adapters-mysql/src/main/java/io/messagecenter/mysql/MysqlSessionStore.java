package io.messagecenter.mysql;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.Sessions;
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
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

final class MysqlSessionStore implements SessionStore {
    private static final String LASTING = "t.id, t.expires_at, t.created_at, COALESCE(t.used_at, t.created_at)";

    private static final String SELECT = "SELECT " + LASTING + ", u.id, u.username, t.device"
            + " FROM chat_session t JOIN chat_user u ON u.id = t.user_id ";

    private static final long NOT_AN_ID = 0;

    private static final Duration ENDS_KEPT = Duration.ofHours(1);

    private final Database database;

    MysqlSessionStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<List<SessionEnded>> create(
            Session session,
            TokenHash token,
            Optional<PasswordHash> proof,
            Optional<TokenHash> replaced,
            Sessions.Limits limits) {
        return database.write(handle -> {
            var user = session.person().id();
            if (!maySignIn(handle, user, proof)) {
                return Optional.empty();
            }
            var surplus = surplus(handle, user, replaced, limits, session.created());
            var ended = end(handle, user, surplus, session.created());
            handle.createUpdate(
                            "INSERT INTO chat_session (id, token_hash, user_id, created_at, expires_at, used_at, device)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, ?)")
                    .bind(0, session.id().value())
                    .bind(1, bytes(token))
                    .bind(2, user.value())
                    .bind(3, Database.utc(session.created()))
                    .bind(4, Database.utc(session.expires()))
                    .bind(5, Database.utc(session.created()))
                    .bind(6, session.device())
                    .execute();
            return Optional.of(ended);
        });
    }

    private record Held(long id, boolean replaced, boolean holds, LocalDateTime used) {
        static final Comparator<Held> LAST_FIRST = Comparator.comparing(Held::holds)
                .thenComparing(Held::used)
                .thenComparing(Held::id)
                .reversed();
    }

    /**
     * What was replaced, and what somebody has beyond so many that hold and were used last, for one more to have room.
     * Sorted here: an index by use would change with every one. Who has begun before uses were kept was used when it began.
     */
    private static List<Long> surplus(
            Handle handle, UserId user, Optional<TokenHash> replaced, Sessions.Limits limits, Instant now) {
        var held = handle.createQuery("SELECT " + LASTING + ", t.token_hash FROM chat_session t WHERE t.user_id = ?")
                .bind(0, user.value())
                .map((row, context) -> new Held(
                        row.getLong(1),
                        replaced.isPresent() && Arrays.equals(row.getBytes(5), bytes(replaced.get())),
                        Lasting.of(row, limits).holds(now),
                        row.getObject(4, LocalDateTime.class)))
                .list();
        var before = held.stream().filter(Held::replaced);
        var rest = held.stream()
                .filter(one -> !one.replaced())
                .sorted(Held.LAST_FIRST)
                .skip(limits.most() - 1);
        return Stream.concat(before, rest).map(Held::id).sorted().toList();
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

    /**
     * Whether somebody is who they say, by their password and by a session that was not ended. Both stay so until the
     * transaction ends: whoever ends a session has the lock on the feed before.
     */
    static boolean isProven(Handle handle, UserId user, PasswordHash proof, SessionId session) {
        if (!maySignIn(handle, user, Optional.of(proof))) {
            return false;
        }
        var unused = FeedEntry.lock(handle, user);
        // All of them, in the order in which others lock them: most are about to end.
        return handle.createQuery("SELECT id FROM chat_session WHERE user_id = ? ORDER BY id FOR UPDATE")
                .bind(0, user.value())
                .mapTo(Long.class)
                .list()
                .contains(session.value());
    }

    @Override
    public Optional<Session> find(TokenHash token, Sessions.Limits limits) {
        return database.read(handle -> handle.createQuery(SELECT + "WHERE t.token_hash = ?")
                .bind(0, bytes(token))
                .map((row, context) -> session(row, limits))
                .findOne());
    }

    @Override
    public List<Session> list(UserId user, Sessions.Limits limits, Instant now) {
        return database.read(handle -> handle.createQuery(
                        SELECT + "WHERE t.user_id = ? AND t.expires_at > ? ORDER BY t.created_at DESC, t.id DESC")
                .bind(0, user.value())
                .bind(1, Database.utc(now))
                .map((row, context) -> session(row, limits))
                .filter(session -> !session.expired(now))
                .list());
    }

    @Override
    public Optional<SessionEnded> end(UserId user, SessionId session, Instant now) {
        return database.write(handle -> end(handle, user, ids(handle, user, "id = ?", session.value()), now)).stream()
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
        var ids = ids(handle, user, "id <> ?", except.map(SessionId::value).orElse(NOT_AN_ID));
        return end(handle, user, ids, now);
    }

    private static List<Long> ids(Handle handle, UserId user, String which, long id) {
        return handle.createQuery("SELECT id FROM chat_session WHERE user_id = ? AND " + which + " ORDER BY id")
                .bind(0, user.value())
                .bind(1, id)
                .mapTo(Long.class)
                .list();
    }

    /** Ends those of a user's sessions, in the order of their ids, that nobody else has ended since they were seen. */
    private static List<SessionEnded> end(Handle handle, UserId user, List<Long> ids, Instant now) {
        if (ids.isEmpty()) {
            return List.of(); // as mostly, when somebody asks for what is not theirs
        }
        var last = FeedEntry.lock(handle, new TreeSet<>(List.of(user))).get(user);
        if (last == null) {
            return List.of(); // erased since they were seen, and all of their sessions with it
        }
        var ended = new ArrayList<Long>();
        for (var part : Placeholders.parts(ids)) {
            ended.addAll(endNow(handle, part, now));
        }
        FeedEntry.append(handle, user, last, FeedEntry.SESSION_ENDED, ended, now);
        var events = new ArrayList<SessionEnded>();
        var seq = last;
        for (var one : ended) {
            seq = seq.next();
            events.add(new SessionEnded(seq, new SessionId(one)));
        }
        return events;
    }

    /** Ends some, whatever their number by a few statements: an account that is disabled must not wait for them. */
    private static List<Long> endNow(Handle handle, List<Long> ids, Instant now) {
        var among = " FROM chat_session WHERE id IN " + Placeholders.list(ids.size());
        var ended = bind(handle.createQuery("SELECT id" + among + " ORDER BY id FOR UPDATE"), ids)
                .mapTo(Long.class)
                .list();
        if (!ended.isEmpty()) {
            bind(handle.createUpdate("DELETE" + among), ids).execute();
            var insert = handle.prepareBatch("INSERT INTO chat_session_end (session_id, ended_at) VALUES (?, ?)");
            var moment = Database.utc(now);
            ended.forEach(id -> insert.add(id, moment));
            insert.execute();
        }
        return ended;
    }

    private static <S extends SqlStatement<S>> S bind(S statement, List<Long> ids) {
        Placeholders.bind(ids, 0, 1, (id, position) -> statement.bind(position, id));
        return statement;
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
    public void prolong(Map<SessionId, Use> uses) {
        if (uses.isEmpty()) {
            return;
        }
        database.write(handle -> {
            var update = handle.prepareBatch("UPDATE chat_session SET expires_at = GREATEST(expires_at, ?),"
                    + " used_at = GREATEST(COALESCE(used_at, created_at), ?) WHERE id = ?");
            // In one order on every node, or two that prolong the same sessions wait for each other.
            new TreeMap<>(uses)
                    .forEach((id, use) ->
                            update.add(Database.utc(use.expires()), Database.utc(use.moment()), id.value()));
            return update.execute();
        });
    }

    /** How long a session lasts, as it is kept, and would last. */
    private record Lasting(long id, Instant until, Instant atMost) {
        static Lasting of(ResultSet row, Sessions.Limits limits) throws SQLException {
            return new Lasting(row.getLong(1), instant(row, 2), limits.expires(instant(row, 3), instant(row, 4)));
        }

        boolean tooLong() {
            return until.isAfter(atMost);
        }

        Instant expires() {
            return tooLong() ? atMost : until;
        }

        boolean holds(Instant now) {
            return expires().isAfter(now);
        }
    }

    @Override
    public Optional<SessionId> shorten(Sessions.Limits limits, Optional<SessionId> after, int limit) {
        List<Lasting> some = database.read(handle -> handle.createQuery(
                        "SELECT " + LASTING + " FROM chat_session t WHERE t.id > ? ORDER BY t.id LIMIT ?")
                .bind(0, after.map(SessionId::value).orElse(NOT_AN_ID))
                .bind(1, limit)
                .map((row, context) -> Lasting.of(row, limits))
                .list());
        if (some.stream().anyMatch(Lasting::tooLong)) {
            database.write(handle -> {
                var update =
                        handle.prepareBatch("UPDATE chat_session SET expires_at = LEAST(expires_at, ?) WHERE id = ?");
                some.stream().filter(Lasting::tooLong).forEach(one -> update.add(Database.utc(one.atMost()), one.id()));
                return update.execute();
            });
        }
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(new SessionId(some.get(some.size() - 1).id()));
    }

    @Override
    public Set<SessionId> live(Collection<SessionId> sessions, Sessions.Limits limits, Instant now) {
        if (sessions.isEmpty()) {
            return Set.of();
        }
        return database.read(handle -> {
            var sql = "SELECT " + LASTING + " FROM chat_session t WHERE t.expires_at > ? AND t.id IN "
                    + Placeholders.list(sessions.size());
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                statement.setObject(1, Database.utc(now));
                Placeholders.bind(sessions, 2, 1, (id, position) -> statement.setLong(position, id.value()));
                var live = new HashSet<SessionId>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        var one = Lasting.of(rows, limits);
                        if (one.holds(now)) {
                            live.add(new SessionId(one.id()));
                        }
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

    private static Session session(ResultSet row, Sessions.Limits limits) throws SQLException {
        var lasting = Lasting.of(row, limits);
        return new Session(
                new SessionId(lasting.id()),
                new Person(new UserId(row.getLong(5)), new Username(row.getString(6))),
                instant(row, 3),
                lasting.expires(),
                row.getString(7));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return Database.instant(row.getObject(column, LocalDateTime.class));
    }
}

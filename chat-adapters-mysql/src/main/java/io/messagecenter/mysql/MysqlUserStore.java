package io.messagecenter.mysql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.EmailChange;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class MysqlUserStore implements UserStore {
    private static final String COLUMNS = "id, username, email, created_at, admin, password_hash, state";

    /** How long a database that was set back to a backup is not believed that a name is somebody else's. */
    private static final Duration REMEMBERED_FOR = Duration.ofSeconds(10);

    private static final String NOT_ERASED = "state <> " + UserState.ERASED;
    private static final long NOT_AN_ID = 0;
    private static final long REMEMBERED = 100_000;

    private final Database database;
    private final BlockIds ids;

    /** Those who are there alone: who was not there a moment ago may be there now. */
    private final Cache<Username, Person> people = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    MysqlUserStore(Database database) {
        this.database = database;
        this.ids = new BlockIds(database, "user", 10);
    }

    @Override
    public User create(NewUser user) {
        var person = new Person(new UserId(ids.next()), user.name());
        try {
            database.write(handle -> {
                handle.createUpdate(
                                "INSERT INTO chat_user (id, username, username_key, email, email_key, password_hash, created_at, admin)"
                                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                        .bind(0, person.id().value())
                        .bind(1, user.name().value())
                        .bind(2, user.name().key())
                        .bind(3, user.email().map(EmailAddress::value).orElse(null))
                        .bind(4, user.email().map(EmailAddress::key).orElse(null))
                        .bind(5, user.passwordHash().encoded())
                        .bind(6, Database.utc(user.created()))
                        .bind(7, user.admin())
                        .execute();
                return handle.createUpdate(
                                "INSERT INTO chat_feed_head (user_id, feed_seq, mailbox_seq) VALUES (?, 0, 0)")
                        .bind(0, person.id().value())
                        .execute();
            });
        } catch (RuntimeException e) {
            throw SqlFailure.isDuplicateKey(e) ? Accounts.taken(user.name()) : e;
        }
        return new User(person, user.email(), user.created(), user.admin(), false);
    }

    @Override
    public Optional<Person> find(Username name) {
        var known = people.getIfPresent(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Person> found =
                database.read(handle -> handle.createQuery("SELECT id, username FROM chat_user WHERE username_key = ?")
                        .bind(0, name.key())
                        .map((row, context) -> person(row))
                        .findOne());
        found.ifPresent(person -> people.put(name, person));
        return found;
    }

    @Override
    public Optional<User> find(UserId id) {
        return database.read(handle -> find(handle, id));
    }

    static Optional<User> find(Handle handle, UserId id) {
        return find(handle, id, "");
    }

    private static Optional<User> find(Handle handle, UserId id, String lock) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM chat_user WHERE id = ? AND " + NOT_ERASED + lock)
                .bind(0, id.value())
                .map((row, context) -> user(row))
                .findOne();
    }

    @Override
    public Optional<Credentials> credentials(Username name) {
        return database.read(handle -> handle.createQuery(
                        "SELECT " + COLUMNS + " FROM chat_user WHERE username_key = ? AND " + NOT_ERASED)
                .bind(0, name.key())
                .map((row, context) -> credentials(row))
                .findOne());
    }

    @Override
    public List<Credentials> credentials(EmailAddress email, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT " + COLUMNS + " FROM chat_user WHERE email_key = ? AND state = ? ORDER BY id LIMIT ?")
                .bind(0, email.key())
                .bind(1, UserState.ACTIVE)
                .bind(2, limit)
                .map((row, context) -> credentials(row))
                .list());
    }

    @Override
    public boolean setPassword(UserId user, PasswordHash expected, PasswordHash password) {
        return database.write(handle -> setPassword(handle, user, expected, password));
    }

    /** Does so in a transaction that may do more, and locks the user for it. */
    static boolean setPassword(Handle handle, UserId user, PasswordHash expected, PasswordHash password) {
        int changed = handle.createUpdate(
                        "UPDATE chat_user SET password_hash = ? WHERE id = ? AND password_hash = ? AND " + NOT_ERASED)
                .bind(0, password.encoded())
                .bind(1, user.value())
                .bind(2, expected.encoded())
                .execute();
        if (changed > 0) {
            MysqlResetStore.delete(handle, user);
        }
        return changed > 0;
    }

    @Override
    public Optional<EmailChange> setEmail(UserId user, Optional<EmailAddress> email) {
        return database.write(handle -> {
            var before = find(handle, user, " FOR UPDATE");
            if (before.isEmpty()) {
                return Optional.empty();
            }
            handle.createUpdate("UPDATE chat_user SET email = ?, email_key = ? WHERE id = ?")
                    .bind(0, email.map(EmailAddress::value).orElse(null))
                    .bind(1, email.map(EmailAddress::key).orElse(null))
                    .bind(2, user.value())
                    .execute();
            MysqlResetStore.delete(handle, user);
            return find(handle, user).map(now -> new EmailChange(before.get().email(), now));
        });
    }

    @Override
    public List<Person> list(PeopleQuery query) {
        return list(database, query, "id, username", MysqlUserStore::person);
    }

    static List<User> list(Database database, PeopleQuery query) {
        return list(database, query, COLUMNS, MysqlUserStore::user);
    }

    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> List<T> list(Database database, PeopleQuery query, String columns, RowReader<T> reader) {
        return database.read(handle -> handle.createQuery("SELECT " + columns + " FROM chat_user"
                        + " WHERE username_key LIKE ? ESCAPE '!' AND username_key > ? AND id <> ? AND " + NOT_ERASED
                        + " ORDER BY username_key LIMIT ?")
                .bind(0, query.prefix().replaceAll("[!%_]", "!$0") + "%")
                .bind(1, query.after().orElse(""))
                .bind(2, query.except().map(UserId::value).orElse(NOT_AN_ID))
                .bind(3, query.limit())
                .map((row, context) -> reader.read(row))
                .list());
    }

    private static Person person(ResultSet row) throws SQLException {
        return new Person(new UserId(row.getLong(1)), new Username(row.getString(2)));
    }

    private static Credentials credentials(ResultSet row) throws SQLException {
        return new Credentials(user(row), new PasswordHash(row.getString(6)));
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(
                person(row),
                Optional.ofNullable(row.getString(3)).map(EmailAddress::new),
                Database.instant(row.getObject(4, LocalDateTime.class)),
                row.getBoolean(5),
                row.getInt(7) == UserState.DISABLED);
    }
}

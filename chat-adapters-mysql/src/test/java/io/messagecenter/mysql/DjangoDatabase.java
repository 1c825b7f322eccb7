package io.messagecenter.mysql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The original's database with its own tables, as its migrations make them, on the tests' MariaDB. */
public final class DjangoDatabase implements AutoCloseable {
    private static final String DIGIT = "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
            + " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8"
            + " UNION ALL SELECT 9) d";

    private final TestDatabase database;
    private final Connection connection;

    /** @param charset of its tables: {@code utf8} or {@code utf8mb4}, with a collation if need be */
    public DjangoDatabase(String charset) {
        this(TestDatabase.mariaDb(), charset);
    }

    /** In a database that is empty. */
    public DjangoDatabase(TestDatabase database, String charset) {
        this.database = database;
        try {
            connection = DriverManager.getConnection(
                    JdbcUrl.of(database.url()).value() + "&sessionVariables=foreign_key_checks=0,sql_mode=''",
                    database.user(),
                    database.password());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        execute(
                "ALTER DATABASE " + name() + " CHARACTER SET " + charset,
                "CREATE TABLE auth_user (id integer AUTO_INCREMENT NOT NULL PRIMARY KEY, password varchar(128) NOT NULL,"
                        + " last_login datetime(6) NULL, is_superuser bool NOT NULL, username varchar(150) NOT NULL UNIQUE,"
                        + " first_name varchar(150) NOT NULL, last_name varchar(150) NOT NULL, email varchar(254) NOT NULL,"
                        + " is_staff bool NOT NULL, is_active bool NOT NULL, date_joined datetime(6) NOT NULL)",
                "CREATE TABLE core_messagemodel (id integer AUTO_INCREMENT NOT NULL PRIMARY KEY,"
                        + " timestamp datetime(6) NOT NULL, body longtext NOT NULL, recipient_id integer NOT NULL,"
                        + " user_id integer NOT NULL)",
                "ALTER TABLE core_messagemodel ADD CONSTRAINT core_recipient FOREIGN KEY (recipient_id)"
                        + " REFERENCES auth_user (id), ADD CONSTRAINT core_user FOREIGN KEY (user_id) REFERENCES auth_user (id)",
                "CREATE INDEX core_timestamp ON core_messagemodel (timestamp)");
    }

    private String name() {
        return database.url().replaceFirst(".*/", "").replaceFirst("[?].*", "");
    }

    /** Where it is. */
    public TestDatabase database() {
        return database;
    }

    /** Where it is, for an import. */
    public DjangoImport.Original address() {
        return new DjangoImport.Original(
                database.url(), Optional.of(database.user()), Optional.of(database.password()));
    }

    /** A connection to it, this object's to close. */
    public Connection connection() {
        return connection;
    }

    public void execute(String... statements) {
        try (var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A table of the numbers from 0 to this one at least, which every server can make. */
    private static String numbers(int most) {
        var sum = new StringBuilder("0");
        var digits = new StringBuilder();
        for (int i = 0; i < Integer.toString(most).length(); i++) {
            sum.append(" + d").append(i).append(".d * ").append((int) Math.pow(10, i));
            digits.append(i == 0 ? " " : ", ").append(DIGIT).append(i);
        }
        return "(SELECT " + sum + " n FROM" + digits + ") numbers";
    }

    private void update(String sql, List<?> values) {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An active user. */
    public void user(long id, String name, String password, String email, boolean superuser) {
        update(
                "INSERT INTO auth_user (id, username, password, email, is_superuser, first_name, last_name, is_staff,"
                        + " is_active, date_joined) VALUES (?, ?, ?, ?, ?, '', '', 0, 1, '2020-02-29 23:59:59.123456')",
                List.of(id, name, password, email, superuser));
    }

    public void message(long id, long sender, long recipient, String timestamp, String body) {
        update(
                "INSERT INTO core_messagemodel (id, user_id, recipient_id, timestamp, body) VALUES (?, ?, ?, ?, ?)",
                List.of(id, sender, recipient, timestamp, body));
    }

    /** Users {@code u1}, {@code u2}, … with the ids 1, 2, …, who have no password. */
    public void users(int count) {
        update(
                "INSERT INTO auth_user (id, username, password, email, is_superuser, first_name, last_name, is_staff,"
                        + " is_active, date_joined) SELECT n, CONCAT('u', n), '!none', '', 0, '', '', 0, 1,"
                        + " '2020-02-29 23:59:59.123456' FROM " + numbers(count) + " WHERE n BETWEEN 1 AND ?",
                List.of(count));
    }

    /**
     * Messages of the first users, each of whom writes to twenty, as if at random; in each thousand one id is missing, some are notes to oneself, and
     * time stands still or goes back now and then.
     */
    public void messages(int from, int to, int users) {
        update(
                "INSERT INTO core_messagemodel (id, user_id, recipient_id, timestamp, body) SELECT n,"
                        + " 1 + CRC32(n) % ?, 1 + (CRC32(n) + CRC32(n * 7) % 20) % ?,"
                        + " '2021-03-28 01:59:59.5' + INTERVAL n DIV 3 * 977 - IF(n % 50 = 0, 5000, 0) MICROSECOND,"
                        + " CONCAT('line ', n, ' שלום <b>&amp;</b> ', REPEAT('x', n % 80), '.') FROM " + numbers(to)
                        + " WHERE n BETWEEN ? AND ? AND n % 1000 <> 500 ORDER BY n",
                List.of(users, users, from, to));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

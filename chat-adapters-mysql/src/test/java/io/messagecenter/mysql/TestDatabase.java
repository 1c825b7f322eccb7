package io.messagecenter.mysql;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;

/**
 * A database for tests: where it is, and who may use it. MariaDB is one server for the whole test JVM, which starts when
 * it is first asked for, or the one that {@code CHAT_TEST_DB_URL} names.
 *
 * @param url as {@link JdbcUrl} takes it
 */
public record TestDatabase(String url, String user, String password) {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Holder {
        private static final Optional<String> EXTERNAL = Optional.ofNullable(System.getenv("CHAT_TEST_DB_URL"));
        private static final Optional<EmbeddedMariaDb> EMBEDDED =
                EXTERNAL.isPresent() ? Optional.empty() : Optional.of(EmbeddedMariaDb.startNew());
    }

    /** A new and empty database on MariaDB. */
    public static TestDatabase mariaDb() {
        return mariaDb("chat_test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet());
    }

    /**
     * An empty database of that name on MariaDB; what was in it before is gone.
     *
     * @param name letters, digits and {@code _}
     */
    public static TestDatabase mariaDb(String name) {
        if (!name.matches("\\w{1,64}")) {
            throw new IllegalArgumentException(name);
        }
        var server = server("");
        try (var connection =
                        DriverManager.getConnection(JdbcUrl.of(server.url).value(), server.user, server.password);
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        } catch (SQLException e) {
            throw new IllegalStateException("No MariaDB for the tests at " + server.url, e);
        }
        return server(name);
    }

    private static TestDatabase server(String database) {
        if (Holder.EMBEDDED.isPresent()) {
            var embedded = Holder.EMBEDDED.get();
            return new TestDatabase(embedded.url(database), embedded.user(), embedded.password());
        }
        var address = Holder.EXTERNAL.orElseThrow().replaceFirst("^(jdbc:\\w+://[^/?]+)(/[^?]*)?", "$1/" + database);
        return new TestDatabase(
                address,
                Optional.ofNullable(System.getenv("CHAT_TEST_DB_USER")).orElse(""),
                Optional.ofNullable(System.getenv("CHAT_TEST_DB_PASSWORD")).orElse(""));
    }

    /** A database on H2 in a file; empty unless it was opened before. */
    public static TestDatabase h2(Path directory) {
        return new TestDatabase("jdbc:h2:file:" + directory.toAbsolutePath().resolve("chat"), "sa", "");
    }

    /** Kills the MariaDB that this JVM has started, as {@code kill -9} would; with another server this fails. */
    public static void killMariaDb() {
        Holder.EMBEDDED.orElseThrow().kill();
    }

    /** Starts the killed MariaDB again, at the same address; returns once it answers. */
    public static void restartMariaDb() {
        Holder.EMBEDDED.orElseThrow().start();
    }

    /** The process of the MariaDB that this JVM has started. */
    public static long mariaDbPid() {
        return Holder.EMBEDDED.orElseThrow().pid();
    }

    /** Whether this JVM has the server in its hands, and may kill it. */
    public static boolean mariaDbIsEmbedded() {
        return Holder.EMBEDDED.isPresent();
    }

    /** A pool of connections to it, as the service has one; the caller's to close. */
    public DataSource pool(int size) {
        var jdbc = JdbcUrl.of(url);
        var properties = new PoolProperties();
        properties.setUrl(jdbc.value());
        properties.setDriverClassName(jdbc.driverClass());
        if (!user.isEmpty()) {
            properties.setUsername(user);
            properties.setPassword(password);
        }
        properties.setMaxActive(size);
        properties.setMaxIdle(size);
        properties.setMinIdle(0);
        properties.setInitialSize(0);
        properties.setMaxWait(10_000);
        properties.setTestOnBorrow(true);
        properties.setValidationInterval(500);
        properties.setValidationQuery("SELECT 1");
        return new DataSource(properties);
    }
}

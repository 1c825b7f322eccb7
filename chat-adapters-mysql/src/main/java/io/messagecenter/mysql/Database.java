package io.messagecenter.mysql;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.telemetry.Telemetry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;

/** Runs work on connections, and says what its failures mean. Thread-safe. */
final class Database {
    private static final Logger LOG = System.getLogger(Database.class.getName());

    private static final int MAX_ATTEMPTS = 12;
    private static final Duration MAX_PAUSE = Duration.ofMillis(200);
    private static final Duration RETRY_FOR = Duration.ofSeconds(30);

    private final Jdbi jdbi;
    private final Telemetry telemetry;
    private volatile @Nullable Dialect dialect;

    Database(DataSource dataSource, Telemetry telemetry) {
        this.jdbi = Jdbi.create(dataSource);
        this.telemetry = telemetry;
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        // What was bound is people's addresses, hashes and tokens, and a failure goes to the log.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    }

    /** Work that may fail as JDBC fails. */
    @FunctionalInterface
    interface Work<T> {
        T run(Handle handle) throws SQLException;
    }

    /**
     * Runs one query.
     *
     * @throws ChatException {@code UNAVAILABLE} if the database does not answer
     */
    <T> T read(Work<T> query) {
        try (var handle = jdbi.open()) {
            return query.run(handle);
        } catch (SQLException | RuntimeException e) {
            throw translated(e);
        }
    }

    /**
     * Runs a transaction at READ COMMITTED. Durable when this returns. If the database rolls it back for the sake of
     * another one, it is run again from its start, within bounds.
     *
     * @throws ChatException {@code UNAVAILABLE} if the database does not answer, and then whether it was committed is
     *     unknown; or if it was rolled back too often, and then it was not
     * @throws RuntimeException otherwise, as the work threw it, and it was rolled back
     */
    <T> T write(Work<T> work) {
        long start = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return writeOnce(work);
            } catch (SQLException | RuntimeException e) {
                if (!SqlFailure.isContention(e)) {
                    throw translated(e);
                }
                if (attempt == MAX_ATTEMPTS || System.nanoTime() - start > RETRY_FOR.toNanos()) {
                    throw ChatException.unavailable("The database is too busy.", e);
                }
                LOG.log(Level.DEBUG, "Rolled back by the database, trying again: {0}", e.getMessage());
                telemetry.commitRetried();
                pause(attempt, e);
            }
        }
    }

    /** Work on a connection that commits by itself. */
    @FunctionalInterface
    interface Task {
        void run(Connection connection, Dialect dialect) throws SQLException;
    }

    /** Runs a task once, on a connection outside of any transaction, and gives the connection back as it was. */
    void exclusively(Task task) {
        try (var handle = jdbi.open()) {
            var connection = handle.getConnection();
            boolean autoCommit = connection.getAutoCommit();
            try {
                task.run(connection, dialect(handle));
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(autoCommit);
                }
            }
        } catch (SQLException | RuntimeException e) {
            throw translated(e);
        }
    }

    /** @throws ChatException {@code UNAVAILABLE} if the database does not answer, or has no tables of ours */
    void check() {
        try {
            read(handle -> handle.createQuery("SELECT next_id FROM chat_id WHERE name = 'message'")
                    .mapTo(Long.class)
                    .one());
        } catch (StatementException e) {
            throw ChatException.unavailable("The database lacks the tables of the message center.", e);
        }
    }

    private <T> T writeOnce(Work<T> work) throws SQLException {
        var handle = jdbi.open();
        try {
            var connection = handle.getConnection();
            var database = dialect(handle);
            int isolation = database.useReadCommitted(connection);
            try {
                connection.setAutoCommit(false);
                T result = runAndCommit(handle, work);
                harden(database, connection);
                return result;
            } finally {
                giveBack(database, connection, isolation);
            }
        } finally {
            close(handle);
        }
    }

    private static <T> T runAndCommit(Handle handle, Work<T> work) throws SQLException {
        T result;
        try {
            result = work.run(handle);
        } catch (SQLException | RuntimeException | Error e) {
            rollback(handle.getConnection(), e);
            throw e;
        }
        try {
            handle.getConnection().commit();
        } catch (SQLException e) {
            rollback(handle.getConnection(), e);
            // Committed or not, unless the database says that it has rolled back.
            if (SqlFailure.isContention(e)) {
                throw e;
            }
            throw SqlFailure.outage(e);
        }
        return result;
    }

    private static void rollback(Connection connection, Throwable why) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    private static void harden(Dialect database, Connection connection) {
        try {
            database.harden(connection);
        } catch (SQLException e) {
            throw SqlFailure.outage(e);
        }
    }

    /** Whether a connection can be used again is the pool's business, and changes nothing about the work done. */
    private static void giveBack(Dialect database, Connection connection, int isolation) {
        try {
            connection.setAutoCommit(true);
            database.restore(connection, isolation);
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "A connection is broken", e);
        }
    }

    private static void close(Handle handle) {
        try {
            handle.close();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "A connection cannot be given back", e);
        }
    }

    private static RuntimeException translated(Exception failure) {
        if (failure instanceof ChatException e) {
            return e;
        } else if (SqlFailure.isOutage(failure)) {
            return SqlFailure.outage(failure);
        }
        return failure instanceof RuntimeException e ? e : new SqlFailure((SQLException) failure);
    }

    /** Longer from time to time, and never as long as the others that were rolled back. */
    private static void pause(int attempt, Exception why) {
        long longest = Math.min(MAX_PAUSE.toNanos(), Duration.ofMillis(2).toNanos() << attempt);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
        if (Thread.currentThread().isInterrupted()) {
            throw ChatException.unavailable("Interrupted while waiting for the database.", why);
        }
    }

    Dialect dialect(Handle handle) throws SQLException {
        var known = dialect;
        if (known == null) {
            known = Dialect.of(handle.getConnection());
            dialect = known;
        }
        return known;
    }

    /** A moment as it is stored: {@code DATETIME(6)} without a zone, which no zone of a session or a JVM can shift. */
    static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    static Instant instant(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC);
    }
}

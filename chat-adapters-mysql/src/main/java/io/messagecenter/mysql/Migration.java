package io.messagecenter.mysql;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.lockservice.LockService;
import liquibase.lockservice.LockServiceFactory;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/**
 * Brings the schema up to date, one process at a time.
 *
 * <p>Liquibase's own lock is a row, and stays when the process that took it is killed. So there is a lock before it that
 * dies with its holder: on MySQL and MariaDB a named lock of the connection, on H2, where there is one process, a lock
 * of that. Who holds it, and finds Liquibase's lock taken by one of our own kind, knows that it was left behind, and
 * takes it. A lock of somebody else's, say the {@code db migrate} command, is waited for, and broken once it has stood
 * unchanged for as long as patience lasts.
 */
final class Migration {
    private static final Logger LOG = System.getLogger(Migration.class.getName());

    private static final String OURS = "message center, ";
    private static final Duration RECHECK = Duration.ofMillis(250);

    /** All that H2 needs. For the others it is here since Liquibase keeps its locks in one place for all threads. */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private static final Held ALONE = new Held(true, () -> {});

    private final String changelog;
    private final Duration patience;

    Migration(String changelog, Duration patience) {
        this.changelog = changelog;
        this.patience = patience;
    }

    /** Works on a connection, whose state is the caller's to restore. */
    void run(Connection connection, Dialect dialect) throws SQLException {
        IN_THIS_PROCESS.lock();
        try (var held = dialect == Dialect.H2 ? ALONE : lockServer(connection)) {
            Scope.child(quietly(), () -> update(connection, held.alone()));
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The schema cannot be brought up to date: " + e.getMessage(), e);
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    /** No word on the console, and none over the network. */
    private static Map<String, Object> quietly() {
        var scope = new HashMap<String, Object>();
        scope.put(Scope.Attr.logService.name(), new LiquibaseLog());
        scope.put(Scope.Attr.ui.name(), new LoggerUIService());
        scope.put("liquibase.analytics.enabled", false);
        return scope;
    }

    @SuppressWarnings("deprecation") // it is the same as the command that replaces it, without its console
    private void update(Connection connection, boolean alone) throws LiquibaseException, SQLException {
        var database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
        var resources = new ClassLoaderResourceAccessor(Migration.class.getClassLoader());
        // Not closed: that would close the connection, which is not ours.
        @SuppressWarnings("resource")
        var liquibase = new Liquibase(changelog, resources, database);
        liquibase.setShowSummary(UpdateSummaryEnum.OFF);
        liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
        var lock = LockServiceFactory.getInstance().getLockService(database);
        var row = new LockRow(connection, database);
        try {
            acquire(lock, row, alone);
            row.sign(OURS + Long.toHexString(ThreadLocalRandom.current().nextLong()));
            liquibase.update(new Contexts(), new LabelExpression());
        } finally {
            if (lock.hasChangeLogLock()) {
                lock.releaseLock();
            }
        }
    }

    private void acquire(LockService lock, LockRow row, boolean alone) throws LiquibaseException, SQLException {
        lock.init();
        var seen = Optional.<String>empty();
        long since = System.nanoTime();
        while (!lock.acquireLock()) {
            var holder = row.holder();
            if (!holder.equals(seen)) {
                seen = holder;
                since = System.nanoTime();
            }
            boolean abandoned = alone && holder.isPresent() && holder.get().startsWith(OURS);
            if (abandoned || (holder.isPresent() && System.nanoTime() - since > patience.toNanos())) {
                LOG.log(Level.WARNING, "The lock on the schema was left behind, and is taken: {0}", holder.get());
                row.free(holder.get());
            } else {
                pause();
            }
        }
    }

    private static void pause() {
        LockSupport.parkNanos(RECHECK.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("Interrupted while waiting for the lock on the schema");
        }
    }

    /** Liquibase's lock, the row of its table. */
    private record LockRow(Connection connection, String table) {
        private static final String HOLDER = "CONCAT(LOCKEDBY, ' at ', LOCKGRANTED)";

        LockRow(Connection connection, Database database) {
            this(
                    connection,
                    database.escapeTableName(
                            database.getLiquibaseCatalogName(),
                            database.getLiquibaseSchemaName(),
                            database.getDatabaseChangeLogLockTableName()));
        }

        /** Who holds it and since when; empty if nobody does. */
        Optional<String> holder() throws SQLException {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT " + HOLDER + " FROM " + table + " WHERE ID = 1")) {
                var holder = rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.<String>empty();
                commit(); // the next look shall not see this one's state
                return holder;
            }
        }

        /** Tells our own kind that this one's holder has the lock before it, too. */
        void sign(String name) throws SQLException {
            execute("UPDATE " + table + " SET LOCKEDBY = ? WHERE ID = 1", name);
        }

        /** Frees it, if it is still the same holder's. */
        void free(String holder) throws SQLException {
            execute(
                    "UPDATE " + table + " SET LOCKED = FALSE, LOCKGRANTED = NULL, LOCKEDBY = NULL WHERE ID = 1 AND "
                            + HOLDER + " = ?",
                    holder);
        }

        private void execute(String sql, String parameter) throws SQLException {
            try (var statement = connection.prepareStatement(sql)) {
                statement.setString(1, parameter);
                statement.executeUpdate();
            }
            commit();
        }

        private void commit() throws SQLException {
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    @FunctionalInterface
    private interface Release {
        void run() throws SQLException;
    }

    /**
     * The lock before Liquibase's; released by closing it.
     *
     * @param alone whether nobody of our own kind can be at work now
     */
    private record Held(boolean alone, Release release) implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            release.run();
        }
    }

    /** A lock that ends with the connection, and so with the process, if it is not released before. */
    private static Held lockServer(Connection connection) throws SQLException {
        var name = "message-center "
                + Integer.toHexString(String.valueOf(connection.getCatalog()).hashCode());
        try {
            while (select(connection, "SELECT GET_LOCK(?, 5)", name) == 0) {
                LOG.log(Level.INFO, "Another node is bringing the schema up to date");
            }
        } catch (SQLException e) {
            if (SqlFailure.isOutage(e)) {
                throw e;
            }
            LOG.log(Level.DEBUG, "No named locks here, as in some clusters: Liquibase's has to do", e);
            return new Held(false, () -> {});
        }
        return new Held(true, () -> select(connection, "SELECT RELEASE_LOCK(?)", name));
    }

    private static int select(Connection connection, String sql, String parameter) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (var rows = statement.executeQuery()) {
                rows.next();
                int result = rows.getInt(1);
                if (rows.wasNull()) {
                    throw new SQLException("Not answered: " + sql);
                }
                return result;
            }
        }
    }
}
